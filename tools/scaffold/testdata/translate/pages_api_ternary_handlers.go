package main

// pages/api/ternary.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveTernary answers ANY /api/ternary. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  return req.query.kind === 'a' ? res.status(200).json({ a: true }) : res.status(404).send('not a');
//	}
func serveTernary(req *reqres.Request, res *reqres.Response) error {
	if req.Query("kind") == "a" {
		return res.Status(200).JSON(struct {
			A bool `json:"a"`
		}{true})
	}
	return res.Status(404).Send("not a")
}
