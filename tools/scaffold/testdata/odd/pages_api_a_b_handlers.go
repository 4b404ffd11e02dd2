package main

// pages/api/a b.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveAB answers ANY /api/a b. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveAB(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
