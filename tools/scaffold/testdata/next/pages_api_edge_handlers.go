package main

// pages/api/edge.ts, but for its handlers:
//
//	export const config = { runtime: 'edge' };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// serveEdge answers ANY /api/edge. It is a stub: not yet.
// runtime = edge.
//
//	export default async function handler(request: Request) {
//	  return new Response('from the edge', { status: 202, headers: { 'X-Edge': '1' } });
//	}
func serveEdge(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "pages/api/edge.ts", migrate.ErrDecline)
}
