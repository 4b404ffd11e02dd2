package main

// app/%5Fopen/route.ts

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getOpen answers GET /_open. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export function GET() { return new Response('open'); }
func getOpen(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/%5Fopen/route.ts", migrate.ErrDecline)
}
