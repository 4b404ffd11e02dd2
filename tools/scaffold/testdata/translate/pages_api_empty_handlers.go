package main

// pages/api/empty.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveEmpty answers ANY /api/empty. It is a stub: a way through it ends without an answer.
//
//	export default function handler(req, res) {}
func serveEmpty(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/empty.js", migrate.ErrDecline)
}
