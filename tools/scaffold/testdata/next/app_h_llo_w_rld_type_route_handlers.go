package main

// app/日本/héllo wörld/[type]/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// get日本HélloWörldType answers GET /日本/héllo wörld/[type]. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export function GET(request, { params }) {
//	  const { type } = params;
//	  return new Response(type);
//	}
func get日本HélloWörldType(req *fetch.Request) (*fetch.Response, error) {
	typeValue := req.Param("type")
	return fetch.Text(typeValue)
}
