package main

// app/api/re/route.ts, but for its handlers:
//
//	export { GET } from '@/lib/impl';
//	export const revalidate = 60;

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getRe answers GET /api/re. It is a stub: not yet.
// its function stands in lib/impl.ts:1.
// revalidate = 60.
//
//	export async function GET() {
//	  return Response.json({ from: 'lib' });
//	}
func getRe(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/re/route.ts", migrate.ErrDecline)
}
