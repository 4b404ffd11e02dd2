package main

// pages/api/numbers.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveNumbers answers ANY /api/numbers. It is translated by a program: read it before it serves.
//
//	export default function handler(req, res) {
//	  res.json({ int: 3, neg: -4, half: 0.5, big: 1e21, small: 1e-7, max: 9007199254740991, zero: 0 });
//	}
func serveNumbers(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Int   int     `json:"int"`
		Neg   int     `json:"neg"`
		Half  float64 `json:"half"`
		Big   float64 `json:"big"`
		Small float64 `json:"small"`
		Max   int     `json:"max"`
		Zero  int     `json:"zero"`
	}{3, -4, 0.5, 1e+21, 1e-07, 9007199254740991, 0})
}
