package main

// src/server.js, but for its handlers:
//
//	const express = require('express');
//	const compression = require('compression');
//	const cookieParser = require('cookie-parser');
//	const { requireUser, allow } = require('./auth');
//	const users = require('./routes/users');
//
//	const API = '/api';
//	const prefix = process.env.PREFIX || '/v2';
//
//	const app = express();
//	app.use(compression());
//	app.use(express.json());
//	app.use(cookieParser());
//	app.use((req, res, next) => {
//	  res.set('X-Request-Id', '1');
//	  next();
//	});
//
//	app.get('/setting-like');
//	app.get('/star/*', (req, res) => res.end());
//	app.get(/re(gex)?/, (req, res) => res.end());
//	app.get('/order-:id', (req, res) => res.end());
//	app.route('/chain')
//	app.use(API, users);
//	app.use(`${API}/orders`, requireUser, require('./routes/orders')({ limit: 3 }));
//	app.use(prefix, require('./routes/classes'));
//	require('./routes/attach')(app);
//	for (const name of ['x', 'y']) {
//	}
//	const table = loadTable();
//	table.forEach((t) => app[t.method](t.path, t.handler));
//	app.get(table.path, (req, res) => res.end());
//	app.use('/twice', users);
//	app.get('/products/:id', (req, res) => res.end());
//	app.use((err, req, res, next) => res.status(500).json({ error: 'x' }));
//	app.listen(3000);

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getRoot answers GET /. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/', (req, res) => res.send('hello'));
func getRoot(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getA answers GET /a. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get(['/a', '/b'], (req, res) => res.sendStatus(204));
func getA(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// serveAny answers ANY /any. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.all('/any', (req, res) => res.type('text/plain').send('any'));
func serveAny(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getB answers GET /b. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get(['/a', '/b'], (req, res) => res.sendStatus(204));
func getB(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getChain answers GET /chain. It is a stub: not yet.
// It stands behind middleware (src/server.js:14), allow("read") (src/auth.js:5).
//
//	.get(allow('read'), (req, res) => res.json({ chain: 1 }))
func getChain(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// postChain answers POST /chain. It is a stub: not yet.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1), allow("write") (src/auth.js:5).
//
//	.post([requireUser, allow('write')], (req, res) => { res.status(201).location('/chain/1').end(); });
func postChain(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getFive answers GET /five{/:id}. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/five{/:id}', (req, res) => res.json({}));
func getFive(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getFiveID answers GET /five{/:id}. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/five{/:id}', (req, res) => res.json({}));
func getFiveID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getLoopX answers GET /loop/x. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get(`/loop/${name}`, (req, res) => res.json({ name }));
func getLoopX(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getLoopY answers GET /loop/y. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get(`/loop/${name}`, (req, res) => res.json({ name }));
func getLoopY(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getOpt answers GET /opt/:id?. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/opt/:id?', (req, res) => res.send(`id ${req.params.id}`));
func getOpt(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getOptID answers GET /opt/:id?. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/opt/:id?', (req, res) => res.send(`id ${req.params.id}`));
func getOptID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getProductsID answers GET /products/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/products/:id', function getProduct(req, res) {
//	  if (req.params.id === '0') {
//	    return res.status(404).json({ error: 'no such product' });
//	  }
//	  res.set('Cache-Control', 'public, max-age=60').json({ id: req.params.id, name: req.query.name });
//	});
func getProductsID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getProductsFeatured answers GET /products/featured. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/products/featured', (req, res) => res.json([]));
func getProductsFeatured(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getRestPath answers GET /rest/*path. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/rest/*path', (req, res) => res.end());
func getRestPath(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getVerbs answers GET /verbs. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	['get', 'post'].forEach((verb) => app[verb]('/verbs', (req, res) => res.end()));
func getVerbs(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// postVerbs answers POST /verbs. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	['get', 'post'].forEach((verb) => app[verb]('/verbs', (req, res) => res.end()));
func postVerbs(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}
