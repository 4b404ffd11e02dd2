package main

// pages/api/twice.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveTwice answers ANY /api/twice. It is a stub: it goes on after its answer.
//
//	export default function handler(req, res) {
//	  res.json({});
//	  res.json({});
//	}
func serveTwice(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/twice.js", migrate.ErrDecline)
}
