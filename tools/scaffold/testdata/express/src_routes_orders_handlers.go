package main

// src/routes/orders.js, but for its handlers:
//
//	const express = require('express');
//	const nested = express.Router({ mergeParams: true });
//	module.exports = function orders(options) {
//	  const outer = express.Router();
//	  outer.use('/:customer/list', nested);
//	  return outer;
//	};

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getOrdersCustomerList answers GET /api/orders/:customer/list. It is a stub: not yet.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	nested.get('/', (req, res) => res.redirect('/api/orders/1'));
func getOrdersCustomerList(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/orders.js", migrate.ErrDecline)
}

// getOrdersCustomerListID answers GET /api/orders/:customer/list/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	nested.get('/:id', (req, res) => res.redirect(301, `/orders/${req.params.id}`));
func getOrdersCustomerListID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/orders.js", migrate.ErrDecline)
}

// getOrdersID answers GET /api/orders/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	outer.get('/:id', (req, res) => res.send('order ' + req.params.id));
func getOrdersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/orders.js", migrate.ErrDecline)
}
