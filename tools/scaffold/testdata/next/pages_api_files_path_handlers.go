package main

// pages/api/files/[...path].js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveFilesPath answers ANY /api/files/[...path]. It is translated by a program: read it before it serves.
//
//	module.exports = (req, res) => {
//	  const { path } = req.query;
//	  res.json({ path });
//	};
func serveFilesPath(req *reqres.Request, res *reqres.Response) error {
	path := req.Params("path")
	return res.JSON(struct {
		Path []string `json:"path"`
	}{path})
}
