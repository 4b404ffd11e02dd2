package main

// pages/api/body.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveBody answers ANY /api/body. It is translated by a program: read it before it serves.
// Of its file: asks for POST.
//
//	export default function handler(req, res) {
//	  if (req.method === 'POST') {
//	    if (!req.body.email || !req.body.name) {
//	      return res.status(422).json({ missing: true });
//	    }
//	    return res.status(201).json({ email: req.body.email, name: req.body.name, admin: false });
//	  } else {
//	    return res.status(405).json({ message: 'Only POST' });
//	  }
//	}
func serveBody(req *reqres.Request, res *reqres.Response) error {
	if req.Method() == "POST" {
		body, err := jsonBody(req)
		if err != nil {
			return err
		}
		if !truthy(member(body, "email")) || !truthy(member(body, "name")) {
			return res.Status(422).JSON(struct {
				Missing bool `json:"missing"`
			}{true})
		}
		return res.Status(201).JSON(struct {
			Email *any `json:"email,omitempty"`
			Name  *any `json:"name,omitempty"`
			Admin bool `json:"admin"`
		}{member(body, "email"), member(body, "name"), false})
	} else {
		return res.Status(405).JSON(struct {
			Message string `json:"message"`
		}{"Only POST"})
	}
}
