package main

// pages/api/日本/語.ts

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serve日本語 answers ANY /api/日本/語. It is translated by a program: read it before it serves.
//
//	export default (req, res) => res.json({ 語: '日本' });
func serve日本語(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		X語 string `json:"語"`
	}{"日本"})
}
