package main

// pages/api/main.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveMain answers ANY /api/main. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveMain(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
