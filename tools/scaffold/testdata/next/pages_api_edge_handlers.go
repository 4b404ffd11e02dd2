package main

// pages/api/edge.ts, but for its handlers:
//
//	export const config = { runtime: 'edge' };

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// serveEdge answers ANY /api/edge. It is translated by a program: read it before it serves.
// Of its file: runtime = edge.
//
//	export default async function handler(request: Request) {
//	  return new Response('from the edge', { status: 202, headers: { 'X-Edge': '1' } });
//	}
func serveEdge(req *fetch.Request) (*fetch.Response, error) {
	return fetch.Text("from the edge", fetch.Status(202), fetch.SetHeader("X-Edge", "1"))
}
