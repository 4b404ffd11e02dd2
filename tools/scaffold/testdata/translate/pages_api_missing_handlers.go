package main

// pages/api/missing.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveMissing answers ANY /api/missing. It is a stub: a way through it ends without an answer.
//
//	export default function handler(req, res) {
//	  if (req.query.a) res.json({});
//	}
func serveMissing(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/missing.js", migrate.ErrDecline)
}
