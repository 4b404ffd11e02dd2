package main

// app/api/re/route.ts, but for its handlers:
//
//	export { GET } from '@/lib/impl';
//	export const revalidate = 60;

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRe answers GET /api/re. It is translated by a program: read it before it serves.
// Of its file: its function stands in lib/impl.ts:1; revalidate = 60.
//
//	export async function GET() {
//	  return Response.json({ from: 'lib' });
//	}
func getRe(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		From string `json:"from"`
	}{"lib"})
}
