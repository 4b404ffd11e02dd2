package main

// pages/api/end.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveEnd answers ANY /api/end. It is translated by a program: read it before it serves.
// Of its file: asks for POST.
//
//	export default function handler(req, res) {
//	  if (req.method !== 'POST') {
//	    res.statusCode = 405;
//	    res.end('Method Not Allowed');
//	    return;
//	  }
//	  res.end();
//	}
func serveEnd(req *reqres.Request, res *reqres.Response) error {
	if req.Method() != "POST" {
		res.Status(405)
		if _, err := res.WriteString("Method Not Allowed"); err != nil {
			return err
		}
		return res.End()
	}
	return res.End()
}
