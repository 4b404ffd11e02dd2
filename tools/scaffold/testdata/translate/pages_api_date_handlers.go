package main

// pages/api/date.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveDate answers ANY /api/date. It is a stub: it uses Date, which is not a part of it.
//
//	export default function handler(req, res) {
//	  res.json({ now: Date.now() });
//	}
func serveDate(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/date.js", migrate.ErrDecline)
}
