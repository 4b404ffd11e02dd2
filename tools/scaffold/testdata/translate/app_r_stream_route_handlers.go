package main

// app/r/stream/route.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getRStream answers GET /r/stream. It is a stub: new ReadableStream({}) has no translation.
//
//	export function GET() { return new Response(new ReadableStream({})); }
func getRStream(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/r/stream/route.js", migrate.ErrDecline)
}
