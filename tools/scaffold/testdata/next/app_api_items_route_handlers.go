package main

// app/api/items/route.ts, but for its handlers:
//
//	import { NextRequest, NextResponse } from 'next/server';
//
//	export const dynamic = 'force-dynamic';
//	export const runtime = 'nodejs';
//	export const maxDuration = 60;

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getItems answers GET /api/items. It is a stub: not yet.
// runtime = nodejs.
// dynamic = force-dynamic.
// maxDuration = 60.
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
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/route.ts", migrate.ErrDecline)
}

// postItems answers POST /api/items. It is a stub: not yet.
// runtime = nodejs.
// dynamic = force-dynamic.
// maxDuration = 60.
//
//	export const POST = async (request: NextRequest) => {
//	  const { name, tags } = await request.json();
//	  if (!name || typeof name !== 'string') return NextResponse.json({ error: 'name' }, { status: 400 });
//	  return NextResponse.json({ created: name, tags }, { status: 201 });
//	};
func postItems(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/route.ts", migrate.ErrDecline)
}
