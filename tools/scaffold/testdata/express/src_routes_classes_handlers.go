package main

// src/routes/classes.ts, but for its handlers:
//
//	import { Router, Request, Response } from 'express';
//	class Users {
//	  public router = Router();
//	  constructor(private readonly name: string) { this.routes(); }
//	  private routes() {
//	    this.router.get('/class', this.show);
//	    this.router.get('/class/:id', this.one.bind(this));
//	  }
//	}
//	module.exports = new Users('u').router;

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getV2Class answers GET /v2/class. It is translated by a program: read it before it serves.
// It stands behind middleware (src/server.js:14).
//
//	show = (req: Request, res: Response) => { res.json({ class: true }); };
func getV2Class(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		Class bool `json:"class"`
	}{true})
}

// getV2ClassID answers GET /v2/class/:id. It is a stub: this has no translation.
// It stands behind middleware (src/server.js:14).
//
//	one(req: Request, res: Response) { res.json({ id: req.params.id, by: this.name }); }
func getV2ClassID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "src/routes/classes.ts", migrate.ErrDecline)
}
