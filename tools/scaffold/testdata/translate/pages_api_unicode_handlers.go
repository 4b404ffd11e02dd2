package main

// pages/api/unicode.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUnicode answers ANY /api/unicode. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  res.json({ text: 'caf\u00e9 \u2028 <b>&amp;</b> \ud83d\ude00', q: req.query['näme'] });
//	}
func serveUnicode(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Text string  `json:"text"`
		Q    *string `json:"q,omitempty"`
	}{"café \u2028 <b>&amp;</b> 😀", optional(req.QueryValues("näme"))})
}
