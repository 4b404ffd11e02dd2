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
	"github.com/crossfade-go/crossfade/reqres"
)

// getOrdersCustomerList answers GET /api/orders/:customer/list. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	nested.get('/', (req, res) => res.redirect('/api/orders/1'));
func getOrdersCustomerList(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/api/orders/1")
}

// getOrdersCustomerListID answers GET /api/orders/:customer/list/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	nested.get('/:id', (req, res) => res.redirect(301, `/orders/${req.params.id}`));
func getOrdersCustomerListID(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/orders/"+req.Param("id"), 301)
}

// getOrdersID answers GET /api/orders/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1).
//
//	outer.get('/:id', (req, res) => res.send('order ' + req.params.id));
func getOrdersID(req *reqres.Request, res *reqres.Response) error {
	return res.Send("order " + req.Param("id"))
}
