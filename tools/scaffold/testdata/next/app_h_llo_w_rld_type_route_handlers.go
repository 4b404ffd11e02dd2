package main

// app/日本/héllo wörld/[type]/route.ts

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// get日本HélloWörldType answers GET /日本/héllo wörld/[type]. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export function GET(request, { params }) {
//	  const { type } = params;
//	  return new Response(type);
//	}
func get日本HélloWörldType(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/日本/héllo wörld/[type]/route.ts", migrate.ErrDecline)
}
