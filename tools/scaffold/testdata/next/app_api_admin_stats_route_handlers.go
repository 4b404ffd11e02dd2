package main

// app/api/admin/stats/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getAdminStats answers GET /api/admin/stats. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export async function GET() { return Response.json({ users: 3 }); }
func getAdminStats(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		Users int `json:"users"`
	}{3})
}
