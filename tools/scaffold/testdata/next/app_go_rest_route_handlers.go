package main

// app/go/[[...rest]]/route.ts, but for its handlers:
//
//	import { NextResponse } from 'next/server';

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getGoRest answers GET /go/[[...rest]]. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export function GET(request) {
//	  return NextResponse.redirect(new URL('/cart?x=1', request.url), 308);
//	}
func getGoRest(req *fetch.Request) (*fetch.Response, error) {
	return fetch.Redirect(resolve(req, "/cart?x=1"), fetch.Status(308))
}

// headGoRest answers HEAD /go/[[...rest]]. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export function HEAD() { return new Response(null, { status: 200 }); }
func headGoRest(req *fetch.Request) (*fetch.Response, error) {
	return fetch.NoContent(fetch.Status(200))
}
