package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Each endpoint that gives an answer for itself is compared with itself, in both
// directions of conversion: in a thousand answers (ten thousand with CROSSFADE_FULL) there is no difference. A
// comparison that raises false alarms is switched off before it finds a bug.
func TestServiceAgainstItself(t *testing.T) {
	total := 1000
	if os.Getenv("CROSSFADE_FULL") != "" {
		total = 10_000
	}
	a, err := newApp(t.Context(), "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.store.Close()
	config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, KeepValues: true}
	config.Shadow = migrate.ShadowConfig{MaxConcurrent: 4, MaxSchedLatency: -1, Control: -1}
	mux, err := adapt.Config{Logger: a.log}.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
			r.Migrate("GET", "/", adapt.ToReqRes(toPage), toPage)
			r.Migrate("GET", "/list", adapt.ToReqRes(a.list), a.list)
			r.Migrate("GET", "/search", a.search, adapt.ToFetch(a.search))
			r.Migrate("GET", "/old/:id", a.oldCocktail, adapt.ToFetch(a.oldCocktail))
			r.Migrate("GET", "/new/:id", adapt.ToReqRes(a.newCocktail), a.newCocktail)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.store.list(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	targets := []string{"/", "/list", "/search", "/search?ingredient=none", "/old/water", "/new/water"}
	for _, c := range all {
		targets = append(targets, "/old/"+c.ID, "/new/"+c.ID, "/search?ingredient="+c.ID)
	}
	for _, word := range []string{"gin", "rum", "lime", "sugar", "vodka", "tea"} {
		targets = append(targets, "/search?ingredient="+word)
	}
	var compared uint64
	for n := range total {
		method := []string{"GET", "GET", "GET", "HEAD"}[n%4]
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, targets[n%len(targets)], http.NoBody))
		if _, err := io.Copy(io.Discard, w.Body); err != nil || w.Code >= 500 {
			t.Fatalf("%s %s: %d", method, targets[n%len(targets)], w.Code)
		}
		waitForShadows(mux)
	}
	if err := mux.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	for p := range mux.Migrations() {
		s := p.Snapshot()
		compared += s.Compared
		for _, m := range p.Mismatches() {
			t.Errorf("%s differs from itself: %s", p.Name(), m.Report)
		}
		if s.Compared == 0 {
			t.Errorf("%s was not compared: %v", p.Name(), s.Shadows)
		}
	}
	if compared != uint64(total) {
		t.Errorf("%d were compared, want %d", compared, total)
	}
}

// waitForShadows lets the shadows under way end, so that none is left out.
func waitForShadows(mux *adapt.Mux) {
	for p := range mux.Migrations() {
		for {
			if s := p.Snapshot().Shadows; s.Running+s.Reserved == 0 {
				break
			}
			runtime.Gosched()
		}
	}
}
