package main

// app/api/auth/[...nextauth]/route.ts, but for its handlers:
//
//	import NextAuth from 'next-auth';
//	export { handler as GET, handler as POST };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getAuthNextauth answers GET /api/auth/[...nextauth]. It is a stub: it is wrapped in next-auth.
// It is wrapped in next-auth.
//
//	const handler = NextAuth({ providers: [] });
func getAuthNextauth(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/auth/[...nextauth]/route.ts", migrate.ErrDecline)
}

// postAuthNextauth answers POST /api/auth/[...nextauth]. It is a stub: it is wrapped in next-auth.
// It is wrapped in next-auth.
//
//	const handler = NextAuth({ providers: [] });
func postAuthNextauth(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/auth/[...nextauth]/route.ts", migrate.ErrDecline)
}
