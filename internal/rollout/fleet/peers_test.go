package fleet_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

// serve makes so many requests of a pair, a second of them in a second, and returns how many
// clients new has failed. Each side fails at its rate.
func (r *replica) serve(rng *rand.Rand, requests int, oldRate, newRate float64) (hurt int) {
	p := r.pairs[orders]
	for range requests {
		req := &http.Request{Header: http.Header{"Key": {fmt.Sprint(rng.Uint64())}}}
		d := inside.Decide(p)
		if d.ByKey {
			d = inside.DecideByKey(p, d, req)
		}
		side, rate := guard.OldSide, oldRate
		if d.New {
			side, rate = guard.NewSide, newRate
		}
		out := guard.Answered
		if rng.Float64() < rate {
			out = guard.Failed
			if d.New {
				hurt++
			}
		}
		inside.Observe(p, d, side, out)
	}
	return hurt
}

// newFleet starts replicas that follow one source and hear each other.
func newFleet(t *testing.T, n int, s migrate.Source, quorum migrate.Quorum) (all []*replica, b *bus) {
	b = new(bus)
	for i := range n {
		all = append(all, start(t, s, func(c *fleet.Config) {
			c.Peers, c.FleetTrip, c.Replica = b, quorum, fmt.Sprint("replica ", i)
		}))
	}
	return all, b
}

// play lets the fleet serve for so many seconds, and returns how many clients were hurt. Rates are
// those of new, by replica.
func play(all []*replica, seconds int, rates func(i int) float64) (hurt int) {
	return playOn(rand.New(rand.NewPCG(1, 1)), all, seconds, rates)
}

func playOn(rng *rand.Rand, all []*replica, seconds int, rates func(i int) float64) (hurt int) {
	for range seconds * 4 {
		for i, r := range all {
			hurt += r.serve(rng, 5, 0.001, rates(i))
		}
		wait(250 * time.Millisecond)
	}
	return hurt
}

func healthy(int) float64 { return 0.001 }

func failing(int) float64 { return 0.5 }

// playUntilLatched lets new fail until every replica has gone back alone. One that had a tick less
// to go by than the others finds the rest out for itself, since by then nobody else has anything to
// tell.
func playUntilLatched(t *testing.T, all []*replica) {
	t.Helper()
	latched := func(r *replica) bool { return r.pairs[orders].Snapshot().Latched != nil }
	rng := rand.New(rand.NewPCG(2, 2)) // one for all of it: a client that comes again counts once
	for seconds := 0; !every(all, latched); seconds += 5 {
		if seconds == 300 {
			for i, r := range all {
				if is := r.pairs[orders].Snapshot(); !latched(r) {
					t.Errorf("replica %d has not gone back: %v, %+v", i, is.Plan, is.Guard)
				}
			}
			return
		}
		playOn(rng, all, 5, failing)
	}
}

func every(all []*replica, is func(*replica) bool) bool {
	return !slices.ContainsFunc(all, func(r *replica) bool { return !is(r) })
}

// A fault that all have takes back all, by one hold in the document, long before each has learned
// of it.
func TestFleetTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(5, directives{orders: {Plan: canary(0.05), By: "ada"}, users: {Plan: canary(0.5), By: "ada"}}))
		all, _ := newFleet(t, 20, m, migrate.Quorum{})
		play(all, 20, healthy)
		hurt := play(all, 20, failing)
		alone := 0
		for i, r := range all {
			is := r.pairs[orders].Snapshot()
			if is.Plan.Stage != migrate.Old || is.Document == nil || !strings.HasPrefix(is.Document.Reason, "fleet trip on version 5: ") {
				t.Errorf("replica %d: %v, held by %+v", i, is.Plan, is.Document)
			}
			if is.Latched != nil {
				alone++
			}
			if r.plan(users) != "canary 50 %" {
				t.Errorf("replica %d: another pair suffers: %s", i, r.plan(users))
			}
		}
		// 20 replicas of 20 requests a second, of which new answers a 20th and fails half: 10 a
		// second.
		if hurt > 80 {
			t.Errorf("%d clients were hurt until the fleet went back", hurt)
		}
		if f := all[0].followed(orders); f.Version != 6 {
			t.Errorf("the document is of version %d: written more than once", f.Version)
		}
		// Somebody has looked, and releases it; the plan goes on, and a new fault is found again.
		m.Put(document(7, directives{orders: {Release: all[0].pairs[orders].Snapshot().Document.Reason}}))
		play(all, 10, healthy)
		if got := all[3].plan(orders); alone == 0 && got != "canary 5 %" {
			t.Errorf("released, and at %s", got)
		}
		play(all, 30, failing)
		if is := all[3].pairs[orders].Snapshot(); is.Document == nil {
			t.Errorf("the second fault is not found: %+v", is)
		}
	})
}

// One sick replica takes back itself alone.
func TestOneSickReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
		all, _ := newFleet(t, 20, m, migrate.Quorum{Least: 3, Share: 0.01})
		play(all, 60, func(i int) float64 {
			if i == 7 {
				return 1
			}
			return 0.001
		})
		for i, r := range all {
			is := r.pairs[orders].Snapshot()
			if i == 7 && (is.Latched == nil || is.Document != nil) {
				t.Errorf("the sick one: latched %+v, held %+v", is.Latched, is.Document)
			}
			if i != 7 && is.Plan.Stage != migrate.Canary {
				t.Errorf("replica %d goes back as well: latched %+v, held %+v", i, is.Latched, is.Document)
			}
		}
	})
}

// Where nobody can write the document, each replica goes back alone, on the evidence of all.
func TestFleetTripWithoutAWriter(t *testing.T) {
	for name, twist := range map[string]func(m *sourcetest.Memory) migrate.Source{
		"read only": func(m *sourcetest.Memory) migrate.Source { return struct{ migrate.Source }{m} },
		"cut off":   func(m *sourcetest.Memory) migrate.Source { return m },
		"hangs":     func(m *sourcetest.Memory) migrate.Source { return hangingWriter{m} },
	} {
		synctest.Test(t, func(t *testing.T) {
			m := new(sourcetest.Memory)
			m.Put(document(1, directives{orders: {Plan: canary(0.05)}}))
			all, _ := newFleet(t, 10, twist(m), migrate.Quorum{})
			play(all, 10, healthy)
			if name == "cut off" {
				m.Cut(true)
			}
			playUntilLatched(t, all)
			fleet := 0
			for i, r := range all {
				is := r.pairs[orders].Snapshot()
				if is.Plan.Stage != migrate.Old {
					t.Errorf("%s: replica %d: %v, latched %+v", name, i, is.Plan, is.Latched)
				}
				if is.Latched != nil && is.Latched.Reason == migrate.TripFleet {
					fleet++
				}
			}
			if fleet < 5 {
				t.Errorf("%s: %d of 10 replicas were taken back by the evidence of all", name, fleet)
			}
		})
	}
}

// A quorum of replicas that have tripped takes back the others.
func TestQuorumOfTrips(t *testing.T) {
	for _, c := range []struct {
		sick  int
		trips bool
	}{{2, false}, {3, true}} {
		synctest.Test(t, func(t *testing.T) {
			m := new(sourcetest.Memory)
			m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
			all, _ := newFleet(t, 10, m, migrate.Quorum{Least: 3})
			wait(2 * time.Second)
			for _, r := range all[:c.sick] {
				inside.TripByFleet(r.pairs[orders], migrate.Trip{At: time.Now(), Reason: migrate.TripErrors})
			}
			wait(5 * time.Second)
			if is := all[9].pairs[orders].Snapshot(); (is.Document != nil) != c.trips {
				t.Errorf("%d of 10 have tripped: held by %+v", c.sick, is.Document)
			}
		})
	}
}

// Clients that new has kept waiting until they left are not summed: each replica finds that out for
// itself, and a quorum of those that have takes back the others, such as one that gets few
// requests.
func TestHangsAreNotPooled(t *testing.T) {
	for _, c := range []struct {
		quorum migrate.Quorum
		held   bool
	}{{migrate.Quorum{}, false}, {migrate.Quorum{Least: 3}, true}} {
		synctest.Test(t, func(t *testing.T) {
			m := new(sourcetest.Memory)
			m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
			all, _ := newFleet(t, 5, m, c.quorum)
			wait(2 * time.Second)
			for i := range 200 {
				for n, r := range all {
					if n == 4 && i%50 != 0 {
						continue // few requests
					}
					p := r.pairs[orders]
					d := inside.Decide(p)
					if d.ByKey {
						d = inside.DecideByKey(p, d, &http.Request{Header: http.Header{"Key": {fmt.Sprint(i, n)}}})
					}
					side, out := guard.OldSide, guard.Answered
					if d.New {
						side, out = guard.NewSide, guard.Gone
					}
					inside.Observe(p, d, side, out)
				}
				wait(50 * time.Millisecond)
			}
			for n, r := range all {
				is := r.pairs[orders].Snapshot()
				if n < 4 && (is.Latched == nil || is.Latched.Reason != migrate.TripHangs) {
					t.Errorf("replica %d: latched %+v, want hangs", n, is.Latched)
				}
				if n == 4 && (is.Latched != nil || (is.Document != nil) != c.held) {
					t.Errorf("%+v: the one with few requests: latched %+v, held %+v", c.quorum, is.Latched, is.Document)
				}
			}
		})
	}
}

// A bus that is cut, or says nonsense, harms nobody.
func TestBusThatIsNotWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
		all, b := newFleet(t, 5, m, migrate.Quorum{Least: 3})
		play(all, 5, healthy)
		rng := rand.New(rand.NewPCG(3, 3))
		for i := range 2000 {
			_ = b.Publish(t.Context(), migrate.Counts{Pair: orders, Replica: fmt.Sprint("replica ", i%7), Epoch: rng.Uint64() % 3, Version: 1,
				Old: migrate.Share{Bad: rng.Uint64() % 10, Of: rng.Uint64() % 10}, New: migrate.Share{Bad: rng.Uint64(), Of: rng.Uint64()}})
			_ = b.Publish(t.Context(), migrate.Counts{Pair: "none", Replica: fmt.Sprint(i), Tripped: true})
		}
		b.mu.Lock()
		b.cut = true
		b.mu.Unlock()
		play(all, 10, healthy)
		for i, r := range all {
			if r.plan(orders) != "canary 50 %" {
				t.Errorf("replica %d: %+v", i, r.pairs[orders].Snapshot())
			}
		}
	})
}

// A replica that learns late of the hold, and then of its release, does not hold the pair anew for
// what was before.
func TestLateReplicaDoesNotHoldAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
		all, _ := newFleet(t, 3, slowWriter{m}, migrate.Quorum{Least: 1})
		play(all, 5, healthy)
		inside.TripByFleet(all[0].pairs[orders], migrate.Trip{At: time.Now(), Reason: migrate.TripErrors})
		wait(1500 * time.Millisecond)
		// By now the others have found that the fleet must go back, and are about to write it.
		_ = all[0].pairs[orders].Reset("ann")
		m.Put(document(2, directives{orders: {Hold: "the fleet"}}))
		m.Put(document(3, directives{orders: {Release: "the fleet"}}))
		play(all, 20, healthy)
		for i, r := range all {
			if is := r.pairs[orders].Snapshot(); is.Plan.Stage != migrate.Canary {
				t.Errorf("replica %d: %v, held %+v, latched %+v, version %d", i, is.Plan, is.Document, is.Latched, is.Followed.Version)
			}
		}
	})
}

// slowWriter is a source whose writers are a second late.
type slowWriter struct{ *sourcetest.Memory }

func (s slowWriter) Update(ctx context.Context, version uint64, d migrate.Document) error {
	time.Sleep(time.Second)
	return s.Memory.Update(ctx, version, d)
}

// hangingWriter is a source that can be read, and answers no writer.
type hangingWriter struct{ *sourcetest.Memory }

func (hangingWriter) Update(ctx context.Context, _ uint64, _ migrate.Document) error {
	<-ctx.Done()
	return ctx.Err()
}

// Where each replica has gone back alone and was reset by hand, the evidence of all counts again.
func TestFleetTripsAgainAfterResets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{orders: {Plan: canary(0.05)}}))
		all, _ := newFleet(t, 10, struct{ migrate.Source }{m}, migrate.Quorum{})
		play(all, 10, healthy)
		for range 2 {
			playUntilLatched(t, all)
			trips := 0
			for _, r := range all {
				if is := r.pairs[orders].Snapshot(); is.Latched != nil && is.Latched.Reason == migrate.TripFleet {
					trips++
				}
				if err := r.pairs[orders].Reset("ann"); err != nil {
					t.Error(err)
				}
			}
			if trips < 5 {
				t.Errorf("%d of 10 replicas were taken back by the fleet", trips)
			}
			play(all, 40, healthy)
		}
	})
}

// The fleet's hold is written by one whose pair is free or has tripped alone, and only into a
// document that it knows to be the newest: a replica that is killed by hand has nothing to take
// back, and one whose source is broken goes back alone.
func TestWhoWritesTheHold(t *testing.T) {
	for name, c := range map[string]struct {
		before           func(r *replica, m *sourcetest.Memory)
		updates, tripped bool
	}{
		"free":           {func(*replica, *sourcetest.Memory) {}, true, false},
		"killed by hand": {func(r *replica, _ *sourcetest.Memory) { r.pairs[orders].Kill("by hand", "ann") }, false, false},
		"tripped alone": {func(r *replica, _ *sourcetest.Memory) {
			inside.TripByFleet(r.pairs[orders], migrate.Trip{At: time.Now(), Reason: migrate.TripErrors})
		}, true, true},
		"a broken source": {func(_ *replica, m *sourcetest.Memory) { _ = m.Write([]byte("{")) }, false, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := new(sourcetest.Memory)
			m.Put(document(1, directives{orders: {Plan: canary(0.5)}}))
			w := &countingWriter{Memory: m}
			all, b := newFleet(t, 1, w, migrate.Quorum{Least: 1})
			wait(2 * time.Second)
			c.before(all[0], m)
			wait(time.Second)
			_ = b.Publish(t.Context(), migrate.Counts{Pair: orders, Replica: "another", Version: 1, Epoch: 1, Tripped: true})
			wait(10 * time.Second)
			is := all[0].pairs[orders].Snapshot()
			if w.updates > 0 != c.updates || (is.Latched != nil) != c.tripped || is.Plan.Stage != migrate.Old {
				t.Errorf("%s: %d updates, latched %v, at %v; want updates %v, latched %v, at old", name, w.updates, is.Latched, is.Plan, c.updates, c.tripped)
			}
		})
	}
}

// countingWriter counts what is written.
type countingWriter struct {
	*sourcetest.Memory
	updates int
}

func (w *countingWriter) Update(ctx context.Context, version uint64, d migrate.Document) error {
	w.updates++
	return w.Memory.Update(ctx, version, d)
}
