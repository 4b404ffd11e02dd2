package main

// Middleware: what stands in front of handlers. A handler is not called before all of its middleware is ported.

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// middleware is the middleware of middleware.ts. While it is a stub, Node answers what stands behind it.
//
//	import { NextResponse } from 'next/server';
//	export function middleware(request: Request) {
//	  if (!request.headers.get('authorization')) return new NextResponse('no', { status: 401 });
//	}
//	export const config = { matcher: ['/api/admin/:path*', { source: '/((?!api|_next/static).*)', missing: [] }] };
func middleware(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(501, "%s is not ported: %w", "middleware.ts", migrate.ErrDecline) // return next(req)
	}
}
