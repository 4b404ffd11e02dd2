package main

// app/api/items/route.ts, but for its handlers:
//
//	import { NextRequest, NextResponse } from 'next/server';
//
//	export const dynamic = 'force-dynamic';
//	export const runtime = 'nodejs';
//	export const maxDuration = 60;

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getItems answers GET /api/items. It is translated by a program: read it before it serves.
// Of its file: runtime = nodejs; dynamic = force-dynamic; maxDuration = 60.
//
//	export async function GET(request: NextRequest) {
//	  const q = request.nextUrl.searchParams.get('q');
//	  const limit = request.nextUrl.searchParams.get('limit') ?? '10';
//	  if (q === 'boom') {
//	    return NextResponse.json({ error: 'no such thing' }, { status: 404 });
//	  }
//	  return NextResponse.json({ q, limit, items: [] }, { headers: { 'Cache-Control': 'no-store' } });
//	}
func getItems(req *fetch.Request) (*fetch.Response, error) {
	limit := orElse(optional(req.QueryValues("limit")), "10")
	if req.Query("q") == "boom" {
		return fetch.JSON(struct {
			Error string `json:"error"`
		}{"no such thing"}, fetch.Status(404))
	}
	return fetch.JSON(struct {
		Q     *string `json:"q"`
		Limit string  `json:"limit"`
		Items any     `json:"items"`
	}{optional(req.QueryValues("q")), limit, []any{}}, fetch.SetHeader("Cache-Control", "no-store"))
}

// postItems answers POST /api/items. It is translated by a program: read it before it serves.
// Of its file: runtime = nodejs; dynamic = force-dynamic; maxDuration = 60.
//
//	export const POST = async (request: NextRequest) => {
//	  const { name, tags } = await request.json();
//	  if (!name || typeof name !== 'string') return NextResponse.json({ error: 'name' }, { status: 400 });
//	  return NextResponse.json({ created: name, tags }, { status: 201 });
//	};
func postItems(req *fetch.Request) (*fetch.Response, error) {
	var body map[string]any
	if err := req.JSON(&body); err != nil {
		return nil, err
	}
	name := member(body, "name")
	tags := member(body, "tags")
	if !truthy(name) || !isText(name) {
		return fetch.JSON(struct {
			Error string `json:"error"`
		}{"name"}, fetch.Status(400))
	}
	return fetch.JSON(struct {
		Created *any `json:"created,omitempty"`
		Tags    *any `json:"tags,omitempty"`
	}{name, tags}, fetch.Status(201))
}
