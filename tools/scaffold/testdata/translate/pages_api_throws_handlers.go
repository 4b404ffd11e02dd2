package main

// pages/api/throws.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveThrows answers ANY /api/throws. It is a stub: throw new Error("a") has no translation.
//
//	export default function handler(req, res) {
//	  if (!req.query.a) throw new Error('a');
//	  res.json({});
//	}
func serveThrows(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/throws.js", migrate.ErrDecline)
}
