package main

// pages/api/shadow.js, but for its handlers:
//
//	const Response = { json: () => 1 };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveShadow answers ANY /api/shadow. It is a stub: () => 1 has no translation.
//
//	export default function handler(req, res) {
//	  res.json(Response.json());
//	}
func serveShadow(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/shadow.js", migrate.ErrDecline)
}
