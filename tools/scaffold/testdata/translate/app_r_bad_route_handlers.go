package main

// app/r/bad/route.js

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getRBad answers GET /r/bad. It is a stub: { not: "a response" } has no translation.
//
//	export function GET() { return { not: 'a response' }; }
func getRBad(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/r/bad/route.js", migrate.ErrDecline)
}
