package main

// pages/api/let.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveLet answers ANY /api/let. It is a stub: let n = 1 may change.
//
//	export default function handler(req, res) {
//	  let n = 1;
//	  if (req.query.a) n = 2;
//	  res.json({ n });
//	}
func serveLet(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/let.js", migrate.ErrDecline)
}
