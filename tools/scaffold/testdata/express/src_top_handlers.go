package main

// src/top.mjs, but for its handlers:
//
//	import express from 'express';
//	const app = express();
//	await connect();
//	export { app };

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// getTop answers GET /top. It is translated by a program: read it before it serves.
//
//	app.get('/top', (req, res) => res.json({ top: 'level' }));
func getTop(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Top string `json:"top"`
	}{"level"})
}
