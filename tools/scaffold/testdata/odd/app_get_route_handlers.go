package main

// app/get/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getGet answers GET /get. It is translated by a program: read it before it serves.
//
//	export function GET() { return Response.json({}); }
func getGet(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct{}{})
}
