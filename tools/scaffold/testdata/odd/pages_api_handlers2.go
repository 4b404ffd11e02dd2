package main

// pages/api/日本/語.ts, but for its handlers:
//
//	export default (req, res) => res.json({ 語: '日本' });

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serve日本語 answers ANY /api/日本/語. It is a stub: its function cannot be told without running it.
// Of its file: its function comes from the package .
func serve日本語(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/日本/語.ts", migrate.ErrDecline)
}
