package main

// pages/api/_under/(paren)/x.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUnderParenX answers ANY /api/_under/(paren)/x. It is a stub: not yet.
// asks for POST.
//
//	export default function x(req, res) {
//	  if (req.method !== 'POST') return res.status(405).end();
//	  const { name, age = 3 } = req.body;
//	  if (!name) {
//	    return res.status(400).json({ error: 'name is missing', fields: ['name'] });
//	  }
//	  res.setHeader('X-Seen', 'yes').status(201).json({ name, age, ok: true });
//	}
func serveUnderParenX(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/_under/(paren)/x.js", migrate.ErrDecline)
}
