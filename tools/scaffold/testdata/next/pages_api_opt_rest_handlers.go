package main

// pages/api/opt/[[...rest]].js, but for its handlers:
//
//	import { handler } from '@/lib/impl';
//	export { handler as default };

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveOptRest answers ANY /api/opt/[[...rest]]. It is translated by a program: read it before it serves.
// Of its file: its function stands in lib/impl.ts:4.
//
//	export const handler = (req, res) => res.status(200).json({ shared: true });
func serveOptRest(req *reqres.Request, res *reqres.Response) error {
	return res.Status(200).JSON(struct {
		Shared bool `json:"shared"`
	}{true})
}
