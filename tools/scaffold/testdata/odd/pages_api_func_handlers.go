package main

// pages/api/func.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveFunc answers ANY /api/func. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveFunc(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
