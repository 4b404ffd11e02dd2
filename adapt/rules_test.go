package adapt_test

import (
	"net/http"
	"testing"
	"time"

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
