package main

// pages/api/q"uote`.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveQUote answers ANY /api/q"uote`. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveQUote(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
