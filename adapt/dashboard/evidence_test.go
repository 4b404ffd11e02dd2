package dashboard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

type verdict struct {
	Version int
	Pair    string
	OK      bool
	Plan    migrate.Plan
	Reasons []struct{ Code, Text string }
}

func (v verdict) codes() []string {
	codes := []string{}
	for _, r := range v.Reasons {
		codes = append(codes, r.Code)
	}
	return codes
}

// The verdict lacks what was not seen, and nothing else.
func TestVerdict(t *testing.T) {
	little := dashboard.Evidence{Time: -1, Requests: 30, Compared: 10}
	for _, c := range []struct {
		rule   string
		need   dashboard.Evidence
		before func(*service)
		want   []string
	}{
		{"old lacks nothing", dashboard.Evidence{}, func(s *service) {}, nil},
		{"new lacks nothing", dashboard.Evidence{}, func(s *service) { s.set(users, migrate.New, 0) }, nil},
		{"a shadow needs time and comparisons", dashboard.Evidence{}, func(s *service) { s.set(users, migrate.Shadow, 0) }, []string{"time", "comparisons"}},
		{"no requests", little, func(s *service) { s.set(users, migrate.Shadow, 0) }, []string{"comparisons"}},
		{"enough of a shadow", little, func(s *service) {
			s.set(users, migrate.Shadow, 0)
			s.compared(func() { s.traffic(20) })
		}, nil},
		{"what was seen of an earlier plan does not count", little, func(s *service) {
			s.set(users, migrate.Shadow, 0)
			s.compared(func() { s.traffic(20) })
			eventually(s.t, "they are seen", func() bool { return decoded[verdict](s, "x read", pairPath("v1/verdict", users)).OK })
			s.set(users, migrate.Canary, 0.5)
		}, []string{"requests", "comparisons"}},
		{"a difference is one", little, func(s *service) {
			s.set(users, migrate.Shadow, 0)
			s.compared(func() { s.ask("", "GET", "/users/13", "") })
		}, []string{"differences"}},
		{"a kill", little, func(s *service) { s.pair(users).Kill("no", "bob") }, []string{"killed"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			s := start(t, dashboard.Config{Evidence: c.need})
			c.before(s)
			var v verdict
			same := func() bool {
				v = decoded[verdict](s, "x read", pairPath("v1/verdict", users))
				codes := slices.DeleteFunc(v.codes(), func(code string) bool { return code == "weak" || code == "idle" })
				return slices.Equal(codes, c.want)
			}
			for end := time.Now().Add(time.Minute); !same() && time.Now().Before(end); {
				time.Sleep(20 * time.Millisecond)
			}
			if !same() {
				t.Errorf("missing is %v, want %v: %+v", v.codes(), c.want, v)
			}
			status := 200
			if !v.OK {
				status = 409
			}
			for _, method := range []string{"GET", "POST"} { // Argo's web metric, Flagger's webhook
				a := s.ask("ci read", method, pairPath("v1/verdict", users), "")
				if a.status != status {
					t.Errorf("%s: %d %s", method, a.status, a.body)
				}
			}
		})
	}
}

// compared asks until ten answers were compared, and until no more will be.
func (s *service) compared(ask func()) {
	s.t.Helper()
	eventually(s.t, "shadows have run", func() bool {
		ask()
		return s.pair(users).Snapshot().Compared >= 10
	})
	eventually(s.t, "no shadow runs any more", func() bool {
		is := s.pair(users).Snapshot().Shadows
		return is.Reserved == 0 && is.Running == 0
	})
}

// Failures of new are missing evidence, also before the guard has seen enough of them.
func TestVerdictOfFailures(t *testing.T) {
	patient := migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}, Guard: migrate.GuardConfig{Dwell: time.Hour}}
	s := start(t, dashboard.Config{Evidence: dashboard.Evidence{Time: -1, Requests: -1, Compared: -1}}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: patient}, func(r *adapt.Routes) {
			r.Migrate("GET", "/failing", (&service{}).oldUser, (&service{bad: true}).newUser)
		})
	})
	for range 20 {
		s.ask("", "GET", "/failing", "")
	}
	var v verdict
	eventually(t, "the failures are missing evidence", func() bool {
		v = decoded[verdict](s, "x read", pairPath("v1/verdict", "GET /failing"))
		return slices.Contains(v.codes(), "failures")
	})
	if v.OK || v.Plan.Stage != migrate.Live {
		t.Errorf("the verdict is %+v", v)
	}
}

func TestVerdictOfNoPair(t *testing.T) {
	s := start(t, dashboard.Config{})
	for _, path := range []string{"v1/verdict", "v1/verdict?pair=x", "v1/pair", "v1/live?pair=x"} {
		if a := s.ask("ci read", "GET", path, ""); a.status != 404 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	a := s.ask("ci read", "POST", pairPath("v1/verdict", orders), `{"name":"podinfo","namespace":"test","phase":"Progressing"}`)
	if diff := cmp.Diff(`{"version":1,"pair":"POST /orders","ok":true,"plan":{"stage":"old"},"reasons":[]}`+"\n", a.body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A gate speaks of now, not of the last look at the counters.
func TestVerdictIsOfNow(t *testing.T) {
	s := start(t, dashboard.Config{})
	for range 30 {
		s.pair(users).Kill("no", "bob")
		if a := s.ask("x read", "GET", pairPath("v1/verdict", users), ""); a.status != 409 || !strings.Contains(a.body, "killed by bob: no") {
			t.Fatalf("killed, and the verdict is %d %s", a.status, a.body)
		}
		if err := s.pair(users).Reset("bob"); err != nil {
			t.Fatal(err)
		}
		if a := s.ask("x read", "GET", pairPath("v1/verdict", users), ""); a.status != 200 {
			t.Fatalf("reset, and the verdict is %d %s", a.status, a.body)
		}
	}
}
