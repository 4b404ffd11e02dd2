package main

// pages/api/hello.ts, but for its handlers:
//
//	import type { NextApiRequest, NextApiResponse } from 'next';
//
//	type Data = { name: string };
//
//	// The handler of every new project.

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveHello answers ANY /api/hello. It is translated by a program: read it before it serves.
//
//	export default function handler(req: NextApiRequest, res: NextApiResponse<Data>) {
//	  res.status(200).json({ name: 'John Doe' });
//	}
func serveHello(req *reqres.Request, res *reqres.Response) error {
	return res.Status(200).JSON(struct {
		Name string `json:"name"`
	}{"John Doe"})
}
