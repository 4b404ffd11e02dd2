package main

// src/top.mjs, but for its handlers:
//
//	import express from 'express';
//	const app = express();
//	await connect();
//	export { app };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getTop answers GET /top. It is a stub: not yet.
//
//	app.get('/top', (req, res) => res.json({ top: 'level' }));
func getTop(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/top.mjs", migrate.ErrDecline)
}
