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
//	app.use(express.json({ limit: '2mb' }));
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

// getRoot answers GET /. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/', (req, res) => res.send('hello'));
func getRoot(req *reqres.Request, res *reqres.Response) error {
	return res.Send("hello")
}

// getA answers GET /a. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get(['/a', '/b'], (req, res) => res.sendStatus(204));
func getA(req *reqres.Request, res *reqres.Response) error {
	return res.SendStatus(204)
}

// serveAny answers ANY /any. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.all('/any', (req, res) => res.type('text/plain').send('any'));
func serveAny(req *reqres.Request, res *reqres.Response) error {
	return res.Type("text/plain").Send("any")
}

// getB answers GET /b. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get(['/a', '/b'], (req, res) => res.sendStatus(204));
func getB(req *reqres.Request, res *reqres.Response) error {
	return res.SendStatus(204)
}

// getChain answers GET /chain. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14), allow("read") (src/auth.js:5).
//
//	.get(allow('read'), (req, res) => res.json({ chain: 1 }))
func getChain(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Chain int `json:"chain"`
	}{1})
}

// postChain answers POST /chain. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14), requireUser (src/auth.js:1), allow("write") (src/auth.js:5).
//
//	.post([requireUser, allow('write')], (req, res) => { res.status(201).location('/chain/1').end(); });
func postChain(req *reqres.Request, res *reqres.Response) error {
	return res.Status(201).Location("/chain/1").End()
}

// getFive answers GET /five{/:id}. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/five{/:id}', (req, res) => res.json({}));
func getFive(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}

// getFiveID answers GET /five{/:id}. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/five{/:id}', (req, res) => res.json({}));
func getFiveID(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}

// getLoopX answers GET /loop/x. It is a stub: it uses name of the function around it.
// It stands behind middleware (src/server.js:14).
//
//	app.get(`/loop/${name}`, (req, res) => res.json({ name }));
func getLoopX(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getLoopY answers GET /loop/y. It is a stub: it uses name of the function around it.
// It stands behind middleware (src/server.js:14).
//
//	app.get(`/loop/${name}`, (req, res) => res.json({ name }));
func getLoopY(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getOpt answers GET /opt/:id?. It is a stub: it reads the parameter "id", which its path does not have.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/opt/:id?', (req, res) => res.send(`id ${req.params.id}`));
func getOpt(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/server.js", migrate.ErrDecline)
}

// getOptID answers GET /opt/:id?. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/opt/:id?', (req, res) => res.send(`id ${req.params.id}`));
func getOptID(req *reqres.Request, res *reqres.Response) error {
	return res.Send("id " + req.Param("id"))
}

// getProductsID answers GET /products/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/products/:id', function getProduct(req, res) {
//	  if (req.params.id === '0') {
//	    return res.status(404).json({ error: 'no such product' });
//	  }
//	  res.set('Cache-Control', 'public, max-age=60').json({ id: req.params.id, name: req.query.name });
//	});
func getProductsID(req *reqres.Request, res *reqres.Response) error {
	if req.Param("id") == "0" {
		return res.Status(404).JSON(struct {
			Error string `json:"error"`
		}{"no such product"})
	}
	return res.Set("Cache-Control", "public, max-age=60").JSON(struct {
		ID   string  `json:"id"`
		Name *string `json:"name,omitempty"`
	}{req.Param("id"), optional(req.QueryValues("name"))})
}

// getProductsFeatured answers GET /products/featured. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/products/featured', (req, res) => res.json([]));
func getProductsFeatured(req *reqres.Request, res *reqres.Response) error {
	return res.JSON([]any{})
}

// getRestPath answers GET /rest/*path. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/rest/*path', (req, res) => res.end());
func getRestPath(req *reqres.Request, res *reqres.Response) error {
	return res.End()
}

// getVerbs answers GET /verbs. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	['get', 'post'].forEach((verb) => app[verb]('/verbs', (req, res) => res.end()));
func getVerbs(req *reqres.Request, res *reqres.Response) error {
	return res.End()
}

// postVerbs answers POST /verbs. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	['get', 'post'].forEach((verb) => app[verb]('/verbs', (req, res) => res.end()));
func postVerbs(req *reqres.Request, res *reqres.Response) error {
	return res.End()
}
