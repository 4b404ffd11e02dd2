package main

// pages/api/health.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveHealth answers ANY /api/health. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.send('ok');
func serveHealth(req *reqres.Request, res *reqres.Response) error {
	return res.Send("ok")
}
