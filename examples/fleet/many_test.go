package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/fetch"
)

// A fleet may be larger than what runs as processes on one machine. Here each replica is a mux with
// its guard, which follows the document and exchanges its counts as JSON with all others; only the
// network is left out, and time is that of a bubble, so that a busy machine changes nothing. With
// CROSSFADE_FULL=1 there are 1,000 replicas. The figures are in the README of the examples:
//
//	CROSSFADE_FULL=1 go test -C examples/fleet -run TestHurtAtAnySize -v
func TestHurtAtAnySize(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 10, 100}
	if os.Getenv("CROSSFADE_FULL") != "" {
		sizes = append(sizes, 1000)
	}
	for _, n := range sizes {
		hurt, after := crowd(t, n, 100, false)
		alone, last := crowd(t, n, 100, true)
		t.Logf("| %d | 100 %% | %d | %.1f s | %d | %.1f s |", n, hurt, after.Seconds(), alone, last.Seconds())
		// There must be evidence of 2.5 s; one looks once a second, and writes the hold within
		// another.
		if after > 15*time.Second {
			t.Errorf("%d replicas go back only after %v", n, after)
		}
		if n < 100 {
			continue
		}
		if hurt >= alone {
			t.Errorf("%d replicas together: %d requests are hurt, each alone: %d", n, hurt, alone)
		}
		hurt, after = crowd(t, n, 10, false)
		t.Logf("| %d | 10 %% | %d | %.1f s | | |", n, hurt, after.Seconds())
		if after > 15*time.Second {
			t.Errorf("%d replicas of which one request of new in ten fails go back only after %v", n, after)
		}
	}
}

// crowd is hurtOnce in a bubble.
func crowd(t *testing.T, n int, percent uint64, alone bool) (hurt int, after time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		plans, all, failing := new(sourcetest.Memory), make([]*adapt.Mux, n), new(atomic.Uint64)
		plans.Put(migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{pairName: {Plan: &canary}}})
		config := migrate.FollowConfig{Peers: new(air)}
		if alone {
			config.Peers = nil
		}
		for i := range all {
			var err error
			if all[i], err = service(1, failing); err == nil {
				err = all[i].Follow(t.Context(), plans, config)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer all[i].Shutdown(context.Background())
			time.Sleep(time.Second / time.Duration(n)) // they do not all count at the same moment
		}
		rng := rand.New(rand.NewPCG(uint64(n), percent))
		second := func() { // of requests, of ever new users
			for range perReplica {
				for _, m := range all {
					req := fetch.NewRequest("POST", "/orders/1", fetch.RequestHeader("User", fmt.Sprint("user ", rng.Uint64())))
					res, err := m.Fetch(req)
					if err != nil {
						t.Fatal(err)
					}
					if res.Status() >= 500 {
						hurt++
					}
					_ = res.Close()
				}
				time.Sleep(time.Second / perReplica)
			}
		}
		for range 2 {
			second()
		}
		for _, m := range all {
			if p, _ := m.Migration(pairName); p.Plan() != canary {
				t.Fatalf("a replica is at %v", p.Plan())
			}
		}
		failing.Store(percent)
		for began := time.Now(); after < giveUp && !everyOld(all); after = time.Since(began) {
			second()
		}
	})
	return hurt, after
}

func everyOld(all []*adapt.Mux) bool {
	for _, m := range all {
		if p, _ := m.Migration(pairName); p.Plan() != (migrate.Plan{}) {
			return false
		}
	}
	return true
}

// air carries counts as JSON between all who listen.
type air struct {
	mu   sync.Mutex
	puts map[int]func(migrate.Counts)
	n    int
}

func (a *air) Publish(_ context.Context, c migrate.Counts) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	var heard migrate.Counts
	if err := json.Unmarshal(text, &heard); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, put := range a.puts {
		put(heard)
	}
	return nil
}

func (a *air) Watch(ctx context.Context, put func(migrate.Counts)) error {
	a.mu.Lock()
	if a.puts == nil {
		a.puts = map[int]func(migrate.Counts){}
	}
	a.n++
	id := a.n
	a.puts[id] = put
	a.mu.Unlock()
	<-ctx.Done()
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.puts, id)
	return nil
}
