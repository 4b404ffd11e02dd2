package adapt_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// D9: the rules of a scope are added to those of the scope around it.
func TestD9RulesAddUp(t *testing.T) {
	var pair *migrate.Pair
	ignore := func(path string) adapt.Scope {
		return adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow},
			Shadow: migrate.ShadowConfig{Control: -1, MaxSchedLatency: -1}, Rules: parity.Rules{Ignore: []string{path}}}}
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(ignore("header.x-one"), func(r *adapt.Routes) {
			r.Scope(ignore("header.x-two"), func(r *adapt.Routes) {
				pair = r.Migrate("GET", "/x",
					func(_ *reqres.Request, res *reqres.Response) error {
						return res.Set("X-One", "1").Set("X-Two", "1").JSON(1)
					},
					func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(1) })
			})
		})
	})
	if got := served.Ask(t, mux, "GET", "/x"); got.Status != http.StatusOK {
		t.Fatal(got)
	}
	s := pair.Snapshot()
	for deadline := time.Now().Add(20 * time.Second); s.Compared == 0 && time.Now().Before(deadline); s = pair.Snapshot() {
		time.Sleep(time.Millisecond)
	}
	if s.Compared != 1 || s.Mismatch != 0 {
		t.Errorf("%d compared, %d differ at %v", s.Compared, s.Mismatch, s.Places)
	}
}

// D9: a rule of a scope is stale where no pair of the scope needs it, and that is told once.
func TestD9StaleRulesAreToldOnce(t *testing.T) {
	var pairs []*migrate.Pair
	sets := func(name string) (reqres.Handler, fetch.Handler) {
		return func(_ *reqres.Request, res *reqres.Response) error { return res.Set(name, "1").JSON(1) },
			func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(1) }
	}
	config := served.Patient(migrate.Shadow)
	config.Rules = parity.Rules{
		Ignore: []string{"header.x-one", "header.x-two", "header.x-three"},
		Within: []parity.Tolerance{{Path: "body.price", Abs: 1}},
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
			for _, name := range []string{"X-One", "X-Two"} {
				old, next := sets(name)
				pairs = append(pairs, r.Migrate("GET", "/"+name, old, next))
			}
			old, next := sets("X-Three") // nobody asks for it, so of its rules nothing is known
			r.Migrate("GET", "/unused", old, next)
		})
	})
	if p := mux.Progress(); p.Stale != nil {
		t.Errorf("before anything was compared: %q", p.Stale)
	}
	served.Ask(t, mux, "GET", "/X-One")
	served.Ask(t, mux, "GET", "/X-Two")
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := mux.Progress()
	if d := cmp.Diff([]string{`Ignore "header.x-three"`, `Within "body.price"`}, p.Stale); d != "" {
		t.Errorf("stale rules (-want +got)\n%s", d)
	}
	if n := strings.Count(p.String(), `Ignore "header.x-three"`); n != 1 {
		t.Errorf("told %d times\n%s", n, p)
	}
	if !regexp.MustCompile(`/X-One .* 1 +0 +[\d.]+(ns|µs|ms|s) / [\d.]+(ns|µs|ms|s) +- `).MatchString(p.String()) {
		t.Errorf("the report does not say how long old takes:\n%s", p)
	}
	for _, row := range p.Endpoints {
		if row.Migration.Stale != nil {
			t.Errorf("told again of %s: %q", row.Pattern, row.Migration.Stale)
		}
	}
	if own := pairs[0].Snapshot().Stale; len(own) != 3 {
		t.Errorf("the pair itself knows %q", own)
	}
}

// D7: the Date that a proxied side brings along is not a difference.
func TestD7DateIsNoEvidence(t *testing.T) {
	var pair *migrate.Pair
	proxied := reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("x"))
	}))
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow},
			Shadow: migrate.ShadowConfig{Control: -1, MaxSchedLatency: -1}}}, func(r *adapt.Routes) {
			pair = r.Migrate("GET", "/x", proxied, func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("x") })
		})
	})
	served.Ask(t, mux, "GET", "/x")
	s := pair.Snapshot()
	for deadline := time.Now().Add(20 * time.Second); s.Compared == 0 && time.Now().Before(deadline); s = pair.Snapshot() {
		time.Sleep(time.Millisecond)
	}
	if s.Compared != 1 || s.Mismatch != 0 {
		t.Errorf("%d compared, %d differ at %v", s.Compared, s.Mismatch, s.Places)
	}
}
