package main

// pages/api/[id]/name.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveIDName answers ANY /api/[id]/name. It is translated by a program: read it before it serves.
// Of its file: asks for GET.
//
//	export default function handler({ query: { id, fields }, method }, res) {
//	  if (method === 'GET') res.json({ id, fields });
//	  else res.status(405).json({ method });
//	}
func serveIDName(req *reqres.Request, res *reqres.Response) error {
	id := req.Param("id")
	method := req.Method()
	if method == "GET" {
		return res.JSON(struct {
			ID     string  `json:"id"`
			Fields *string `json:"fields,omitempty"`
		}{id, optional(req.QueryValues("fields"))})
	} else {
		return res.Status(405).JSON(struct {
			Method string `json:"method"`
		}{method})
	}
}
