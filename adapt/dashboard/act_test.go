package dashboard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
)

// act is an order as JSON.
func act(act, pair, rest string) string {
	return fmt.Sprintf(`{"act":%q,"pair":%q%s}`, act, pair, rest)
}

// Who may do what, and what comes of it.
func TestActs(t *testing.T) {
	const canary, live = `,"plan":{"stage":"canary","share":0.2}`, `,"plan":{"stage":"live"}`
	for _, c := range []struct {
		rule   string
		before func(*service)
		as     string
		body   string
		status int
		says   string
		plan   string // in force afterwards
	}{
		{"read may not kill", nil, "ada read", kill, 403, "needs the level lower, and you have read", "canary 10 %"},
		{"lower may kill", nil, "ada lower", kill, 200, "killed in this replica only", "old"},
		{"a kill needs a reason", nil, "ada lower", act("kill", users, `,"reason":" \n"`), 400, "say why", "canary 10 %"},
		{"a kill needs a name", nil, "- lower", kill, 403, "nobody knows who you are", "canary 10 %"},
		{"of a pair that is there", nil, "ada lower", act("kill", "GET /x", `,"reason":"x"`), 404, `there is no pair \"GET /x\"`, "canary 10 %"},
		{"a second kill is one", func(s *service) { s.pair(users).Kill("first", "bob") }, "ada lower", kill, 200, "customers complain", "old"},
		{"lower may lower", nil, "ada lower", act("lower", users, `,"plan":{"stage":"shadow"}`), 200, "shadow is in force", "shadow"},
		{"a smaller share is lower", nil, "ada lower", act("lower", users, `,"plan":{"stage":"canary","share":0.05}`), 200, "canary 5 % is in force", "canary 5 %"},
		{"lower needs a plan", nil, "ada lower", act("lower", users, ""), 400, "needs a plan", "canary 10 %"},
		{"lower does not raise", nil, "ada lower", act("lower", users, live), 409, "live does not lower canary 10 %", "canary 10 %"},
		{"lower may not raise", nil, "ada lower", act("raise", users, live), 403, "needs the level raise", "canary 10 %"},
		{"raise does not lower", nil, "ada raise", act("raise", users, `,"plan":{"stage":"old"}`), 409, "old does not raise canary 10 %", "canary 10 %"},
		{"to raise needs evidence", nil, "ada raise", act("raise", users, canary), 409, `"code":"requests"`, "canary 10 %"},
		{"or that one says so", nil, "ada raise", act("raise", users, canary+`,"despite":true`), 200, "canary 20 % is in force", "canary 20 %"},
		{"a plan that is none", nil, "ada raise", act("raise", users, `,"plan":{"stage":"canary","share":7}`), 400, "outside 0 to 1", "canary 10 %"},
		{"a stage that is none", nil, "ada raise", act("raise", users, `,"plan":{"stage":"bananas"}`), 400, "is not a stage", "canary 10 %"},
		{"what holds the pair is evidence missing", func(s *service) { s.pair(users).Kill("no", "bob") }, "ada raise", act("raise", users, live), 409, "killed by bob: no", "old"},
		{"and outlasts a raise", func(s *service) { s.pair(users).Kill("no", "bob") }, "ada raise", act("raise", users, live+`,"despite":true`), 200, "not in force before a reset", "old"},
		{"lower may not reset", func(s *service) { s.pair(users).Kill("no", "bob") }, "ada lower", act("reset", users, `,"reason":"x"`), 403, "needs the level raise", "old"},
		{"to reset one has looked", func(s *service) { s.pair(users).Kill("no", "bob") }, "ada raise", act("reset", users, ""), 400, "what you have looked at", "old"},
		{"raise may reset", func(s *service) { s.pair(users).Kill("no", "bob") }, "ada raise", act("reset", users, `,"reason":"the logs"`), 200, "reset in this replica", "canary 10 %"},
		{"what is held by nothing is not reset", nil, "ada raise", act("reset", users, `,"reason":"x"`), 409, "neither killed nor tripped", "canary 10 %"},
		{"an act that is none", nil, "ada raise", act("promote", users, ""), 400, `\"promote\" is not an act`, "canary 10 %"},
		{"no act", nil, "ada raise", `{}`, 400, "is not an act", "canary 10 %"},
		{"a member that is none", nil, "ada raise", `{"act":"kill","pair":"GET /users/:id","why":"x"}`, 400, `unknown field \"why\"`, "canary 10 %"},
		{"text behind it", nil, "ada raise", kill + `{}`, 400, "more text follows", "canary 10 %"},
		{"half of it", nil, "ada raise", kill[:20], 400, "cannot be read", "canary 10 %"},
		{"too long", nil, "ada raise", act("kill", users, `,"reason":"`+strings.Repeat("x", 17<<10)+`"`), 413, "longer than", "canary 10 %"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := start(t, dashboard.Config{})
			s.set(users, migrate.Canary, 0.1)
			if c.before != nil {
				c.before(s)
			}
			a := s.ask(c.as, "POST", "v1/act", c.body)
			if a.status != c.status || !strings.Contains(a.body, c.says) {
				t.Errorf("got %d %s, want %d with %s", a.status, a.body, c.status, c.says)
			}
			if plan := s.pair(users).Plan().String(); plan != c.plan {
				t.Errorf("in force is %s, want %s", plan, c.plan)
			}
		})
	}
}

// Each act is kept with who, and in the log, also one that was refused.
func TestAudit(t *testing.T) {
	s := start(t, dashboard.Config{})
	s.ask("eve read", "POST", "v1/act", kill)
	s.ask("ada lower", "POST", "v1/act", kill)
	acts := decoded[struct {
		Acts []struct {
			By, Act, Pair, Reason, Result string
			OK                            bool
		}
	}](s, "bob read", "v1/audit").Acts
	if len(acts) != 2 || acts[0].By != "ada" || !acts[0].OK || acts[0].Reason != "customers complain" || acts[1].By != "eve" || acts[1].OK || !strings.Contains(acts[1].Result, "needs the level") {
		t.Errorf("the audit log: %+v", acts)
	}
	for _, want := range []string{`level=WARN msg=dashboard by=eve act=kill`, `level=INFO msg=dashboard by=ada act=kill pair="GET /users/:id" plan="" reason="customers complain" result="killed in this replica only"`} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, s.log)
		}
	}
	for range 300 {
		s.ask("eve read", "POST", "v1/act", kill)
	}
	if n := len(decoded[struct{ Acts []any }](s, "bob read", "v1/audit").Acts); n != 200 {
		t.Errorf("%d acts are kept, want 200", n)
	}
}

// Where the source can be written, an act is for all replicas.
func TestFleet(t *testing.T) {
	source := new(sourcetest.Memory)
	source.Put(migrate.Document{Version: 7, Pairs: map[string]migrate.Directive{users: {Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.1}, By: "cron"}, orders: {Plan: &migrate.Plan{Stage: migrate.Shadow}}}})
	s, other := start(t, dashboard.Config{}), start(t, dashboard.Config{})
	for _, m := range []*service{s, other} {
		if err := m.mux.Follow(t.Context(), source, migrate.FollowConfig{Dwell: time.Millisecond}); err != nil {
			t.Fatal(err)
		}
	}
	both := func(what, plan string) {
		t.Helper()
		eventually(t, what, func() bool {
			return s.pair(users).Plan().String() == plan && other.pair(users).Plan().String() == plan
		})
	}
	ask := func(as, body string, status int, says string) {
		t.Helper()
		if a := s.ask(as, "POST", "v1/act", body); a.status != status || !strings.Contains(a.body, says) {
			t.Errorf("%s: got %d %s, want %d with %s", body, a.status, a.body, status, says)
		}
	}
	both("the document is followed", "canary 10 %")

	ask("ada raise", act("raise", users, `,"plan":{"stage":"canary","share":0.5},"despite":true`), 200, `"done":"canary 50 % is wanted of all replicas","document":8,"replicas":1`)
	both("both are raised", "canary 50 %")
	ask("ada lower", kill, 200, `"done":"killed here, and held for all replicas","document":9`)
	both("both are held", "old")
	eventually(t, "by the document", func() bool {
		return s.pair(users).Snapshot().Document != nil && other.pair(users).Snapshot().Document != nil
	})
	if h := other.pair(users).Snapshot(); h.Held != nil || h.Document == nil || h.Document.By != "ada" || h.Document.Reason != "customers complain" {
		t.Errorf("the other replica is held by %+v", h.Document)
	}
	ask("ada raise", act("reset", users, `,"reason":"the logs"`), 200, "reset here, and released for all replicas; one that has tripped by itself waits")
	both("both are released", "canary 50 %")

	ask("ada lower", act("lower", users, `,"plan":{"stage":"old"},"here":true`), 200, "old is in force in this replica")
	if got := other.pair(users).Plan().String(); got != "canary 50 %" {
		t.Errorf("an act for this replica only has moved the other to %s", got)
	}
	// lower here than there: what lowers this replica must not raise the fleet
	s.set(users, migrate.New, 0)
	ask("ada lower", act("lower", users, `,"plan":{"stage":"live"}`), 409, "live does not lower canary 50 %")

	follow := decoded[struct {
		Follow struct {
			Source   string
			Document uint64
			Writable bool
			Replicas map[string]uint64
		}
	}](s, "ada read", "v1/state").Follow
	if follow.Source != "fresh" || follow.Document != 10 || !follow.Writable || len(follow.Replicas) != 1 {
		t.Errorf("the page says %+v", follow)
	}

	// a kill holds here whatever becomes of the document
	source.Cut(true)
	ask("ada lower", kill, 502, "killed in this replica; the others could not be told")
	if s.pair(users).Snapshot().Held == nil {
		t.Error("the pair is not killed")
	}
}

// A source that is read only is said to be one, and the act is for this replica.
func TestReadOnlySource(t *testing.T) {
	source := new(sourcetest.Memory)
	source.Put(migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{users: {Hold: "frozen", By: "bob"}}})
	s := start(t, dashboard.Config{})
	if err := s.mux.Follow(t.Context(), struct{ migrate.Source }{source}, migrate.FollowConfig{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the hold is followed", func() bool { return s.pair(users).Snapshot().Document != nil })
	if a := s.ask("ada raise", "POST", "v1/act", kill); a.status != 200 || !strings.Contains(a.body, "killed in this replica only") {
		t.Errorf("a kill: %d %s", a.status, a.body)
	}
	if a := s.ask("ada raise", "POST", "v1/act", act("reset", users, `,"reason":"x"`)); a.status != 409 || !strings.Contains(a.body, "until the document releases") {
		t.Errorf("a reset of what the document holds: %d %s", a.status, a.body)
	}
}
