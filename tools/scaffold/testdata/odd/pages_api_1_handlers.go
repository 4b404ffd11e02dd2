package main

// pages/api/1.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serve1 answers ANY /api/1. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serve1(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
