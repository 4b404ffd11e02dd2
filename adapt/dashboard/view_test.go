package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

type row struct {
	Name, Owner     string
	Plan, Wanted    migrate.Plan
	Holds           []struct{ What, Why, By string }
	Minute          struct{ Old, New migrate.Share }
	Total           struct{ Old, New uint64 }
	Compared        uint64
	Different       uint64
	Method, Pattern string
	Rate            struct{ Old, New float64 }
	Guard           migrate.GuardView
	Source, Handler string
	By, Document    string
	Since           time.Time
	P99             struct{ Old, New float64 }
}

type group struct{ Class, Verdict, Kind, Path, Old, New, Rule, Curl string }

type opened struct {
	Row      row
	Snapshot migrate.Snapshot
	Groups   []group
	Missing  []struct{ Code string }
	Series   struct {
		Step    int
		Times   []float64
		Columns map[string][]float64
	}
}

type state struct {
	Version int
	At      time.Time
	Routes  adapt.Count
	Traffic adapt.Traffic
	Owners  map[string]adapt.Count
	Pairs   []row
	Changes []struct{ Kind string }
	Open    *opened
}

// The figures are those of whoever has sent the requests, in every place that shows them.
func TestFigures(t *testing.T) {
	s := start(t, dashboard.Config{})
	s.set(users, migrate.Canary, 0.5)
	const asked = 120
	failed := s.traffic(asked)
	var got opened
	eventually(t, "all requests are seen", func() bool {
		got = decoded[opened](s, "x read", pairPath("v1/pair", users))
		return got.Row.Minute.Old.Of+got.Row.Minute.New.Of == asked
	})
	total := state{}
	eventually(t, "and in the overview", func() bool {
		total = decoded[state](s, "x read", "v1/state")
		return total.Traffic.Old+total.Traffic.New == asked
	})
	if failed > 0 || got.Row.Total.Old == 0 || got.Row.Total.New == 0 || got.Row.Total.Old+got.Row.Total.New != asked {
		t.Errorf("%d failed; the row has %+v", failed, got.Row.Total)
	}
	if got.Row.Total.Old != total.Traffic.Old || got.Row.Total.New != total.Traffic.New || got.Row.Total.New != got.Snapshot.New[migrate.Answered] {
		t.Errorf("the row has %+v, the overview %+v, the snapshot %v", got.Row.Total, total.Traffic, got.Snapshot.New)
	}
	sum := 0.0
	for i := range got.Series.Times {
		sum += got.Series.Columns["old"][i] + got.Series.Columns["new"][i]
	}
	if sum != asked || got.Series.Step != 1 {
		t.Errorf("the series adds up to %v of %d", sum, asked)
	}
	want := adapt.Count{Fetch: 1, Migrating: 2, ReqRes: 1, HTTP: 1}
	if diff := cmp.Diff(want, total.Routes); diff != "" {
		t.Errorf("endpoints (-want +got):\n%s", diff)
	}
	owners := map[string]adapt.Count{"people": {Migrating: 1}, "money": {Migrating: 1}, "": {Fetch: 1, ReqRes: 1, HTTP: 1}}
	if diff := cmp.Diff(owners, total.Owners); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
}

// A request that fell back was answered by old, and is one.
func TestTrafficIsWhatClientsGot(t *testing.T) {
	s := start(t, dashboard.Config{})
	s.set(users, migrate.Canary, 1)
	s.fail(true)
	const asked = 20
	if failed := s.traffic(asked); failed > 0 {
		t.Errorf("%d of %d clients got a failure that old could answer", failed, asked)
	}
	eventually(t, "each is counted once, for old", func() bool {
		return decoded[state](s, "x read", "v1/state").Traffic == adapt.Traffic{Old: asked}
	})
	if n := s.pair(users).Snapshot().Fallbacks[migrate.FallbackRun]; n == 0 {
		t.Error("none fell back")
	}
}

// A list is a list from the start, also while nothing is in it: a script need not ask.
func TestListsAreLists(t *testing.T) {
	s := start(t, dashboard.Config{})
	for _, path := range []string{"v1/state", pairPath("v1/pair", users), "v1/endpoints", "v1/audit", pairPath("v1/verdict", users)} {
		if body := strings.ReplaceAll(s.ask("ada raise", "GET", path, "").body, `"follow":null`, ""); strings.Contains(body, "null") {
			t.Errorf("%s has null: %s", path, body)
		}
	}
}

// Values are shown where the pair keeps them and the level allows; else places and types.
func TestValues(t *testing.T) {
	for _, keep := range []bool{false, true} {
		s := start(t, dashboard.Config{}, func(r *adapt.Routes) {
			s := &service{}
			c := migrate.Config{KeepValues: keep, Plan: migrate.Plan{Stage: migrate.Shadow}, Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, MaxConcurrent: 8, Control: -1}}
			r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) { r.Migrate("GET", "/kept/:id", s.oldUser, s.newUser) })
		})
		s.ask("", "GET", "/kept/13?q=secret-query", "", "Authorization: Bearer secret", "Accept: text/x-secret")
		const path = "v1/pair?pair=GET+/kept/:id"
		eventually(t, "the difference is found", func() bool { return len(decoded[opened](s, "ada raise", path).Groups) == 1 })
		for _, as := range []string{"ada read", "ada lower", "ada raise"} {
			want := group{"body.name", "unknown", "value", "body.name", "string", "string", `Rules: parity.Rules{Ignore: []string{"body.name"}},`, ""}
			if keep && as == "ada raise" {
				want.Old, want.New = `"Ada"`, `"Bob"`
				want.Curl = `curl -i -X GET -H 'Accept: text/x-secret' -H 'As: ' -H 'Key: ' '` + strings.TrimSuffix(s.url, "/admin/m/") + `/kept/13?q=secret-query'`
			}
			got := decoded[opened](s, as, path).Groups[0]
			got.Curl = strings.ReplaceAll(strings.ReplaceAll(got.Curl, ` -H 'User-Agent: Go-http-client/1.1'`, ""), ` -H 'As: '`, ` -H 'As: ' -H 'Key: '`)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("kept: %t, %s (-want +got):\n%s", keep, as, diff)
			}
			if body := s.ask(as, "GET", path, "").body; want.Curl == "" && (strings.Contains(body, "Bob") || strings.Contains(body, "secret")) {
				t.Errorf("kept: %t, %s: a value is shown in %s", keep, as, body)
			}
		}
	}
}

// What is left is listed for those who are to do it, and what nobody reaches any more.
func TestLeft(t *testing.T) {
	s := start(t, dashboard.Config{}, func(r *adapt.Routes) {
		app := r.Legacy("/shop", adapt.App{Name: "gin", Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{
			{Method: "GET", Pattern: "/a", Handler: "shop.a", Source: "a.go:1"}, {Method: "GET", Pattern: "/b", Handler: "shop.b", Source: "b.go:2"}}})
		app.Moved("GET", "/a", (&service{}).newUser)
	})
	md := s.ask("x read", "GET", "v1/left.md", "").body
	for _, want := range []string{
		"# What is left\n\n2 endpoints have moved, 2 are migrating, 2 have not begun.\n",
		"## `money`\n\n- [ ] `POST /orders`, migrating: old, `", "- [ ] `GET /users/me`, reqres, `", "- [ ] `GET /shop/b`, legacy of `gin`, `shop.b` at `b.go:2`\n",
		"\n## Dead, and to be deleted\n\n- [ ] `GET /shop/a` of `gin`: `shop.a` at `a.go:1`\n",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
	all := decoded[struct {
		Endpoints []adapt.Row
		Overlaps  []struct {
			Winner, Loser, Example string
			Dead                   bool
		}
	}](s, "x read", "v1/endpoints")
	if len(all.Endpoints) != 7 || len(all.Overlaps) < 2 || !all.Overlaps[len(all.Overlaps)-1].Dead || all.Overlaps[len(all.Overlaps)-1].Loser != "GET /shop/a" {
		t.Errorf("%d endpoints, overlaps %+v", len(all.Endpoints), all.Overlaps)
	}
}

// stream reads server-sent events.
type stream struct {
	t    *testing.T
	res  *http.Response
	scan *bufio.Scanner
}

func (s *service) live(as, query string) *stream {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	req, _ := http.NewRequestWithContext(ctx, "GET", s.url+"v1/live"+query, nil)
	req.Header.Set("As", as)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { res.Body.Close() })
	scan := bufio.NewScanner(res.Body)
	scan.Buffer(nil, 4<<20)
	return &stream{s.t, res, scan}
}

// next is the next event; "" is the end.
func (s *stream) next() (name string, what state) {
	s.t.Helper()
	for s.scan.Scan() {
		switch kind, text, _ := strings.Cut(s.scan.Text(), ": "); kind {
		case "event":
			name = text
		case "data":
			if err := json.Unmarshal([]byte(text), &what); err != nil {
				s.t.Error(err)
			}
			return name, what
		}
	}
	return "", what
}

// A page that is open is told the whole once, and then what changes, at once when somebody acts.
func TestLive(t *testing.T) {
	s := start(t, dashboard.Config{})
	l := s.live("ada raise", "?pair=GET+/users/:id")
	if l.res.Header.Get("Content-Type") != "text/event-stream" || l.res.Header.Get("X-Accel-Buffering") != "no" {
		t.Errorf("the head is %v", l.res.Header)
	}
	name, first := l.next()
	if name != "state" || len(first.Pairs) != 2 || first.Open == nil || first.Open.Row.Name != users {
		t.Fatalf("first comes %s %+v", name, first)
	}
	s.ask("ada raise", "POST", "v1/act", kill)
	at := s.pair(users).Snapshot().Held.At
	for late := 0; ; {
		name, tick := l.next()
		if name != "tick" {
			t.Fatalf("then comes %q", name)
		}
		if len(tick.Pairs) > 1 {
			t.Errorf("a tick has rows that have not changed: %+v", tick.Pairs)
		}
		if len(tick.Pairs) == 1 && len(tick.Pairs[0].Holds) == 1 && tick.Open.Snapshot.Held != nil {
			break
		}
		if tick.At.After(at) { // one that was on its way, and one of a look that was under way
			if late++; late > 2 {
				t.Fatalf("%d ticks after a kill say nothing of it", late)
			}
		}
	}
}

// A stream ends when its visitor may not see it any more, and with the server and the mux.
func TestLiveEnds(t *testing.T) {
	t.Parallel()
	s := start(t, dashboard.Config{})
	l := s.live("eve raise", "")
	l.next()
	s.cap("eve", dashboard.None)
	began := time.Now()
	for name := "tick"; name != ""; name, _ = l.next() {
		if time.Since(began) > time.Minute {
			t.Fatal("the stream goes on for somebody who may not see it")
		}
	}
	l = s.live("ada raise", "")
	l.next()
	if err := s.mux.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name := "tick"; name != ""; name, _ = l.next() {
	}
	if a := s.ask("ada read", "GET", "v1/state", ""); a.status != 200 {
		t.Errorf("after Shutdown the page is %d", a.status)
	}
}

// http.Server.Shutdown does not wait for pages that are open.
func TestServerShutdown(t *testing.T) {
	t.Parallel()
	m, err := adapt.New(func(r *adapt.Routes) {
		r.Mount("/m", dashboard.New(dashboard.Config{Authorize: func(*http.Request) (string, dashboard.Level) { return "x", dashboard.Read }}))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Shutdown(t.Context())
	server := &http.Server{Handler: m, WriteTimeout: time.Second, ReadTimeout: time.Second}
	at := listen(t, server)
	s := &service{t: t, url: at + "/m/"}
	l := s.live("", "")
	for began := time.Now(); time.Since(began) < 2500*time.Millisecond; { // beyond WriteTimeout
		if name, _ := l.next(); name == "" {
			t.Fatal("the stream ends with the time for an ordinary answer")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown waits for a page that is open: %v", err)
	}
}

// Pages beyond the bound are told to come again.
func TestTooManyPages(t *testing.T) {
	s := start(t, dashboard.Config{})
	for range 64 {
		s.live("x read", "").next()
	}
	if a := s.ask("x read", "GET", "v1/live", ""); a.status != 503 || a.header.Get("Retry-After") != "10" {
		t.Errorf("the 65th page: %d %s", a.status, a.body)
	}
}
