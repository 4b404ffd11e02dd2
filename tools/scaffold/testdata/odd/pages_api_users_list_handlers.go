package main

// pages/api/users-list.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUsersList answers ANY /api/users-list. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveUsersList(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
