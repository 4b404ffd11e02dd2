package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { leak.Main(m) }

// stage is a step, and what its plan says.
type stage struct {
	step string
	plan migrate.Plan
}

// stages come after the port.
var stages = []stage{
	{"both", migrate.Plan{Stage: migrate.Old}},
	{"both", migrate.Plan{Stage: migrate.Shadow}},
	{"both", migrate.Plan{Stage: migrate.Canary, Share: 0.5}},
	{"both", migrate.Plan{Stage: migrate.Live}},
	{"both", migrate.Plan{Stage: migrate.New}},
	{"done", migrate.Plan{}},
}

func (s stage) String() string { return strings.ReplaceAll(s.step+" "+s.plan.String(), " ", "_") }

// The collection holds at each step and at each stage of the second one, over a real server, and every
// answer is the one that the port gave, byte for byte.
func TestEveryStage(t *testing.T) {
	port, asserted := run(t, stage{step: "port"})
	t.Logf("%d requests, %d assertions", len(port), asserted)
	if asserted < 844 { // the public collections have 311 and 533
		t.Errorf("%d assertions are fewer than in the public collections", asserted)
	}
	for _, s := range stages {
		t.Run(s.String(), func(t *testing.T) {
			answers, again := run(t, s)
			if again != asserted {
				t.Errorf("%d assertions, and %d of the port", again, asserted)
			}
			if diff := cmp.Diff(port, answers); diff != "" {
				t.Errorf("answers differ from those of the port (-port +%s):\n%s", s.plan, diff)
			}
		})
	}
}

// run asks a new service the whole collection, and returns its answers and how much they were held to.
func run(t *testing.T, s stage) (answers []string, asserted int) {
	c := &collection{t: t}
	pairs := serve(t, s, func(server *httptest.Server) {
		c.url, c.client = server.URL, server.Client()
		c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.files("testdata/*.txt")
	})
	shadows := s.plan.Stage == migrate.Shadow || s.plan.Stage == migrate.Canary || s.plan.Stage == migrate.Live
	for _, pair := range pairs {
		if shadows && strings.HasPrefix(pair.Name, "GET ") && pair.Compared == 0 {
			t.Errorf("%s: nothing was compared", pair.Name)
		}
	}
	return c.answers, c.asserted
}

// serve has a new service asked, and then looks at what it says of itself. A request is answered when
// the shadows of those before have ended, so that none of them sees what the next one does.
func serve(t *testing.T, s stage, ask func(*httptest.Server)) []migrate.Snapshot {
	var log bytes.Buffer
	a := newApp()
	a.clock = func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }
	a.store, a.tokens, a.rounds = newStore(a.clock), tokens("secret"), 1
	a.logger = slog.New(slog.NewTextHandler(&log, nil))
	a.migration.Plan = s.plan
	a.migration.Guard.Slower = -1 // a test measures nothing
	a.migration.Shadow = migrate.ShadowConfig{MaxConcurrent: 8, MaxSchedLatency: -1, Control: -1, Timeout: time.Minute}
	mux, err := a.service(a.steps()[s.step])
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		settle(t, mux)
		mux.ServeHTTP(w, r)
	}))
	ask(server)
	server.Close()
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	pairs := checkPairs(t, mux, s.plan)
	checkLog(t, log.String(), s.plan, len(pairs), int(requests.Load()))
	return pairs
}

// settle waits for the shadows under way.
func settle(t *testing.T, mux *adapt.Mux) {
	deadline := time.Now().Add(30 * time.Second)
	for pair := range mux.Migrations() {
		for s := pair.Snapshot().Shadows; s.Reserved+s.Running > 0; s = pair.Snapshot().Shadows {
			if time.Now().After(deadline) {
				t.Errorf("the shadows of %s do not end: %+v", pair.Name(), s)
				return
			}
			time.Sleep(100 * time.Microsecond)
		}
	}
}

// checkPairs asks what the pairs have counted: every shadow that may run has run and has found nothing,
// and new has never failed.
func checkPairs(t *testing.T, mux *adapt.Mux, plan migrate.Plan) (all []migrate.Snapshot) {
	for pair := range mux.Migrations() {
		s := pair.Snapshot()
		all = append(all, s)
		if s.Plan != plan || s.Mismatch > 0 || s.Latched != nil || s.Held != nil {
			t.Errorf("%s: plan %s, %d of %d differ, latched %v, held %v: %+v", s.Name, s.Plan, s.Mismatch, s.Compared, s.Latched, s.Held, pair.Mismatches())
		}
		for reason, n := range s.Shadows.Skipped {
			if n > 0 && reason != migrate.SkipMethod && reason != migrate.SkipConditional {
				t.Errorf("%s: %d requests had no shadow: %s", s.Name, n, reason)
			}
		}
		if s.Compared != s.Shadows.Started {
			t.Errorf("%s: %d shadows and %d comparisons: %v", s.Name, s.Shadows.Started, s.Compared, s.Shadows.Results)
		}
		for why, n := range s.Fallbacks {
			if n > 0 {
				t.Errorf("%s: old answered %d times for new: %s", s.Name, n, why)
			}
		}
	}
	return all
}

// checkLog holds the log to one line a request, which names the side, and to no errors.
func checkLog(t *testing.T, log string, plan migrate.Plan, pairs, requests int) {
	if n := strings.Count(log, "msg=request "); n != requests {
		t.Errorf("%d lines for %d requests", n, requests)
	}
	if strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the log has errors:\n%s", log)
	}
	served := map[string]bool{"old": strings.Contains(log, " side=old"), "new": strings.Contains(log, " side=new")}
	want := map[string]bool{"old": false, "new": false}
	if pairs > 0 {
		want["old"] = plan.Stage <= migrate.Canary
		want["new"] = plan.Stage >= migrate.Canary
	}
	if diff := cmp.Diff(want, served); diff != "" {
		t.Errorf("which sides have served (-want +got): %s", diff)
	}
}

// Each step has the same endpoints.
func TestSteps(t *testing.T) {
	a := newApp()
	var want []string
	for _, step := range []string{"port", "both", "done"} {
		mux, err := a.service(a.steps()[step])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for route := range mux.Routes() {
			got = append(got, route.Method+" "+route.Pattern)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 20 {
			t.Errorf("%s has %d endpoints (-port +step):\n%s", step, len(got), diff)
		}
	}
}
