package main

// app/redirectTo/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRedirectTo answers GET /redirectTo. It is translated by a program: read it before it serves.
//
//	export function GET() { return Response.json({}); }
func getRedirectTo(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct{}{})
}
