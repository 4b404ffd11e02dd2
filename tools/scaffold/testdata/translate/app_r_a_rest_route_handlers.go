package main

// app/r/[a]/[...rest]/route.js

import (
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
)

// getRARest answers GET /r/[a]/[...rest]. It is translated by a program: read it before it serves.
//
//	export async function GET(request, { params }) {
//	  const { a, rest } = await params;
//	  return Response.json({ a, rest, upper: a.toUpperCase() });
//	}
func getRARest(req *fetch.Request) (*fetch.Response, error) {
	a := req.Param("a")
	rest := req.Params("rest")
	return fetch.JSON(struct {
		A     string   `json:"a"`
		Rest  []string `json:"rest"`
		Upper string   `json:"upper"`
	}{a, rest, strings.ToUpper(a)})
}
