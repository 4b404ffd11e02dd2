package main

// pages/api/_under/(paren)/x.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUnderParenX answers ANY /api/_under/(paren)/x. It is translated by a program: read it before it serves.
// Of its file: asks for POST.
//
//	export default function x(req, res) {
//	  if (req.method !== 'POST') return res.status(405).end();
//	  const { name, age = 3 } = req.body;
//	  if (!name) {
//	    return res.status(400).json({ error: 'name is missing', fields: ['name'] });
//	  }
//	  res.setHeader('X-Seen', 'yes').status(201).json({ name, age, ok: true });
//	}
func serveUnderParenX(req *reqres.Request, res *reqres.Response) error {
	if req.Method() != "POST" {
		return res.Status(405).End()
	}
	body, err := jsonBody(req)
	if err != nil {
		return err
	}
	name := member(body, "name")
	age := member(body, "age")
	if age == nil {
		age = pointer(float64(3))
	}
	if !truthy(name) {
		return res.Status(400).JSON(struct {
			Error  string `json:"error"`
			Fields any    `json:"fields"`
		}{"name is missing", []any{"name"}})
	}
	return res.Set("X-Seen", "yes").Status(201).JSON(struct {
		Name *any `json:"name,omitempty"`
		Age  *any `json:"age,omitempty"`
		Ok   bool `json:"ok"`
	}{name, age, true})
}
