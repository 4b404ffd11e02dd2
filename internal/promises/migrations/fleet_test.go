package migrations_test

// What leaves the process for the other replicas, for the next start, and for who looks at the page.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// No value of a request or an answer is in the document, the counts, the cache, the events, the log
// and the page of a fleet that goes back. Whatever carries documents and counts, as NATS and Redis
// do, carries these.
func TestNoValueLeaksToTheFleet(t *testing.T) {
	const taint = "t41nt"
	cache := filepath.Join(t.TempDir(), "plans.json")
	all := map[string]string{}
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var mu sync.Mutex
		logger := slog.New(slog.NewJSONHandler(writer(func(p []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return log.Write(p)
		}), &slog.HandlerOptions{Level: slog.LevelDebug}))
		old := func(req *reqres.Request, res *reqres.Response) error {
			return res.Set("X-V", taint).JSON(map[string]any{"v": taint, "echo": req.Query("q")})
		}
		next := func(req *fetch.Request) (*fetch.Response, error) {
			return nil, fmt.Errorf("%s: %s is not there", taint, req.Param("id"))
		}
		mux, err := adapt.Config{Logger: logger}.New(func(r *adapt.Routes) {
			r.Mount("/page", dashboard.New(dashboard.Config{Authorize: func(*http.Request) (string, dashboard.Level) { return "ada", dashboard.Raise }}))
			c := migrate.Config{Key: migrate.HeaderKey("User"), OnEvent: migrate.LogEvents(logger), Shadow: migrate.ShadowConfig{MaxSchedLatency: -1}}
			r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
				r.Migrate("GET", "/users/:id", old, next)
				r.Migrate("POST", "/orders/:id", old, next)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		defer mux.Shutdown(context.Background())
		plans, counts := new(sourcetest.Memory), new(recorder)
		plan := migrate.Plan{Stage: migrate.Canary, Share: 0.5}
		plans.Put(migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{"GET /users/:id": {Plan: &plan}, "POST /orders/:id": {Plan: &plan}}})
		if err := mux.Follow(t.Context(), plans, migrate.FollowConfig{Cache: cache, Peers: counts, FleetTrip: migrate.Quorum{Least: 1}}); err != nil {
			t.Fatal(err)
		}
		ask := func(method, target string) string {
			res, err := mux.Fetch(fetch.NewRequest(method, target, fetch.RequestHeader("User", fmt.Sprint(taint, target, time.Now())), fetch.RequestHeader("X-"+taint, taint)))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Close()
			text, err := res.Text()
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		for i := range 200 {
			ask("GET", fmt.Sprintf("/users/%s-%d?q=%s", taint, i, taint))
			ask("POST", fmt.Sprintf("/orders/%s-%d?q=%s", taint, i, taint))
			time.Sleep(50 * time.Millisecond)
		}
		for p := range mux.Migrations() {
			is := p.Snapshot()
			if is.Plan.Stage != migrate.Old {
				t.Errorf("%s is at %v; want it held, so that there is something to leak", is.Name, is.Plan)
			}
			text, err := json.Marshal(is)
			if err != nil {
				t.Fatal(err)
			}
			all["snapshot of "+is.Name] = string(text)
		}
		for _, path := range []string{"", "v1/state", "v1/pair?pair=GET+/users/:id", "v1/pair?pair=POST+/orders/:id", "v1/verdict?pair=GET+/users/:id", "v1/endpoints", "v1/left.md", "v1/audit"} {
			all["page, "+path] = ask("GET", "/page/"+path)
		}
		ctx, cancel := context.WithCancel(t.Context())
		_ = plans.Watch(ctx, func(d migrate.Document) {
			defer cancel()
			text, err := json.Marshal(d)
			if err != nil || d.Version < 2 {
				t.Errorf("the fleet has written nothing: version %d, %v", d.Version, err)
			}
			all["document"] = string(text)
		})
		all["counts"] = counts.text()
		mu.Lock()
		for line := range strings.Lines(log.String()) {
			if !strings.Contains(line, `"path":`) { // such a line is about one request whose error nobody else has seen
				all["log"] += line
			}
		}
		mu.Unlock()
	})
	text, err := os.ReadFile(cache)
	if err != nil {
		t.Error(err)
	}
	all["cache"] = string(text)
	for where, text := range all {
		if text == "" {
			t.Errorf("there is nothing to look at: %s", where)
		}
		if i := strings.Index(strings.ToLower(text), taint); i >= 0 {
			t.Errorf("a value leaks into the %s: …%s…", where, text[max(0, i-200):min(len(text), i+60)])
		}
	}
}

// recorder keeps the counts that a replica publishes, and tells it of another one, which has tripped.
type recorder struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (r *recorder) Publish(_ context.Context, c migrate.Counts) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return json.NewEncoder(&r.all).Encode(c)
}

func (r *recorder) Watch(ctx context.Context, put func(migrate.Counts)) error {
	for tick := time.Tick(100 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			put(migrate.Counts{Pair: "POST /orders/:id", Replica: "another", Version: 1, Epoch: 1, Tripped: true})
		}
	}
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, _ := io.ReadAll(&r.all)
	return string(text)
}
