package adapt_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

func followed(r *adapt.Routes) {
	r.Scope(adapt.Scope{Migration: migrate.Config{Key: migrate.HeaderKey("User")}}, func(r *adapt.Routes) {
		r.Migrate("GET", "/users/:id",
			func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") },
			func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("new") })
	})
}

func answer(t *testing.T, mux *adapt.Mux) string {
	t.Helper()
	res, err := mux.Fetch(fetch.NewRequest("GET", "/users/1", fetch.RequestHeader("User", "ada")))
	if err != nil {
		t.Fatal(err)
	}
	text, err := res.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A mux follows one source from Follow to Shutdown, and serves what the document wants.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mux, err := adapt.New(followed)
		if err != nil {
			t.Fatal(err)
		}
		m := new(sourcetest.Memory)
		if err := mux.Follow(t.Context(), nil, migrate.FollowConfig{Stale: -1}); err == nil || !strings.Contains(err.Error(), "no Source") || !strings.Contains(err.Error(), "Stale") {
			t.Errorf("mistakes: %v", err)
		}
		if err := mux.Follow(t.Context(), m, migrate.FollowConfig{}); err != nil {
			t.Fatal(err)
		}
		if err := mux.Follow(t.Context(), m, migrate.FollowConfig{}); err == nil {
			t.Error("a mux follows two sources")
		}
		if got := answer(t, mux); got != "old" {
			t.Errorf("before anything is said %s answers", got)
		}
		m.Put(migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{"GET /users/:id": {Plan: &migrate.Plan{Stage: migrate.New}}}})
		time.Sleep(time.Second)
		synctest.Wait()
		if got := answer(t, mux); got != "new" {
			t.Errorf("the document says new, and %s answers", got)
		}
		if err := mux.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		m.Put(migrate.Document{Version: 2, Pairs: map[string]migrate.Directive{"GET /users/:id": {Plan: &migrate.Plan{}}}})
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := answer(t, mux); got != "new" {
			t.Errorf("after Shutdown a document is followed: %s answers", got)
		}
		if err := mux.Follow(t.Context(), m, migrate.FollowConfig{}); err == nil {
			t.Error("Follow after Shutdown")
		}
	})
}

// stubborn is a source that does not end when it is told to.
type stubborn struct{ began, end chan struct{} }

func (s stubborn) Watch(context.Context, func(migrate.Document)) error {
	close(s.began)
	<-s.end
	return nil
}

func TestShutdownDoesNotWaitForeverForASource(t *testing.T) {
	mux, err := adapt.New(followed)
	if err != nil {
		t.Fatal(err)
	}
	s := stubborn{make(chan struct{}), make(chan struct{})}
	if err := mux.Follow(t.Context(), s, migrate.FollowConfig{}); err != nil {
		t.Fatal(err)
	}
	<-s.began
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := mux.Shutdown(short); err == nil || !strings.Contains(err.Error(), "source") {
		t.Errorf("Shutdown: %v", err)
	}
	close(s.end)
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown again: %v", err)
	}
}

// Every replica follows one document. A team changes the file, and no replica is called.
func ExampleMux_Follow() {
	dir, err := os.MkdirTemp("", "plans")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	plans := filepath.Join(dir, "plans.json")
	text := `{"version": 1, "pairs": {"GET /users/:id": {"plan": {"stage": "canary", "share": 0.2}, "by": "ada"}}}`
	if err := os.WriteFile(plans, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}

	mux, err := adapt.New(followed)
	if err != nil {
		log.Fatal(err)
	}
	if err := mux.Follow(context.Background(), migrate.File(plans), migrate.FollowConfig{Cache: filepath.Join(dir, "cache.json")}); err != nil {
		log.Fatal(err)
	}
	pair, _ := mux.Migration("GET /users/:id")
	for pair.Plan().Stage == migrate.Old {
		time.Sleep(time.Millisecond) // it is followed in the background
	}
	fmt.Println(pair.Plan(), "by", pair.Snapshot().By)
	if err := mux.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: canary 20 % by ada
}
