package main

// pages/api/1.ts, but for its handlers:
//
//	export default (req, res) => res.json({});

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serve1 answers ANY /api/1. It is a stub: its function cannot be told without running it.
// Of its file: its function comes from the package .
func serve1(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/1.ts", migrate.ErrDecline)
}
