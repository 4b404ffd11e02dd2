package main

// Switching GET /api/cocktails/:id, for administrators, while it is in use.
//
//	curl -b cookies.txt                                                       …/api/admin/migration
//	curl -b cookies.txt -X PUT --json '{"stage":"canary","share":0.1}'        …/api/admin/migration
//	curl -b cookies.txt -X PUT --json '{"stage":"new"}'                       …/api/admin/migration
//	curl -b cookies.txt -X DELETE                 …/api/admin/migration?reason=wrong+glass
//	curl -b cookies.txt -X POST                                               …/api/admin/migration
//
// Each is one atomic store: the next request sees it, those under way keep
// their side.

import (
	"cmp"
	"log/slog"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// migration is how the endpoint may move, before anybody has switched it.
func migration(log *slog.Logger) migrate.Config {
	return migrate.Config{
		Key:     migrate.CookieKey(sessionCookie), // a canary keeps each session on one side
		OnEvent: migrate.LogEvents(log),
	}
}

// status is the part of a pair's Snapshot that one looks at before a step.
type status struct {
	Pair   string        `json:"pair"`
	Plan   migrate.Plan  `json:"plan"`   // in force
	Wanted migrate.Plan  `json:"wanted"` // by the last PUT
	By     string        `json:"by,omitempty"`
	Held   *hold         `json:"held,omitempty"`
	Guard  migrate.Sight `json:"guard"`
}

// hold is why old serves whatever is wanted.
type hold struct {
	Why string `json:"why"`
	By  string `json:"by"`
}

func (a *app) showMigration(*fetch.Request) (*fetch.Response, error) {
	s := a.pair.Snapshot()
	out := status{Pair: s.Name, Plan: s.Plan, Wanted: s.Wanted, By: s.By, Guard: s.Guard.Sight}
	switch {
	case s.Held != nil:
		out.Held = &hold{s.Held.Reason, s.Held.By}
	case s.Latched != nil:
		out.Held = &hold{string(s.Latched.Reason), "the guard"}
	}
	return fetch.JSON(out)
}

// setMigration takes a plan as its body. migrate.Plan has a Validate method, so
// Decode answers a plan that makes no sense with 400 and the reason. While the
// pair is held the plan is stored, and the answer is a 409 that says so.
func (a *app) setMigration(req *fetch.Request) (*fetch.Response, error) {
	plan, err := fetch.Decode[migrate.Plan](req)
	if err != nil {
		return nil, err
	}
	if err := a.pair.Set(plan, userOf(req.Context()).Name); err != nil {
		return nil, fetch.Errorf(409, "%w", err)
	}
	return a.showMigration(req)
}

// rollBack serves old at once, whatever is wanted, until somebody resets.
func (a *app) rollBack(req *fetch.Request) (*fetch.Response, error) {
	a.pair.Kill(cmp.Or(req.Query("reason"), "no reason given"), userOf(req.Context()).Name)
	return a.showMigration(req)
}

// resetMigration puts in force what is wanted, after somebody has looked.
func (a *app) resetMigration(req *fetch.Request) (*fetch.Response, error) {
	if err := a.pair.Reset(userOf(req.Context()).Name); err != nil {
		return nil, fetch.Errorf(409, "%w", err)
	}
	return a.showMigration(req)
}
