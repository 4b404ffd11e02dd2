package main

// pages/api/numeric.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveNumeric answers ANY /api/numeric. It is a stub: { b: 1, 1: 2 } has no translation.
//
//	export default function handler(req, res) {
//	  res.json({ b: 1, 1: 2 });
//	}
func serveNumeric(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/numeric.js", migrate.ErrDecline)
}
