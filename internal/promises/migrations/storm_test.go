package migrations_test

// Storms over a whole mux: new breaks in one way or another, at every share, and what becomes of
// the pair. Time is a bubble's, so that minutes cost none; what the rule does by itself is the
// simulation of internal/guard.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// storm is what the sides do: a part of their requests fails in the way of new.
type storm struct {
	name     string
	method   string // GET
	old, new float64
	fails    func(ctx context.Context) (*fetch.Response, error) // nil: an error
	wait     time.Duration                                      // of new, for each answer; old takes 20 ms
	holdback float64                                            // at Live
	trips    string                                             // at the shares of shares: t trips, - does not
}

// shares are those of the canary; the last is Live.
var shares = []float64{0.05, 0.25, 0.5, 0.8, 0.9, 0.95, 0.99, 1}

var errStorm = errors.New("a storm")

func breaks(context.Context) (*fetch.Response, error) {
	return fetch.StreamFunc(func(w *fetch.Writer) error {
		_, _ = w.WriteString("begun")
		_ = w.Flush()
		return errStorm
	})
}

func hangs(ctx context.Context) (*fetch.Response, error) { <-ctx.Done(); return nil, ctx.Err() }

var storms = []storm{
	{name: "healthy: 1 % against 1 %", old: 0.01, new: 0.01, trips: "--------"},
	{name: "an outage that both share", old: 0.5, new: 0.5, trips: "--------"},
	{name: "3 % against 0.1 %", old: 0.001, new: 0.03, trips: "tttttttt"},
	{name: "10 % against 1 %", old: 0.01, new: 0.1, trips: "tttttttt"},
	{name: "all of them", new: 1, trips: "tttttttt"},
	{name: "30 % of the streams break", new: 0.3, fails: breaks, trips: "tttttttt"},
	{name: "all streams break", new: 1, fails: breaks, trips: "tttttttt"},
	{name: "half of them hang", new: 0.5, fails: hangs, trips: "ttttttt-"},
	{name: "half of them hang, with a hold-back", new: 0.5, fails: hangs, holdback: 0.05, trips: "tttttttt"},
	{name: "ten times slower", wait: 200 * time.Millisecond, trips: "ttttttt-"},
	{name: "POST, all of them", method: "POST", new: 1, trips: "tttttttt"},
}

// play sends so many requests, 50 in a second, or less when the pair has tripped. It returns how
// many of them new has answered, and whether it tripped.
func (s storm) play(t *testing.T, share float64, most int) (n uint64, trip migrate.TripReason) {
	rng := rand.New(rand.NewPCG(1, uint64(share*100)))
	config := served.Patient(migrate.Canary)
	config.Key = func(r *http.Request) (string, bool) { return r.Header.Get("X-Key"), true }
	config.Plan.Share = share
	config.Guard.Holdback = s.holdback
	if share == 1 {
		config.Plan = migrate.Plan{Stage: migrate.Live}
	}
	method := s.method
	if method == "" {
		method = http.MethodGet
	}
	fails := s.fails
	if fails == nil {
		fails = func(context.Context) (*fetch.Response, error) { return nil, errStorm }
	}
	var pair *migrate.Pair
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
			pair = r.Migrate(method, "/x", func(req *reqres.Request, res *reqres.Response) error {
				time.Sleep(20 * time.Millisecond)
				if req.Header("X-Old-Fails") != "" {
					return errStorm
				}
				return res.Send("x")
			}, func(req *fetch.Request) (*fetch.Response, error) {
				time.Sleep(max(s.wait, 20*time.Millisecond))
				if req.Header("X-New-Fails") != "" {
					return fails(req.Context())
				}
				return fetch.HTML("x")
			})
		})
	})
	for i := 0; i < most && pair.Snapshot().Latched == nil; i++ {
		ctx, cancel := context.WithCancel(t.Context())
		req := httptest.NewRequest(method, "/x", nil).WithContext(ctx)
		req.Header.Set("X-Key", fmt.Sprint(rng.Uint64()))
		if rng.Float64() < s.old {
			req.Header.Set("X-Old-Fails", "1")
		}
		if rng.Float64() < s.new {
			req.Header.Set("X-New-Fails", "1")
		}
		go func() {
			defer cancel()
			leaves := time.AfterFunc(2*time.Second, cancel)
			defer leaves.Stop()
			mux.ServeHTTP(httptest.NewRecorder(), req)
		}()
		time.Sleep(20 * time.Millisecond)
	}
	snapshot := pair.Snapshot()
	if snapshot.Latched != nil {
		trip = snapshot.Latched.Reason
	}
	time.Sleep(5 * time.Second) // what is under way
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	return served.Total(snapshot.New), trip
}

// A storm takes the pair back wherever the guard can see it, and nothing else does. With -v the log
// is the table: how many requests new answered until then, and why it was taken back.
func TestStorms(t *testing.T) {
	for _, s := range storms {
		var row, got, want strings.Builder
		for i, share := range shares {
			if !full.On && share != 0.9 && share != 1 {
				continue
			}
			want.WriteByte(s.trips[i])
			most := 300 * 50
			if s.trips[i] == '-' {
				most = full.Size(40*50, most)
			}
			synctest.Test(t, func(t *testing.T) {
				n, trip := s.play(t, share, most)
				if trip == "" {
					got.WriteByte('-')
					fmt.Fprintf(&row, " | never")
					return
				}
				got.WriteByte('t')
				fmt.Fprintf(&row, " | %d %s", n, trip)
			})
		}
		t.Logf("| %s%s |", s.name, row.String())
		if got.String() != want.String() {
			t.Errorf("%s: at the shares in their order %s, want %s", s.name, got.String(), want.String())
		}
	}
}
