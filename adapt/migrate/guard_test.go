package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// traffic is a simulated pair: how often each side fails, and, after a number of requests to new, what changes.
type traffic struct {
	share              float64 // of new
	old, new           float64 // error rates
	change             int     // requests of new before the rates become these; 0 is never
	laterOld, laterNew float64
	config             migrate.GuardConfig
}

// play runs requests of new until the pair trips, and returns how many it took after the change, or 0.
func (tr traffic) play(t *testing.T, rng *rand.Rand, requests int) int {
	p := newPair(t, migrate.Config{Key: byHeader, Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.5}, Guard: tr.config})
	d := decide(p, withKey("k"))
	outcome := func(rate float64) migrate.Outcome {
		if rng.Float64() < rate {
			return migrate.Failed
		}
		return migrate.Answered
	}
	old, next := tr.old, tr.new
	for seen := 0; seen < requests; {
		if tr.change > 0 && seen == tr.change {
			old, next = tr.laterOld, tr.laterNew
		}
		if rng.Float64() >= tr.share {
			inside.Observe(p, d, migrate.OldSide, outcome(old))
			continue
		}
		seen++
		out := outcome(next)
		inside.Observe(p, d, migrate.NewSide, out)
		if out == migrate.Failed && p.Plan().Stage == migrate.Old {
			return seen - tr.change
		}
	}
	return 0
}

// plays returns after how many requests each run tripped, in order; runs that did not are left out.
func (tr traffic) plays(t *testing.T, runs, requests int) []int {
	rng := rand.New(rand.NewPCG(2024, 42))
	var trips []int
	for range runs {
		if after := tr.play(t, rng, requests); after != 0 {
			trips = append(trips, after)
		}
	}
	slices.Sort(trips)
	return trips
}

// 300 healthy runs of 20,000 requests of new at each of the base rates which trip simpler rules: none trips.
func TestGuardLeavesHealthyPairsAlone(t *testing.T) {
	for _, rate := range []float64{0.001, 0.01} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			if trips := (traffic{share: 0.1, old: rate, new: rate}).plays(t, simulations, 20_000); len(trips) != 0 {
				t.Errorf("%d of %d healthy runs tripped, after %v requests", len(trips), simulations, trips)
			}
		})
	}
}

// The medians of facts that were measured for the rule, as bounds.
func TestGuardDetects(t *testing.T) {
	for _, c := range []struct {
		old, new float64
		median   int
	}{
		{0.001, 1, 5},
		{0.01, 0.10, 55},
		{0.001, 0.03, 342},
	} {
		t.Run(fmt.Sprintf("%v instead of %v", c.new, c.old), func(t *testing.T) {
			t.Parallel()
			const runs = 300
			trips := traffic{share: 0.1, old: c.old, new: c.new}.plays(t, runs, 20_000)
			if len(trips) != runs {
				t.Fatalf("%d of %d runs tripped", len(trips), runs)
			}
			if median := trips[len(trips)/2]; median > c.median {
				t.Errorf("the median run took %d requests of new to trip, want at most %d", median, c.median)
			}
		})
	}
}

// A rollout that was healthy for long trips nearly as fast, at every share that leaves old something to do.
func TestGuardDetectsLateFailure(t *testing.T) {
	for _, share := range []float64{0.01, 0.1, 0.5, 0.9} {
		trips := traffic{share: share, old: 0.001, new: 0.001, change: 1000, laterOld: 0.001, laterNew: 1}.plays(t, 20, 2000)
		if len(trips) != 20 || trips[10] > 120 {
			t.Errorf("share %v: new began to fail always: %d of 20 runs tripped, after %v", share, len(trips), trips)
		}
	}
}

// When what both sides depend on is down, old is no refuge. The share matters: where new serves more than old, a baseline
// that reaches back to better times would blame new.
func TestGuardIgnoresSharedOutage(t *testing.T) {
	for _, share := range []float64{0.01, 0.1, 0.5, 0.9, 0.99} {
		for _, rate := range []float64{0.1, 1} {
			tr := traffic{share: share, old: 0.001, new: 0.001, change: 1000, laterOld: rate, laterNew: rate}
			runs := simulations / 15
			if trips := tr.plays(t, runs, 3000); len(trips) != 0 {
				t.Errorf("share %v: both sides failed at a rate of %v: %d of %d runs tripped, after %v", share, rate, len(trips), runs, trips)
			}
		}
	}
}

func livePair(t *testing.T, g migrate.GuardConfig) (*migrate.Pair, func(side migrate.Side, outcomes ...migrate.Outcome)) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}, Guard: g})
	d := decide(p, withKey("k"))
	return p, func(side migrate.Side, outcomes ...migrate.Outcome) {
		for _, out := range outcomes {
			inside.Observe(p, d, side, out)
		}
	}
}

func TestGuardRules(t *testing.T) {
	const (
		ok, refused, failed, panicked = migrate.Answered, migrate.Refused, migrate.Failed, migrate.Panicked
		broken, declined, gone        = migrate.Broken, migrate.Declined, migrate.ClientGone
	)
	type step struct {
		side migrate.Side
		n    int
		out  migrate.Outcome
	}
	o, n := migrate.OldSide, migrate.NewSide
	for _, c := range []struct {
		rule   string
		config migrate.GuardConfig
		steps  []step
		want   migrate.TripReason // "" is none
	}{
		{rule: "four panics in a row are not yet a trip", steps: []step{{n, 4, panicked}}},
		{rule: "five are", steps: []step{{n, 5, panicked}}, want: migrate.TripPanics},
		{rule: "an answer in between begins the row anew", steps: []step{{n, 4, panicked}, {n, 1, ok}, {n, 4, panicked}}},
		{rule: "a client that left does not", steps: []step{{n, 4, panicked}, {n, 1, gone}, {n, 1, panicked}}, want: migrate.TripPanics},
		{rule: "nor does a decline", steps: []step{{n, 4, panicked}, {n, 1, declined}, {n, 1, panicked}}, want: migrate.TripPanics},
		{rule: "panics that old shares are not the fault of new", steps: []step{{n, 1, panicked}, {o, 1, failed}, {n, 9, panicked}}},
		{rule: "old that mostly answers is no excuse", steps: []step{{n, 1, panicked}, {o, 1, failed}, {o, 2, ok}, {n, 4, panicked}}, want: migrate.TripPanics},
		{rule: "failures of old before the row do not excuse it", steps: []step{{o, 9, failed}, {n, 5, panicked}}, want: migrate.TripPanics},
		{rule: "panics of old never trip", steps: []step{{o, 2000, panicked}}},
		{rule: "MaxPanics sets the length of the row", config: migrate.GuardConfig{MaxPanics: 2}, steps: []step{{n, 2, panicked}}, want: migrate.TripPanics},
		{rule: "below 0 it is off", config: migrate.GuardConfig{MaxPanics: -1}, steps: []step{{n, 100, panicked}}},
		{rule: "without a baseline errors prove nothing", steps: []step{{n, 500, failed}}},
		{rule: "four errors are too few, however good old is", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 4, failed}}},
		{rule: "five suffice when old is good meanwhile", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 5, failed}}, want: migrate.TripErrors},
		{rule: "what old did before new ran is no baseline", steps: []step{{o, 2000, ok}, {n, 100, failed}}},
		{rule: "a broken answer is an error", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 5, broken}}, want: migrate.TripErrors},
		{rule: "panics among answers are errors", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 4, panicked}, {n, 1, ok}, {n, 4, panicked}}, want: migrate.TripErrors},
		{rule: "clients that leave are nobody's errors", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 500, gone}}},
		{rule: "declining is no error", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 500, declined}}},
		{rule: "4xx is no error", steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 500, refused}}},
		{rule: "unless Refusals asks for it", config: migrate.GuardConfig{Refusals: true}, steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 5, refused}}, want: migrate.TripRefusals},
		{rule: "4xx that old shares is fine", config: migrate.GuardConfig{Refusals: true}, steps: []step{{n, 1, ok}, {o, 1000, refused}, {n, 200, refused}}},
		{rule: "MinErrors delays the rule", config: migrate.GuardConfig{MinErrors: 50}, steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 49, failed}}},
		{rule: "Margin allows new to be worse", config: migrate.GuardConfig{Margin: 0.9}, steps: []step{{n, 50, ok}, {o, 2000, ok}, {n, 100, failed}}},
		{rule: "Off switches everything off", config: migrate.GuardConfig{Off: true}, steps: []step{{n, 1, ok}, {o, 2000, ok}, {n, 500, panicked}}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			p, observe := livePair(t, c.config)
			for _, s := range c.steps {
				for range s.n {
					observe(s.side, s.out)
				}
			}
			s := p.Snapshot()
			var got migrate.TripReason
			if s.Latch != nil {
				got = s.Latch.Trip.Reason
			}
			if got != c.want {
				t.Errorf("tripped by %v, want %v", got, c.want)
			}
			if tripped := s.Latch != nil; tripped != (s.Trips == 1) || tripped != (p.Plan() == migrate.Plan{}) {
				t.Errorf("tripped %v, but %d trips are counted and the plan is %v", tripped, s.Trips, p.Plan())
			}
		})
	}
}

// What happened before a plan that the guard does not watch says nothing about the time after it.
func TestGuardForgetsWhatIsLongAgo(t *testing.T) {
	for _, between := range []migrate.Stage{migrate.Old, migrate.New} {
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
		panics := func(n int) {
			for range n {
				inside.Observe(p, decide(p, nil), migrate.NewSide, migrate.Panicked)
			}
		}
		panics(4)
		for _, stage := range []migrate.Stage{between, migrate.Live} {
			if err := p.Set(migrate.Plan{Stage: stage}, "test"); err != nil {
				t.Fatal(err)
			}
		}
		panics(4)
		if p.Plan().Stage != migrate.Live {
			t.Errorf("four panics before a time at stage %v and four after it made a trip", between)
		}
		// A plan that is watched as well goes on with what is known.
		if err := p.Set(migrate.Plan{Stage: migrate.Live}, "test"); err != nil {
			t.Fatal(err)
		}
		panics(1)
		if p.Plan().Stage != migrate.Old {
			t.Error("setting the same plan again made the guard forget four panics")
		}
	}
}

// The stages at which nothing of new is served, or nothing is watched, never trip.
func TestGuardSleepsWhereNothingIsToBeLowered(t *testing.T) {
	for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.New} {
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: stage}})
		for range 100 {
			inside.Observe(p, decide(p, withKey("k")), migrate.NewSide, migrate.Panicked)
		}
		if s := p.Snapshot(); s.Latch != nil || p.Plan().Stage != stage {
			t.Errorf("at stage %v the guard tripped: %+v", stage, s.Latch)
		}
	}
}

func TestEveryOutcomeIsCounted(t *testing.T) {
	p, observe := livePair(t, migrate.GuardConfig{Off: true})
	all := []migrate.Outcome{migrate.Answered, migrate.Refused, migrate.Failed, migrate.Panicked, migrate.Broken, migrate.Declined, migrate.ClientGone}
	for i, out := range all {
		for range i + 1 {
			observe(migrate.NewSide, out)
			observe(migrate.OldSide, out, out)
		}
	}
	s := p.Snapshot()
	for i, out := range all {
		if n := uint64(i + 1); s.New[out] != n || s.Old[out] != 2*n {
			t.Errorf("%v: new %d, old %d; want %d and %d", out, s.New[out], s.Old[out], n, 2*n)
		}
	}
	if s.New.Total() != 28 || s.Old.Total() != 56 {
		t.Errorf("totals: new %d, old %d; want 28 and 56", s.New.Total(), s.Old.Total())
	}
}
