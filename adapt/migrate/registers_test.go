package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// Requests decide while the pair is killed and reset, over and over: none that begins after Kill
// has returned, and before the next Reset is called, may be served by new.
func TestKillIsSeenByEveryLaterDecision(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "pair", Key: byHeader})
	plans := []migrate.Plan{{Stage: migrate.New}, {Stage: migrate.Live}, {Stage: migrate.Canary, Share: 1}}
	var phase atomic.Uint64 // odd from the return of Kill to the next Reset
	var checked, onNew atomic.Uint64
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			r := withKey("k")
			for ctx.Err() == nil {
				before := phase.Load()
				d := decide(p, r)
				if d.New {
					onNew.Add(1)
				}
				if before%2 == 1 && phase.Load() == before { // killed from before the decision until after it
					checked.Add(1)
					if d.New {
						t.Error("a request that began after Kill had returned was served by new")
					}
				}
				runtime.Gosched()
			}
		})
	}
	await := func(n *atomic.Uint64) {
		for begin := n.Load(); n.Load() < begin+8; {
			runtime.Gosched()
		}
	}
	for i := range 300 {
		if err := p.Set(plans[i%len(plans)], "test"); i > 0 && !errors.Is(err, migrate.ErrHeld) {
			t.Fatal(err)
		}
		if err := p.Reset("test"); i > 0 && err != nil {
			t.Fatal(err)
		}
		await(&onNew)
		p.Kill("test", "test")
		phase.Add(1)
		await(&checked)
		phase.Add(1)
	}
	stop()
	wg.Wait()
}

// Many set plans at once: every decision belongs to one plan as a whole, and the last Set to return
// is not lost.
func TestConcurrentSetsAreNotTorn(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "pair", Key: byHeader})
	valid := map[plainDecision]bool{
		{Bucket: -1}: true, {Bucket: -1, Shadow: true}: true,
		{Bucket: -1, New: true, Shadow: true, Fallback: true}: true,
		{Bucket: -1, New: true}:                               true,
	}
	plans := []migrate.Plan{{}, {Stage: migrate.Shadow}, {Stage: migrate.Live}, {Stage: migrate.New}}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				if err := p.Set(plans[(i+g)%len(plans)], "test"); err != nil {
					t.Errorf("a Set beside other Sets failed: %v", err)
				}
				d := decide(p, withKey("k"))
				if public := plain(d); !valid[public] {
					t.Errorf("decision %+v is of no plan", public)
				}
			}
		})
	}
	wg.Wait()
	if err := p.Set(migrate.Plan{Stage: migrate.New}, "last"); err != nil || p.Plan().Stage != migrate.New {
		t.Errorf("after the last Set (%v) the plan is %v", err, p.Plan())
	}
}

// E7: a ramp does not lift a human's Kill, not even by asking for less, and Reset puts in force
// what it asked for meanwhile. E8: nor does it lift a trip.
func TestNoScriptLiftsAHold(t *testing.T) {
	for name, hold := range map[string]func(p *migrate.Pair){
		"E7 kill": func(p *migrate.Pair) { p.Kill("customers complain", "ann") },
		"E8 trip": func(p *migrate.Pair) {
			for range 5 {
				inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
			}
		},
		"both": func(p *migrate.Pair) {
			for range 5 {
				inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
			}
			p.Kill("customers complain", "ann")
		},
	} {
		p := newPair(t, migrate.Config{Name: "GET /x", Key: byHeader, Plan: migrate.Plan{Stage: migrate.Live}})
		hold(p)
		was := p.Snapshot()
		for _, plan := range []migrate.Plan{{Stage: migrate.Canary, Share: 0.1}, {}, {Stage: migrate.Canary, Share: 0.2}} {
			if err := p.Set(plan, "ramp"); !errors.Is(err, migrate.ErrHeld) {
				t.Errorf("%s: Set(%v): %v", name, plan, err)
			}
		}
		is := p.Snapshot()
		if is.Plan != (migrate.Plan{}) || is.Wanted.Share != 0.2 || is.By != "ramp" {
			t.Errorf("%s: in force %v, wanted %v by %q", name, is.Plan, is.Wanted, is.By)
		}
		if diff := cmp.Diff([]any{was.Held, was.Latched}, []any{is.Held, is.Latched}); diff != "" || is.Held == nil && is.Latched == nil {
			t.Errorf("%s: held by (-before +after the ramp):\n%s", name, diff)
		}
		if err := p.Reset("ann"); err != nil || p.Plan() != is.Wanted {
			t.Errorf("%s: Reset: %v, plan %v", name, err, p.Plan())
		}
	}
}

// Every change says who, why and since when.
func TestRegistersSayWhoAndSinceWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
		begin := time.Now()
		time.Sleep(time.Minute)
		for range 5 {
			inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
		}
		time.Sleep(time.Minute)
		p.Kill("smoke", "ann")
		time.Sleep(time.Minute)
		_ = p.Set(migrate.Plan{Stage: migrate.New}, "ramp")
		s := p.Snapshot()
		if s.By != "ramp" || s.Since.Sub(begin) != 3*time.Minute {
			t.Errorf("wanted by %q since %v", s.By, s.Since.Sub(begin))
		}
		if *s.Held != (migrate.Hold{At: begin.Add(2 * time.Minute), Reason: "smoke", By: "ann"}) {
			t.Errorf("held by %+v", s.Held)
		}
		if s.Latched.Reason != migrate.TripPanics || s.Latched.At.Sub(begin) != time.Minute || s.Trips != 1 || s.Kills != 1 {
			t.Errorf("latched by %+v; %d trips, %d kills", s.Latched, s.Trips, s.Kills)
		}
	})
}

// Reset of a pair that is latched and has its shadows off switches them on as well.
func TestResetSwitchesShadowsOn(t *testing.T) {
	for _, latched := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var kinds []string
			p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}, Shadow: migrate.ShadowConfig{MaxConcurrent: 4},
				OnEvent: func(e migrate.Event) { kinds = append(kinds, string(e.Kind)) }})
			places := inside.Slots(p)
			for range 4 {
				s := places.Reserve()
				if !s.Start() {
					t.Fatal("no slot")
				}
				s.Overdue()
				defer s.End()
			}
			time.Sleep(time.Minute)
			if s := p.Snapshot(); !s.Shadows.Off {
				t.Fatalf("shadows are not off: %+v", s.Shadows)
			}
			if latched {
				for range 5 {
					inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
				}
			}
			if err := p.Reset("ann"); err != nil || p.Snapshot().Shadows.Off || p.Plan().Stage != migrate.Live {
				t.Errorf("latched %v: Reset: %v, shadows off %v, plan %v", latched, err, p.Snapshot().Shadows.Off, p.Plan())
			}
			synctest.Wait()
			want := []string{"guard", "stuck", "shadow-off", "reset"}
			if latched {
				want = []string{"guard", "stuck", "shadow-off", "trip", "reset", "guard"}
			}
			if diff := cmp.Diff(want, kinds); diff != "" {
				t.Errorf("latched %v: events (-want +got):\n%s", latched, diff)
			}
		})
	}
}

// E6: a hook that is slow loses mismatches, and no trip and no kill; it is told how many.
func TestTripsAndKillsAreAlwaysTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got []string
		var lost []uint64
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}, OnEvent: func(e migrate.Event) {
			<-release
			got, lost = append(got, string(e.Kind)), append(lost, e.Lost)
		}})
		synctest.Wait()      // it hangs in the first event
		for i := range 400 { // at each of 200 places the first and the second are told
			compare(p, jsonAnswer(`{"f%d":1}`, i%200), jsonAnswer(`{"f%d":2}`, i%200))
		}
		for range 5 {
			inside.Observe(p, decide(p, nil), guard.NewSide, guard.Panicked)
		}
		p.Kill("smoke", "ann")
		dropped := p.Snapshot().LostEvents
		close(release)
		if err := p.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"guard", "trip", "kill", "mismatch"}, got[:4]); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if dropped == 0 || lost[1] != dropped || lost[2] != 0 {
			t.Errorf("%d were lost, and told is %v", dropped, lost[:4])
		}
	})
}

// A hook may use the pair it hears of.
func TestHookMayActOnThePair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kinds []string
		var p *migrate.Pair
		p = newPair(t, migrate.Config{OnEvent: func(e migrate.Event) {
			kinds = append(kinds, string(e.Kind))
			p.Snapshot()
			if e.Kind == migrate.KindSet {
				p.Kill("I do not like it", "hook")
			}
		}})
		if err := p.Set(migrate.Plan{Stage: migrate.New}, "ann"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"set", "kill"}, kinds); diff != "" || p.Plan().Stage != migrate.Old {
			t.Errorf("plan %v, events (-want +got):\n%s", p.Plan(), diff)
		}
	})
}

// Outcomes of requests that were decided before a Reset belong to the old evidence.
func TestLateOutcomesDoNotTripAgain(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
	early := decide(p, httptest.NewRequest("GET", "/", nil))
	storm := func(d decision.Decision) {
		for range 5 {
			inside.Observe(p, d, guard.NewSide, guard.Panicked)
		}
	}
	storm(early)
	if p.Plan().Stage != migrate.Old {
		t.Fatal("five panics in a row did not trip")
	}
	if err := p.Reset("test"); err != nil {
		t.Fatal(err)
	}
	storm(early)
	if p.Plan().Stage != migrate.Live {
		t.Error("requests from before the Reset tripped the pair again")
	}
	storm(decide(p, httptest.NewRequest("GET", "/", nil)))
	if p.Plan().Stage != migrate.Old {
		t.Error("after a Reset the guard is asleep")
	}
}

// Nor do those of requests from before a pause count when the same plan is set again.
func TestLateOutcomesDoNotCountLater(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
	early := decide(p, httptest.NewRequest("GET", "/", nil))
	for _, plan := range []migrate.Plan{{}, {Stage: migrate.Live}} {
		if err := p.Set(plan, "test"); err != nil {
			t.Fatal(err)
		}
	}
	for _, out := range []guard.Outcome{guard.Answered, guard.Failed} {
		inside.Observe(p, early, guard.NewSide, out)
	}
	if _, _, next := inside.Counts(p); next.Of != 0 {
		t.Errorf("%d outcomes from before the pause are evidence", next.Of)
	}
	if s := p.Snapshot(); s.New[migrate.Answered] != 1 || s.New[migrate.Failed] != 1 {
		t.Errorf("they are not in the snapshot: %v", s.New)
	}
}

func TestEventsTellTheStory(t *testing.T) {
	var got []string
	p := newPair(t, migrate.Config{Name: "GET /x", Key: byHeader, OnEvent: func(e migrate.Event) {
		line := fmt.Sprintf("%v %s: %v -> %v", e.Kind, e.Pair, e.From, e.To)
		if e.Wanted != e.To {
			line += fmt.Sprintf(" (%v wanted)", e.Wanted)
		}
		for _, s := range []string{e.By, e.Reason} {
			if s != "" {
				line += " " + s
			}
		}
		if e.Trip != nil {
			line += fmt.Sprintf(" %v %d of %d", e.Trip.Reason, e.Trip.New.Bad, e.Trip.New.Of)
		}
		if e.Guard != nil {
			line += " " + words(*e.Guard)
		}
		if e.At.IsZero() {
			line += " without a time"
		}
		got = append(got, line)
	}})
	do := func(err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
	}
	do(p.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}, "ann"), nil)
	for i := range 5 { // of five clients: one that tries again counts once
		inside.Observe(p, decide(p, withKey(fmt.Sprint(i))), guard.NewSide, guard.Panicked)
	}
	p.Kill("to be sure", "carl")
	do(p.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.1}, "ramp"), migrate.ErrHeld)
	do(p.Reset("bob"), nil)
	do(p.Reset("bob"), migrate.ErrNotHeld)
	p.Kill("smoke", "ann")
	do(p.Set(migrate.Plan{Stage: migrate.New}, "ramp"), migrate.ErrHeld)
	do(p.Reset("ann"), nil)
	do(p.Shutdown(context.Background()), nil)
	want := []string{
		"set GET /x: old -> canary 50 % ann",
		"guard GET /x: canary 50 % -> canary 50 % watching",
		"trip GET /x: canary 50 % -> old (canary 50 % wanted) panics 5 of 5",
		"kill GET /x: old -> old (canary 50 % wanted) carl to be sure",
		"set GET /x: old -> old (canary 10 % wanted) ramp",
		"reset GET /x: old -> canary 10 % bob",
		"guard GET /x: canary 10 % -> canary 10 % watching",
		"kill GET /x: canary 10 % -> old (canary 10 % wanted) ann smoke",
		"set GET /x: old -> old (new wanted) ramp",
		"reset GET /x: old -> new ann",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
