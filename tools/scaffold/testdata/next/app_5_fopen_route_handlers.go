package main

// app/%5Fopen/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getOpen answers GET /_open. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export function GET() { return new Response('open'); }
func getOpen(req *fetch.Request) (*fetch.Response, error) {
	return fetch.Text("open")
}
