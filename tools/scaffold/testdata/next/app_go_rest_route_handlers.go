package main

// app/go/[[...rest]]/route.ts, but for its handlers:
//
//	import { NextResponse } from 'next/server';

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getGoRest answers GET /go/[[...rest]]. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export function GET(request) {
//	  return NextResponse.redirect(new URL('/cart?x=1', request.url), 308);
//	}
func getGoRest(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/go/[[...rest]]/route.ts", migrate.ErrDecline)
}

// headGoRest answers HEAD /go/[[...rest]]. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export function HEAD() { return new Response(null, { status: 200 }); }
func headGoRest(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/go/[[...rest]]/route.ts", migrate.ErrDecline)
}
