package main

// pages/api/index.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveRoot answers ANY /api. It is a stub: not yet.
//
//	export default (req, res) => { res.redirect(307, '/api/hello'); };
func serveRoot(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/index.js", migrate.ErrDecline)
}
