package main

// pages/api/health.ts

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveHealth answers ANY /api/health. It is a stub: not yet.
//
//	export default (req, res) => res.send('ok');
func serveHealth(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/health.ts", migrate.ErrDecline)
}
