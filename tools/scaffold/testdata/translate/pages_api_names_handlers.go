package main

// pages/api/names.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveNames answers ANY /api/names. It is translated by a program: read it before it serves.
//
//	export default function handler(request, response) {
//	  const { type, range, err, body: func, res } = request.query;
//	  response.json({ type, range, err, func, res, nil: 'nil' });
//	}
func serveNames(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Type  *string `json:"type,omitempty"`
		Range *string `json:"range,omitempty"`
		Err   *string `json:"err,omitempty"`
		Func  *string `json:"func,omitempty"`
		Res   *string `json:"res,omitempty"`
		Nil   string  `json:"nil"`
	}{optional(req.QueryValues("type")), optional(req.QueryValues("range")), optional(req.QueryValues("err")), optional(req.QueryValues("body")), optional(req.QueryValues("res")), "nil"})
}
