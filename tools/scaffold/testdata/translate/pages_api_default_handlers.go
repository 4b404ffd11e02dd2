package main

// pages/api/default.js, but for its handlers:
//
//	const DEFAULT = 'World';
//	const VERSION = { major: 1, tag: 'v1' };

import (
	"cmp"

	"github.com/crossfade-go/crossfade/reqres"
)

// serveDefault answers ANY /api/default. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  const name = req.query.name || DEFAULT;
//	  const { greeting = 'Hello' } = req.query;
//	  console.log('greeting', name);
//	  res.status(200).json({ text: `${greeting}, ${name}!`, version: VERSION });
//	}
func serveDefault(req *reqres.Request, res *reqres.Response) error {
	name := cmp.Or(req.Query("name"), "World")
	greeting := orElse(optional(req.QueryValues("greeting")), "Hello")
	// console.log("greeting", name)
	return res.Status(200).JSON(struct {
		Text    string `json:"text"`
		Version any    `json:"version"`
	}{greeting + ", " + name + "!", struct {
		Major int    `json:"major"`
		Tag   string `json:"tag"`
	}{1, "v1"}})
}
