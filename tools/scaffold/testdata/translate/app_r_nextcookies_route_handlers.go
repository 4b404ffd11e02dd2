package main

// app/r/nextcookies/route.js

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRNextcookies answers GET /r/nextcookies. It is translated by a program: read it before it serves.
//
//	export function GET(request) {
//	  if (!request.cookies.get('a')?.value) return new Response(null, { status: 401 });
//	  return Response.json({ a: request.cookies.get('a')?.value });
//	}
func getRNextcookies(req *fetch.Request) (*fetch.Response, error) {
	if orElse(cookie(req.Cookie("a")), "") == "" {
		return fetch.NoContent(fetch.Status(401))
	}
	return fetch.JSON(struct {
		A *string `json:"a,omitempty"`
	}{cookie(req.Cookie("a"))})
}
