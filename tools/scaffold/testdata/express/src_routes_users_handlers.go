package main

// src/routes/users.js, but for its handlers:
//
//	const { Router } = require('express');
//	const asyncHandler = require('express-async-handler');
//	const router = Router();
//	module.exports = router;

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getUsers answers GET /api/users. It is a stub: not yet.
// It is wrapped in express-async-handler.
// It stands behind middleware (src/server.js:14).
//
//	router.get('/users', asyncHandler(async (req, res) => { res.json(await db.users()); }));
func getUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// postUsers answers POST /api/users. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	router.post('/users', (req, res) => {
//	  const { name, email } = req.body;
//	  if (!name || !email) {
//	    return res.status(400).send('name and email');
//	  }
//	  res.cookie('last', name, { httpOnly: true, maxAge: 60000 }).status(201).json({ name, email });
//	});
func postUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// deleteUsersID answers DELETE /api/users/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	router.route('/users/:id').delete((req, res) => { res.status(204).end(); }).put(update);
func deleteUsersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// putUsersID answers PUT /api/users/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	function update(req, res) {
//	  const lang = req.get('Accept-Language') || 'en';
//	  res.vary('Accept-Language').json({ id: req.params.id, lang, token: req.headers['x-token'] });
//	}
func putUsersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// getTwiceUsers answers GET /twice/users. It is a stub: not yet.
// It is wrapped in express-async-handler.
// It stands behind middleware (src/server.js:14).
//
//	router.get('/users', asyncHandler(async (req, res) => { res.json(await db.users()); }));
func getTwiceUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// postTwiceUsers answers POST /twice/users. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	router.post('/users', (req, res) => {
//	  const { name, email } = req.body;
//	  if (!name || !email) {
//	    return res.status(400).send('name and email');
//	  }
//	  res.cookie('last', name, { httpOnly: true, maxAge: 60000 }).status(201).json({ name, email });
//	});
func postTwiceUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// deleteTwiceUsersID answers DELETE /twice/users/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	router.route('/users/:id').delete((req, res) => { res.status(204).end(); }).put(update);
func deleteTwiceUsersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// putTwiceUsersID answers PUT /twice/users/:id. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	function update(req, res) {
//	  const lang = req.get('Accept-Language') || 'en';
//	  res.vary('Accept-Language').json({ id: req.params.id, lang, token: req.headers['x-token'] });
//	}
func putTwiceUsersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}
