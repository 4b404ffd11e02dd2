package main

// app/api/admin/stats/route.ts

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getAdminStats answers GET /api/admin/stats. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export async function GET() { return Response.json({ users: 3 }); }
func getAdminStats(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/admin/stats/route.ts", migrate.ErrDecline)
}
