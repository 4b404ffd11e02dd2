package main

// pages/api/whole.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveWhole answers ANY /api/whole. It is translated by a program: read it before it serves.
// Of its file: asks for PUT.
//
//	export default function handler(req, res) {
//	  const body = req.body;
//	  if (req.method !== 'PUT') return res.status(405).end();
//	  res.json({ got: body.value, kind: typeof body.value === 'string' });
//	}
func serveWhole(req *reqres.Request, res *reqres.Response) error {
	if req.Method() != "PUT" {
		return res.Status(405).End()
	}
	body, err := jsonBody(req)
	if err != nil {
		return err
	}
	return res.JSON(struct {
		Got  *any `json:"got,omitempty"`
		Kind bool `json:"kind"`
	}{member(body, "value"), isText(member(body, "value"))})
}
