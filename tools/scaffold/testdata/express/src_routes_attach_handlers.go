package main

// src/routes/attach.js, but for its handlers:
//
//	module.exports = (app) => {
//	};

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// getAttached answers GET /attached. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	app.get('/attached', (req, res) => res.json({ attached: true }));
func getAttached(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Attached bool `json:"attached"`
	}{true})
}
