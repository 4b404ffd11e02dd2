package main

// The page about the migration, for administrators: /admin/migrations.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/dashboard"
)

// mayMigrate says who sees the page, and what they may do on it. For everybody else there is none.
func (a *app) mayMigrate(r *http.Request) (string, dashboard.Level) {
	ctx, err := a.findUser(r)
	if err != nil || ctx == nil {
		return "", dashboard.None
	}
	u := userOf(ctx)
	if !u.Admin {
		return u.Name, dashboard.None
	}
	return u.Name, dashboard.Raise
}
