package main

// pages/api/users_list.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUsersList3 answers ANY /api/users_list. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({});
func serveUsersList3(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct{}{})
}
