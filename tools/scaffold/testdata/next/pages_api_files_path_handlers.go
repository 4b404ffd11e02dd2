package main

// pages/api/files/[...path].js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveFilesPath answers ANY /api/files/[...path]. It is a stub: not yet.
//
//	module.exports = (req, res) => {
//	  const { path } = req.query;
//	  res.json({ path });
//	};
func serveFilesPath(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/files/[...path].js", migrate.ErrDecline)
}
