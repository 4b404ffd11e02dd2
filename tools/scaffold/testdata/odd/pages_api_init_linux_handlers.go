package main

// pages/api/init_linux.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveInitLinux answers ANY /api/init_linux. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveInitLinux(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
