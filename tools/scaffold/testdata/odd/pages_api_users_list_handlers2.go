package main

// pages/api/usersList.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUsersList2 answers ANY /api/usersList. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveUsersList2(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
