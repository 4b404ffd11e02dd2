package main

// pages/api/switch.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveSwitch answers ANY /api/switch. It is translated by a program: read it before it serves.
// Of its file: asks for GET, HEAD, DELETE.
//
//	export default function handler(req, res) {
//	  switch (req.method) {
//	    case 'GET':
//	    case 'HEAD': {
//	      const lang = req.headers['accept-language'];
//	      res.status(200).json({ lang });
//	      break;
//	    }
//	    case 'DELETE':
//	      return res.status(204).end();
//	    default:
//	      res.setHeader('Allow', ['GET', 'DELETE']);
//	      res.status(405).end(`Method ${req.method} Not Allowed`);
//	  }
//	}
func serveSwitch(req *reqres.Request, res *reqres.Response) error {
	switch req.Method() {
	case "GET", "HEAD":
		return res.Status(200).JSON(struct {
			Lang *string `json:"lang,omitempty"`
		}{optional(req.HeaderValues("accept-language"))})
	case "DELETE":
		return res.Status(204).End()
	default:
		res.Append("Allow", "GET", "DELETE")
		res.Status(405)
		if _, err := res.WriteString("Method " + req.Method() + " Not Allowed"); err != nil {
			return err
		}
		return res.End()
	}
}
