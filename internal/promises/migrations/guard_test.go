package migrations_test

// Faults of new that only a connection shows, and what the guard makes of them; and shadows of one
// pair that hang, beside those of another.

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// quick is a migration whose guard needs half a second.
func quick(stage migrate.Stage) migrate.Config {
	c := served.Patient(stage)
	c.Guard.Dwell, c.Shadow.Timeout = time.Millisecond, 100*time.Millisecond
	if stage == migrate.Canary {
		c.Plan.Share = 0.5
	}
	return c
}

// until asks s with a new key each time until the pair has tripped, and returns why. A client leaves
// when it hears that the handler has begun, if it is told.
func until(t *testing.T, s *httptest.Server, p *migrate.Pair, begun <-chan struct{}) *migrate.Trip {
	t.Helper()
	for n, end := 0, time.Now().Add(time.Minute); time.Now().Before(end); n++ {
		ctx, leave := context.WithCancel(t.Context())
		go func() {
			select {
			case <-begun:
				leave()
			case <-ctx.Done():
			}
		}()
		req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/p/1?key="+strings.Repeat("k", n%1000), nil)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := s.Client().Do(req); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
		leave()
		if trip := p.Snapshot().Latched; trip != nil {
			return trip
		}
	}
	t.Errorf("no trip in a minute: %+v", p.Snapshot())
	return &migrate.Trip{}
}

// E2: at Live every answer of new breaks in the middle. Old is heard as its shadow.
func TestE2BrokenAnswersAtLive(t *testing.T) {
	breaks := map[string]fetch.Handler{
		"a stream that fails": func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				_, _ = w.Write(make([]byte, 10<<10))
				_ = w.Flush()
				return errors.New("broken")
			})
		},
		"an abort": func(*fetch.Request) (*fetch.Response, error) { panic(http.ErrAbortHandler) },
		"a panic after the head": fetch.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "new")
			_ = http.NewResponseController(w).Flush()
			panic("broken")
		})),
	}
	for name, next := range breaks {
		for i, a := range around {
			if !full.On && i != len(around)-1 {
				continue // through the most there is
			}
			t.Run(name+" behind "+a.name, func(t *testing.T) {
				t.Parallel() // they mostly wait
				c := quick(migrate.Live)
				c.Guard.MaxPanics = -1
				mux, pair := migration(t, c, "GET", a.use, served.OldSays("old"), next)
				trip := until(t, served.Serve(t, mux, false), pair, nil)
				s := drained(t, pair)
				if trip.Reason != migrate.TripErrors || trip.Old.Of == 0 || s.Shadows.Results[migrate.ResultBaseline] == 0 {
					t.Errorf("tripped by %+v; shadows %+v", trip, s.Shadows)
				}
			})
		}
	}
}

// E3: new hangs until its clients leave, whether it looks at its context or not. What it returns
// then nobody gets.
func TestE3HangsAreSeen(t *testing.T) {
	for name, hang := range map[string]func(ctx context.Context) error{
		"obeys":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"ignores": func(ctx context.Context) error { <-ctx.Done(); time.Sleep(time.Millisecond); return nil },
	} {
		for i, a := range around {
			if !full.On && i%4 != 0 {
				continue // the first and the last say most
			}
			t.Run(name+" behind "+a.name, func(t *testing.T) {
				t.Parallel() // they mostly wait
				begun := make(chan struct{}, 1)
				mux, pair := migration(t, quick(migrate.Canary), "GET", a.use, served.OldSays("old"), func(req *fetch.Request) (*fetch.Response, error) {
					if !migrate.IsShadow(req.Context()) {
						begun <- struct{}{}
					}
					if err := hang(req.Context()); err != nil {
						return nil, err
					}
					return fetch.Text("late")
				})
				trip := until(t, served.Serve(t, mux, false), pair, begun)
				s := drained(t, pair)
				if trip.Reason != migrate.TripHangs || s.New[migrate.Answered] != 0 || s.New[migrate.Failed] != 0 || s.New[migrate.ClientGone] < 5 {
					t.Errorf("tripped by %+v; new %v", trip, served.Counted(s.New))
				}
			})
		}
	}
}

// E5: a candidate of one pair never returns, and a client of it does not read: the shadows of
// another pair run as ever.
func TestE5OnePairDoesNotTakeShadowsFromAnother(t *testing.T) {
	release := make(chan struct{})
	c := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow},
		Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, Control: -1, Timeout: time.Millisecond}}
	large := make([]byte, 16<<20) // more than sockets take
	var stuck, slow, other *migrate.Pair
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			stuck = r.Migrate("GET", "/stuck", served.OldSays("old"), func(*fetch.Request) (*fetch.Response, error) { <-release; return fetch.NoContent() })
			slow = r.Migrate("GET", "/slow", func(_ *reqres.Request, res *reqres.Response) error {
				return res.Send(large)
			}, served.Says("new"))
			other = r.Migrate("GET", "/other", served.OldSays("old"), served.Says("old"))
		})
	})
	t.Cleanup(func() { close(release) })
	s := served.Serve(t, mux, false)
	get := func(path string) {
		res, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	for asked, end := 0, time.Now().Add(time.Minute); asked < 20 || stuck.Snapshot().Shadows.Stuck < 4; asked++ {
		get("/stuck")
		if time.Now().After(end) {
			t.Fatalf("stuck candidates: %+v", stuck.Snapshot().Shadows)
		}
		time.Sleep(2 * time.Millisecond)
	}
	for range 20 { // clients that do not read
		res, err := s.Client().Get(s.URL + "/slow")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
	}
	await(t, slow, func(s migrate.Snapshot) bool { return s.Shadows.Reserved == 20 })
	const asked = 50
	for n := range asked {
		get("/other")
		await(t, other, func(s migrate.Snapshot) bool { return s.Shadows.Started == uint64(n+1) && s.Shadows.Running == 0 })
	}
	if s := stuck.Snapshot().Shadows; s.Stuck < 4 || s.Stuck > 4+uint64(max(1, s.Running-s.Stuck)) {
		t.Errorf("stuck candidates: %+v", s)
	}
	if s := other.Snapshot().Shadows; s.Results[migrate.ResultTimeout]+s.Results[migrate.ResultEqual]+s.Results[migrate.ResultDifferent] != asked {
		t.Errorf("of %d requests: %+v", asked, s)
	}
}
