package main

// pages/api/mutable.js, but for its handlers:
//
//	const items = [1];
//	items.push(2);

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveMutable answers ANY /api/mutable. It is a stub: items may change.
//
//	export default function handler(req, res) {
//	  res.json(items);
//	}
func serveMutable(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/mutable.js", migrate.ErrDecline)
}
