package main

// pages/api/_.ts, but for its handlers:
//
//	export default (req, res) => res.json({});

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveRoot answers ANY /api/_. It is a stub: its function cannot be told without running it.
// Of its file: its function comes from the package .
func serveRoot(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/_.ts", migrate.ErrDecline)
}
