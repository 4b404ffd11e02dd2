package main

// src/routes/attach.js, but for its handlers:
//
//	module.exports = (app) => {
//	};

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getAttached answers GET /attached. It is a stub: not yet.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/attached', (req, res) => res.json({ attached: true }));
func getAttached(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/attach.js", migrate.ErrDecline)
}
