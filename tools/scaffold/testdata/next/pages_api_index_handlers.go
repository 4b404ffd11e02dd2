package main

// pages/api/index.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveRoot answers ANY /api. It is translated by a program: read it before it serves.
//
//	export default (req, res) => { res.redirect(307, '/api/hello'); };
func serveRoot(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/api/hello", 307)
}
