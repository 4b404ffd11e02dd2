package main

// pages/api/keys.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveKeys answers ANY /api/keys. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  res.json({ 'a-b': 1, 'a_b': 2, a: 'x', A: 'y', type: 'z', 'with space': 1, $dollar: 2, 'é': 3, '-': 4 });
//	}
func serveKeys(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		AB        int    `json:"a-b"`
		AB2       int    `json:"a_b"`
		A         string `json:"a"`
		A2        string `json:"A"`
		Type      string `json:"type"`
		WithSpace int    `json:"with space"`
		Dollar    int    `json:"$dollar"`
		É         int    `json:"é"`
		X         int    `json:"-,"`
	}{1, 2, "x", "y", "z", 1, 2, 3, 4})
}
