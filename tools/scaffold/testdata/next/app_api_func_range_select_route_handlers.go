package main

// app/api/func/[range]/[select]/route.ts

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getFuncRangeSelect answers GET /api/func/[range]/[select]. It is a stub: not yet.
//
//	export async function GET(req, ctx) {
//	  const { range, select } = await ctx.params;
//	  return Response.json({ range, select, 'a-b': "quote\" and `tick`", n: 1.5, t: true, nothing: null, list: [1, 'two', [3]] });
//	}
func getFuncRangeSelect(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/func/[range]/[select]/route.ts", migrate.ErrDecline)
}
