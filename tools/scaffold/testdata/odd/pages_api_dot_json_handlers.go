package main

// pages/api/dot.json.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveDotJSON answers ANY /api/dot.json. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveDotJSON(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
