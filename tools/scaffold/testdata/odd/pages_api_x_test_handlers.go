package main

// pages/api/x_test.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveXTest answers ANY /api/x_test. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveXTest(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
