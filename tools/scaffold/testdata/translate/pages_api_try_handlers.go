package main

// pages/api/try.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveTry answers ANY /api/try. It is translated by a program: read it before it serves.
//
//	export default async function handler(req, res) {
//	  try {
//	    if (!req.query.token) {
//	      return res.status(401).json({ error: 'no token' });
//	    }
//	    return res.status(200).json({ ok: req.query.token !== 'bad' });
//	  } catch (error) {
//	    return res.status(500).json({ error: 'failed' });
//	  }
//	}
func serveTry(req *reqres.Request, res *reqres.Response) error {
	if req.Query("token") == "" {
		return res.Status(401).JSON(struct {
			Error string `json:"error"`
		}{"no token"})
	}
	return res.Status(200).JSON(struct {
		Ok bool `json:"ok"`
	}{req.Query("token") != "bad"})
}
