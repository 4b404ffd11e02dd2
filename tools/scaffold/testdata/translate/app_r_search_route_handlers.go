package main

// app/r/search/route.js

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRSearch answers GET /r/search. It is translated by a program: read it before it serves.
//
//	export async function GET(request) {
//	  const { searchParams } = new URL(request.url);
//	  const tags = searchParams.getAll('tag');
//	  if (!searchParams.has('q')) return Response.json({ error: 'q is missing' }, { status: 400 });
//	  return Response.json({ q: searchParams.get('q'), tags, path: new URL(request.url).pathname });
//	}
func getRSearch(req *fetch.Request) (*fetch.Response, error) {
	tags := list(req.QueryValues("tag"))
	if len(req.QueryValues("q")) == 0 {
		return fetch.JSON(struct {
			Error string `json:"error"`
		}{"q is missing"}, fetch.Status(400))
	}
	return fetch.JSON(struct {
		Q    *string  `json:"q"`
		Tags []string `json:"tags"`
		Path string   `json:"path"`
	}{optional(req.QueryValues("q")), tags, req.Path()})
}
