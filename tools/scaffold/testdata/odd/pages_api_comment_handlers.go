package main

// pages/api/comment.ts, but for its handlers:
//
//	 //go:build ignore
//	/* a  comment */ // */ */
//	//line x.go:1
//	//go:embed x
//	/*     */

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveComment answers ANY /api/comment. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  res.send('`' + "*/");
//	}
func serveComment(req *reqres.Request, res *reqres.Response) error {
	return res.Send("`*/")
}
