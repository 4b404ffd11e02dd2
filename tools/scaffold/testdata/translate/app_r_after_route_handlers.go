package main

// app/r/after/route.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getRAfter answers GET /r/after. It is a stub: fetch("https://example.com") has no translation.
//
//	export async function GET() { await fetch('https://example.com'); return Response.json({}); }
func getRAfter(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/r/after/route.js", migrate.ErrDecline)
}
