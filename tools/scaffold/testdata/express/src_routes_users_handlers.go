package main

// src/routes/users.js, but for its handlers:
//
//	const { Router } = require('express');
//	const asyncHandler = require('express-async-handler');
//	const router = Router();
//	module.exports = router;

import (
	"cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getUsers answers GET /api/users. It is a stub: it is wrapped in express-async-handler.
// It is wrapped in express-async-handler.
// It stands behind middleware (src/server.js:14).
//
//	router.get('/users', asyncHandler(async (req, res) => { res.json(await db.users()); }));
func getUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// postUsers answers POST /api/users. It is a stub: the value of a cookie may be something else than a text.
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

// deleteUsersID answers DELETE /api/users/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	router.route('/users/:id').delete((req, res) => { res.status(204).end(); }).put(update);
func deleteUsersID(req *reqres.Request, res *reqres.Response) error {
	return res.Status(204).End()
}

// putUsersID answers PUT /api/users/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	function update(req, res) {
//	  const lang = req.get('Accept-Language') || 'en';
//	  res.vary('Accept-Language').json({ id: req.params.id, lang, token: req.headers['x-token'] });
//	}
func putUsersID(req *reqres.Request, res *reqres.Response) error {
	lang := cmp.Or(req.Header("Accept-Language"), "en")
	return res.Vary("Accept-Language").JSON(struct {
		ID    string  `json:"id"`
		Lang  string  `json:"lang"`
		Token *string `json:"token,omitempty"`
	}{req.Param("id"), lang, optional(req.HeaderValues("x-token"))})
}

// getTwiceUsers answers GET /twice/users. It is a stub: it is wrapped in express-async-handler.
// It is wrapped in express-async-handler.
// It stands behind middleware (src/server.js:14).
//
//	router.get('/users', asyncHandler(async (req, res) => { res.json(await db.users()); }));
func getTwiceUsers(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/users.js", migrate.ErrDecline)
}

// postTwiceUsers answers POST /twice/users. It is a stub: the value of a cookie may be something else than a text.
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

// deleteTwiceUsersID answers DELETE /twice/users/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	router.route('/users/:id').delete((req, res) => { res.status(204).end(); }).put(update);
func deleteTwiceUsersID(req *reqres.Request, res *reqres.Response) error {
	return res.Status(204).End()
}

// putTwiceUsersID answers PUT /twice/users/:id. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	function update(req, res) {
//	  const lang = req.get('Accept-Language') || 'en';
//	  res.vary('Accept-Language').json({ id: req.params.id, lang, token: req.headers['x-token'] });
//	}
func putTwiceUsersID(req *reqres.Request, res *reqres.Response) error {
	lang := cmp.Or(req.Header("Accept-Language"), "en")
	return res.Vary("Accept-Language").JSON(struct {
		ID    string  `json:"id"`
		Lang  string  `json:"lang"`
		Token *string `json:"token,omitempty"`
	}{req.Param("id"), lang, optional(req.HeaderValues("x-token"))})
}
