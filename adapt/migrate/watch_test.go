package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// How the rule itself behaves is held by internal/guard. Here it is asked whether everything that
// happens to a pair reaches it, and whether what it says becomes a trip.

// service plays requests to a pair, 100 a second, under a clock of its own.
type service struct {
	p        *migrate.Pair
	rng      *rand.Rand
	old, new func(rng *rand.Rand) (guard.Outcome, time.Duration)
	shadow   func(rng *rand.Rand) guard.Outcome // of old, beside new's answers at Live; nil: none runs
	failover bool                               // old answers where new has failed
	n        int                                // requests so far
}

func fails(rate float64, out guard.Outcome) func(*rand.Rand) (guard.Outcome, time.Duration) {
	return func(rng *rand.Rand) (guard.Outcome, time.Duration) {
		if rng.Float64() < rate {
			return out, 10 * time.Millisecond
		}
		return guard.Answered, 10 * time.Millisecond
	}
}

func takes(d time.Duration) func(*rand.Rand) (guard.Outcome, time.Duration) {
	return func(rng *rand.Rand) (guard.Outcome, time.Duration) {
		return guard.Answered, time.Duration((0.5 + rng.Float64()) * float64(d))
	}
}

// play serves up to so many requests of new, and returns how many it took until the pair tripped,
// or 0.
func (s *service) play(requests int) int {
	for ofNew := 0; ofNew < requests; {
		time.Sleep(10 * time.Millisecond)
		s.n++
		d := decide(s.p, withKey(fmt.Sprint("user-", s.n)))
		side, serve := guard.OldSide, s.old
		if d.New {
			ofNew++
			side, serve = guard.NewSide, s.new
		}
		out, took := serve(s.rng)
		d.Began = decision.Now() - took
		inside.Observe(s.p, d, side, out)
		if failed := out != guard.Answered && out != guard.Gone; failed && d.New && s.failover {
			old, _ := s.old(s.rng)
			inside.Observe(s.p, d, guard.OldSide, old)
		} else if d.New && d.Shadow && s.shadow != nil {
			inside.Baseline(s.p, d, s.shadow(s.rng))
		}
		if s.p.Plan().Stage == migrate.Old {
			return ofNew
		}
	}
	return 0
}

func newService(t *testing.T, c migrate.Config, unsafe bool) *service {
	t.Helper()
	if c.Key == nil {
		c.Key = byHeader
	}
	p, err := migrate.Internal(door.Key()).NewPair(c, unsafe)
	if err != nil {
		t.Fatal(err)
	}
	return &service{p: p, rng: rand.New(rand.NewPCG(1, 2)), old: fails(0.001, guard.Failed), new: fails(0.001, guard.Failed)}
}

func canary(share float64) migrate.Config {
	return migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary, Share: share}}
}

func live() migrate.Config { return migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}} }

// Every kind of fault of new takes the pair back to old, at every share and at Live, within about
// the requests that facts measured for the rule; what is not new's fault does not.
func TestTrips(t *testing.T) {
	heldBack := live()
	heldBack.Guard.Holdback = 0.05
	with := func(c migrate.Config, change func(*migrate.GuardConfig)) migrate.Config {
		change(&c.Guard)
		return c
	}
	for _, c := range []struct {
		rule   string
		config migrate.Config
		unsafe bool
		set    func(s *service)
		want   migrate.TripReason // "" is not a trip
		within int                // requests of new
	}{
		{rule: "E1 all of new fail at 5 %", config: canary(0.05), set: func(s *service) { s.new = fails(1, guard.Failed) }, want: migrate.TripErrors, within: 25},
		{rule: "E1 all fail at 50 %", config: canary(0.5), set: func(s *service) { s.new = fails(1, guard.Failed) }, want: migrate.TripErrors, within: 200},
		{rule: "E1 all fail at 90 %", config: canary(0.9), set: func(s *service) { s.new = fails(1, guard.Broken) }, want: migrate.TripErrors, within: 350},
		{rule: "E1 all fail at 99 %", config: canary(0.99), set: func(s *service) { s.new = fails(1, guard.Failed) }, want: migrate.TripErrors, within: 1500},
		{rule: "E1 10 % against 1 % at 90 %", config: canary(0.9), want: migrate.TripErrors, within: 4500,
			set: func(s *service) { s.old, s.new = fails(0.01, guard.Failed), fails(0.1, guard.Failed) }},
		{rule: "E1 3 % against 0.1 % at 50 %", config: canary(0.5), set: func(s *service) { s.new = fails(0.03, guard.Failed) }, want: migrate.TripErrors, within: 2500},
		{rule: "E1 a hold-back at Live", config: heldBack, set: func(s *service) { s.new = fails(1, guard.Failed) }, want: migrate.TripErrors, within: 600},
		{rule: "E1 what both sides suffer", config: canary(0.9), set: func(s *service) { s.old, s.new = fails(0.3, guard.Failed), fails(0.3, guard.Failed) }},
		{rule: "E1 and what old fails as well where it answers for new", config: canary(0.9),
			set: func(s *service) {
				s.old, s.new, s.failover = fails(0.2, guard.Failed), fails(0.2, guard.Failed), true
			}},
		{rule: "E2 all broken at Live, old as the baseline", config: live(), want: migrate.TripErrors, within: 400,
			set: func(s *service) {
				s.new, s.shadow = fails(1, guard.Broken), func(*rand.Rand) guard.Outcome { return guard.Answered }
			}},
		{rule: "E2 half of them", config: live(), want: migrate.TripErrors, within: 600,
			set: func(s *service) {
				s.new, s.shadow = fails(0.5, guard.Broken), func(*rand.Rand) guard.Outcome { return guard.Answered }
			}},
		{rule: "E2 old breaks as well", config: live(),
			set: func(s *service) {
				s.new, s.shadow = fails(1, guard.Broken), func(*rand.Rand) guard.Outcome { return guard.Failed }
			}},
		{rule: "E3 clients of new leave", config: canary(0.5), set: func(s *service) { s.new = fails(1, guard.Gone) }, want: migrate.TripHangs, within: 250},
		{rule: "E3 they leave old as well", config: canary(0.5), set: func(s *service) { s.old, s.new = fails(0.2, guard.Gone), fails(0.2, guard.Gone) }},
		{rule: "E4 new takes ten times as long", config: canary(0.5), set: func(s *service) { s.old, s.new = takes(20*time.Millisecond), takes(200*time.Millisecond) },
			want: migrate.TripSlowness, within: 2500},
		{rule: "E4 a little longer is forgiven", config: canary(0.5), set: func(s *service) { s.old, s.new = takes(20*time.Millisecond), takes(24*time.Millisecond) }},
		{rule: "E4 Slower below 0 is off", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.Slower = -1 }),
			set: func(s *service) { s.old, s.new = takes(20*time.Millisecond), takes(200*time.Millisecond) }},
		{rule: "with a fallback old's answer is the evidence, at Live too", config: live(), want: migrate.TripErrors, within: 400,
			set: func(s *service) { s.new, s.failover = fails(1, guard.Failed), true }},
		{rule: "E9 nothing is heard of old: the ceiling", config: live(), unsafe: true, set: func(s *service) { s.new = fails(1, guard.Failed) }, want: migrate.TripCeiling, within: 700},
		{rule: "E9 Ceiling below 0 is off", config: with(live(), func(g *migrate.GuardConfig) { g.Ceiling = -1 }), unsafe: true,
			set: func(s *service) { s.new = fails(1, guard.Failed) }},
		{rule: "D8 nothing goes back to an old side that cannot answer", config: live(), unsafe: true, set: func(s *service) {
			s.new = fails(1, guard.Failed)
			inside.OldHealthy(s.p, func() bool { return false })
		}},
		{rule: "D8 it does once that can answer again", config: live(), unsafe: true, want: migrate.TripCeiling, within: 1300, set: func(s *service) {
			s.new = fails(1, guard.Failed)
			dead := time.Now().Add(5 * time.Second)
			inside.OldHealthy(s.p, func() bool { return time.Now().After(dead) })
		}},
		{rule: "panics trip at once", config: live(), unsafe: true, set: func(s *service) { s.new = fails(1, guard.Panicked) }, want: migrate.TripPanics, within: 5},
		{rule: "MaxPanics below 0 is off", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.MaxPanics = -1 }),
			set: func(s *service) { s.new = fails(1, guard.Panicked) }, want: migrate.TripErrors, within: 200},
		{rule: "refusals are not errors", config: canary(0.5), set: func(s *service) { s.new = fails(1, guard.Refused) }},
		{rule: "unless they are asked for", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.Refusals = true }),
			set: func(s *service) { s.new = fails(1, guard.Refused) }, want: migrate.TripRefusals, within: 200},
		{rule: "declining is not an error", config: canary(0.5), set: func(s *service) { s.new = fails(1, guard.Declined) }},
		{rule: "Margin lets new be worse", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.Margin = 0.9 }), set: func(s *service) { s.new = fails(0.5, guard.Failed) }},
		{rule: "Dwell makes it faster", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.Dwell = time.Second / 2 }), set: func(s *service) { s.new = fails(1, guard.Failed) },
			want: migrate.TripErrors, within: 60},
		{rule: "Off switches everything off", config: with(canary(0.5), func(g *migrate.GuardConfig) { g.Off = true }), set: func(s *service) { s.new = fails(1, guard.Panicked) }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, c.config, c.unsafe)
				healthy := *s
				ofNew := 3500.0 // of 100 requests in a second: half a minute and more, so that the grace for durations is over
				if c.config.Plan.Stage == migrate.Canary {
					ofNew *= c.config.Plan.Share
				}
				if healthy.play(int(ofNew)) != 0 {
					t.Fatalf("a healthy pair has tripped: %+v", s.p.Snapshot().Latched)
				}
				s.n = healthy.n
				c.set(s)
				after := s.play(full.Size(max(2000, c.within+500), 5000))
				is := s.p.Snapshot()
				var got migrate.TripReason
				if is.Latched != nil {
					got = is.Latched.Reason
				}
				if got != c.want || after > c.within {
					t.Errorf("tripped by %q after %d requests of new, want %q within %d: %+v, guard %v", got, after, c.want, c.within, is.Latched, is.Guard)
				}
				if tripped := got != ""; tripped != (is.Trips == 1) || tripped != (s.p.Plan() == migrate.Plan{}) {
					t.Errorf("tripped %v, but %d trips are counted and the plan is %v", tripped, is.Trips, s.p.Plan())
				}
			})
		})
	}
}

// E10: at every stage that compares, by the share that the user accepts; an old that fails is not
// evidence.
func TestMismatchesTrip(t *testing.T) {
	for _, c := range []struct {
		rule      string
		plan      migrate.Plan
		every     int // so many comparisons have a difference
		oldFailed bool
		trips     bool
	}{
		{"at Shadow", migrate.Plan{Stage: migrate.Shadow}, 1, false, true},
		{"in a canary", migrate.Plan{Stage: migrate.Canary, Share: 0.1}, 1, false, true},
		{"at Live", migrate.Plan{Stage: migrate.Live}, 1, false, true},
		{"a quarter of them", migrate.Plan{Stage: migrate.Live}, 4, false, true},
		{"as many as are accepted", migrate.Plan{Stage: migrate.Live}, 20, false, false},
		{"D8 old fails", migrate.Plan{Stage: migrate.Live}, 1, true, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			p := newPair(t, migrate.Config{Plan: c.plan, Key: byHeader, Guard: migrate.GuardConfig{MaxMismatch: 0.05}})
			for i := range 400 {
				next := fine
				if i%c.every == 0 {
					next.Status = 201
				}
				d := decide(p, withKey("k"))
				inside.Compared(p, d, guard.NewSide, c.oldFailed, parity.Compare(fine, next, parity.Rules{}), nil)
			}
			latched := p.Snapshot().Latched
			if tripped := latched != nil && latched.Reason == migrate.TripMismatches; tripped != c.trips {
				t.Errorf("tripped %v: %+v", tripped, latched)
			}
		})
	}
}

// E9: what the guard sees, and why it sees nothing, is in the snapshot from the moment of the Set
// on, and an event when it changes.
func TestSight(t *testing.T) {
	noFallback := func(c migrate.Config) migrate.Config {
		c.Fallback, c.Shadow.Sample = migrate.FallbackOff, -1
		return c
	}
	keyless := func(c migrate.Config) migrate.Config { c.Guard.Off = true; return c }
	holdback := func(c migrate.Config) migrate.Config { c.Guard.Holdback = 0.05; return noFallback(c) }
	same := func(c migrate.Config) migrate.Config { return c }
	for _, c := range []struct {
		plan   migrate.Plan
		change func(migrate.Config) migrate.Config
		unsafe bool
		want   string // Sight and Why
	}{
		{migrate.Plan{}, same, false, "off"},
		{migrate.Plan{Stage: migrate.New}, same, false, "off"},
		{migrate.Plan{Stage: migrate.Live}, keyless, false, "off"},
		{migrate.Plan{Stage: migrate.Shadow}, same, false, "idle"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.5}, same, true, "watching"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.99}, noFallback, false, "weak"},
		{migrate.Plan{Stage: migrate.Canary, Share: 1}, same, true, "blind method"},
		{migrate.Plan{Stage: migrate.Live}, same, false, "watching"},
		{migrate.Plan{Stage: migrate.Live}, same, true, "blind method"},
		{migrate.Plan{Stage: migrate.Live}, noFallback, false, "blind no-hold-back"},
		{migrate.Plan{Stage: migrate.Live}, holdback, true, "watching"},
	} {
		t.Run(fmt.Sprint(c.plan, c.unsafe), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []string
				config := c.change(migrate.Config{Key: byHeader})
				config.OnEvent = func(e migrate.Event) {
					if e.Kind == migrate.KindGuard {
						told = append(told, words(*e.Guard))
					}
				}
				s := newService(t, config, c.unsafe)
				if err := s.p.Set(c.plan, "ann"); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if got := words(s.p.Snapshot().Guard); got != c.want {
					t.Errorf("sees %q, want %q", got, c.want)
				}
				var want []string
				if c.want != "off" && c.want != "idle" {
					want = []string{c.want}
				}
				if diff := cmp.Diff(want, told); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func words(v migrate.GuardView) string {
	if v.Why != "" {
		return string(v.Sight) + " " + string(v.Why)
	}
	return string(v.Sight)
}

// A guard that goes blind under way says so, and once; so does one that sees again.
func TestSightChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		config := live()
		config.Fallback = migrate.FallbackOff
		config.OnEvent = func(e migrate.Event) {
			if e.Kind == migrate.KindGuard {
				told = append(told, words(*e.Guard))
			}
		}
		s := newService(t, config, false)
		s.shadow = func(*rand.Rand) guard.Outcome { return guard.Answered }
		s.play(3000)
		s.shadow = func(*rand.Rand) guard.Outcome { return guard.Failed }
		s.play(2000)
		s.shadow = func(*rand.Rand) guard.Outcome { return guard.Answered }
		s.play(4000)
		synctest.Wait()
		if diff := cmp.Diff([]string{"watching", "blind old-fails", "watching"}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

// While old cannot answer nothing is weighed, and that is said, as is its return.
func TestOldDeadIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		config := live()
		config.OnEvent = func(e migrate.Event) {
			if e.Kind == migrate.KindGuard {
				told = append(told, words(*e.Guard))
			}
		}
		s := newService(t, config, false)
		s.shadow = func(*rand.Rand) guard.Outcome { return guard.Answered }
		dead := false
		inside.OldHealthy(s.p, func() bool { return !dead })
		s.play(3000)
		dead = true
		if got := words(s.p.Snapshot().Guard); got != "blind old-dead" {
			t.Errorf("sees %q before any request", got)
		}
		s.play(100)
		dead = false
		s.play(3000)
		synctest.Wait()
		if diff := cmp.Diff([]string{"watching", "blind old-dead", "watching"}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

// E4: durations are in the snapshot, also where the guard is off, and for exporters as a histogram.
func TestDurations(t *testing.T) {
	for _, off := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			config := canary(0.5)
			config.Guard.Off = off
			s := newService(t, config, false)
			s.old, s.new = takes(20*time.Millisecond), takes(22*time.Millisecond)
			s.play(2000)
			is := s.p.Snapshot()
			near := func(got, want time.Duration) bool { return got >= want*7/8 && got <= want*9/8 }
			for side, d := range map[time.Duration]migrate.Durations{20 * time.Millisecond: is.OldTook, 22 * time.Millisecond: is.NewTook} {
				if !near(d.P50, side) || !near(d.P90, side*14/10) || !near(d.P99, side*149/100) || d.Of < 1000 {
					t.Errorf("guard off %v: around %v: %+v", off, side, d)
				}
			}
			var n, longest uint64
			for end, count := range s.p.Buckets(migrate.NewSide) {
				n, longest = n+count, uint64(end)
			}
			if n != 2000 || time.Duration(longest) < 30*time.Millisecond || time.Duration(longest) > 40*time.Millisecond {
				t.Errorf("guard off %v: %d durations, the longest below %v", off, n, time.Duration(longest))
			}
		})
	}
}

// What happened before a plan that is not watched says nothing about the time after it; another
// plan that is watched goes on with what is known.
func TestGuardForgetsWhatIsLongAgo(t *testing.T) {
	for _, between := range []migrate.Stage{migrate.Old, migrate.New} {
		p := newPair(t, live())
		panics := func(n int) {
			for range n {
				inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
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
		if err := p.Set(migrate.Plan{Stage: migrate.Live}, "test"); err != nil {
			t.Fatal(err)
		}
		panics(1)
		if p.Plan().Stage != migrate.Old {
			t.Error("setting the same plan again made the guard forget four panics")
		}
	}
}

// The stages at which nothing of new is served, or nothing is watched, never trip on outcomes.
func TestGuardSleepsWhereNothingIsToBeLowered(t *testing.T) {
	for _, stage := range []migrate.Stage{migrate.Old, migrate.New} {
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: stage}})
		for range 100 {
			inside.Observe(p, decide(p, withKey("k")), guard.NewSide, guard.Panicked)
		}
		if s := p.Snapshot(); s.Latched != nil || p.Plan().Stage != stage {
			t.Errorf("at stage %v the guard tripped: %+v", stage, s.Latched)
		}
	}
}

// E11: every counter has every word, and every enumeration can be listed.
func TestEveryOutcomeIsCounted(t *testing.T) {
	p := newPair(t, live())
	d := decide(p, nil)
	d.Watched = false
	for i, out := range migrate.Words[migrate.Outcome]() {
		if n, listed := p.Snapshot().New[out]; n != 0 || !listed {
			t.Errorf("%v is not counted as 0 before it happens", out)
		}
		for range i + 1 {
			inside.Observe(p, d, guard.NewSide, guard.Outcome(i))
			inside.Observe(p, d, guard.OldSide, guard.Outcome(i))
			inside.Observe(p, d, guard.OldSide, guard.Outcome(i))
		}
	}
	s := p.Snapshot()
	for i, out := range migrate.Words[migrate.Outcome]() {
		if n := uint64(i + 1); s.New[out] != n || s.Old[out] != 2*n {
			t.Errorf("%v: new %d, old %d; want %d and %d", out, s.New[out], s.Old[out], n, 2*n)
		}
	}
	if len(s.Fallbacks) != len(migrate.Words[migrate.Fallback]()) || len(s.Shadows.Skipped) != len(migrate.Words[migrate.Skip]()) || len(s.Shadows.Results) != len(migrate.Words[migrate.Result]()) {
		t.Errorf("a counter is not complete: %+v", s)
	}
}

// The words of the guard are those of this package.
func TestGuardWords(t *testing.T) {
	for reason := guard.Errors; reason <= guard.Ceiling; reason++ {
		if !slices.Contains(migrate.Words[migrate.TripReason](), migrate.TripReason(reason.String())) {
			t.Errorf("the reason %q of a guard is not a TripReason", reason)
		}
	}
	for state := guard.Idle; state <= guard.Blind; state++ {
		if !slices.Contains(migrate.Words[migrate.Sight](), migrate.Sight(state.String())) {
			t.Errorf("the state %q of a guard is not a Sight", state)
		}
	}
	if n := len(migrate.Words[migrate.Blindness]()); n != int(guard.OldIsSilent)+1 { // that old is dead the pair knows
		t.Errorf("%d words for why a guard is blind, and %d reasons", n, guard.OldIsSilent)
	}
}
