package main

// pages/api/p-[id].ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// servePID answers ANY /api/p-[id]. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func servePID(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
