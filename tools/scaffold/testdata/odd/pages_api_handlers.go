package main

// pages/api/_.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveRoot answers ANY /api/_. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveRoot(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
