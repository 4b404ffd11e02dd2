package main

// pages/api/conditions.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveConditions answers ANY /api/conditions. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  const { a, b } = req.query;
//	  if ((a && b) || req.headers.authorization === 'Bearer x') return res.json({ and: true });
//	  if (a === 'only' && !b) return res.json({ only: a });
//	  if (a != null) return res.json({ some: a, none: null });
//	  res.status(400).json({ neither: !a, list: ['x', 1, true, { deep: [null] }] });
//	}
func serveConditions(req *reqres.Request, res *reqres.Response) error {
	if (req.Query("a") != "" && req.Query("b") != "") || req.Header("authorization") == "Bearer x" {
		return res.JSON(struct {
			And bool `json:"and"`
		}{true})
	}
	if req.Query("a") == "only" && req.Query("b") == "" {
		return res.JSON(struct {
			Only *string `json:"only,omitempty"`
		}{optional(req.QueryValues("a"))})
	}
	if optional(req.QueryValues("a")) != nil {
		return res.JSON(struct {
			Some *string `json:"some,omitempty"`
			None any     `json:"none"`
		}{optional(req.QueryValues("a")), nil})
	}
	return res.Status(400).JSON(struct {
		Neither bool `json:"neither"`
		List    any  `json:"list"`
	}{req.Query("a") == "", []any{"x", 1, true, struct {
		Deep any `json:"deep"`
	}{[]any{nil}}}})
}
