package guard_test

import (
	"math"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A busy side is timed in part, enough of it and never less than one in sixty-four; a quiet one as a
// whole, also when it was busy before. What is not timed is counted.
func TestBusySidesAreTimedInPart(t *testing.T) {
	var record guard.Record
	g := guard.New(guard.Config{}, begin, &record)
	g.Begin(begin, guard.Means{Share: 0.5})
	now, served := begin, uint64(0)
	// play has old serve so many requests in each of some blocks of time, and new ten.
	play := func(inBlock, blocks int) (timed float64) {
		n := 0
		for range blocks {
			for i := range inBlock {
				now = now.Add(500 * time.Millisecond / time.Duration(inBlock))
				o := guard.Observation{Side: guard.OldSide}
				if g.Timed(guard.OldSide) {
					n++
					o.End, o.Took = now, time.Millisecond
				}
				served++
				if f, counted := g.Observe(&o); f != nil && f.Trip != nil || !counted {
					t.Fatalf("%+v, counted %v", f, counted)
				}
				if i%max(inBlock/10, 1) == 0 {
					if !g.Timed(guard.NewSide) {
						t.Error("the quiet side is not timed")
					}
					g.Observe(&guard.Observation{Side: guard.NewSide, End: now, Took: time.Millisecond})
				}
			}
		}
		return float64(n) / float64(inBlock*blocks)
	}
	for _, c := range []struct {
		inBlock     int
		least, most float64
	}{
		{100, 1, 1},
		{900, 1, 1},
		{1500, 0.4, 0.6}, // one in two is more than enough
		{5000, 0.09, 0.16},
		{80_000, 0.0155, 0.0158}, // where one in 128 would be enough
		{3, 1, 1},
	} {
		play(c.inBlock, 2) // it learns
		if timed := play(c.inBlock, 8); timed < c.least || timed > c.most {
			t.Errorf("%d in a block: %.3f of them are timed, want %v to %v", c.inBlock, timed, c.least, c.most)
		}
	}
	if got := g.Counts().Old.Of; got != served {
		t.Errorf("%d outcomes are counted of %d", got, served)
	}
	if got := record.Outcomes(guard.OldSide, guard.Answered); got != served {
		t.Errorf("the record has %d outcomes of %d", got, served)
	}
}

// Traffic that repeats itself does not fool what is timed of it: of one request in so many that is
// slow, the share among those that are timed is right to a hundredth of the whole, whatever the period
// and whatever part is timed.
func TestTimedInPartIsEvenly(t *testing.T) {
	for _, inBlock := range []int{1500, 40_000} {
		for _, period := range []int{2, 3, 8, 13, 21, 64} {
			g := guard.New(guard.Config{}, begin, nil)
			g.Begin(begin, guard.Means{Share: 0.5})
			now := begin
			var timed, slow float64
			for i := range 6 * inBlock {
				now = now.Add(500 * time.Millisecond / time.Duration(inBlock))
				o := guard.Observation{Side: guard.OldSide}
				if g.Timed(guard.OldSide) {
					o.End, o.Took = now, time.Millisecond
					if i > 2*inBlock { // it has learned
						timed++
						if i%period == 0 {
							slow++
						}
					}
				}
				g.Observe(&o)
			}
			if got, want := slow/timed, 1/float64(period); math.Abs(got-want) > 0.01 {
				t.Errorf("%d in a block, one in %d slow: %.4f of %v that are timed, want %.4f", inBlock, period, got, timed, want)
			}
		}
	}
}

// What a pair with very many requests has not timed does not keep the guard from seeing that new is
// slow, nor from seeing a fault at once when its traffic has faded.
func TestBusyPairsTripInTime(t *testing.T) {
	for rule, c := range map[string]struct {
		out    guard.Outcome
		slower time.Duration
		every  time.Duration // between two requests, once new is at fault
		want   guard.Reason
		within time.Duration
	}{
		"three times as slow":        {guard.Answered, 3, 20 * time.Microsecond, guard.Slowness, 8 * time.Second},
		"failures":                   {guard.Failed, 1, 20 * time.Microsecond, guard.Errors, 4 * time.Second},
		"failures of little traffic": {guard.Failed, 1, 100 * time.Millisecond, guard.Errors, 10 * time.Second},
		"slowness of little traffic": {guard.Answered, 10, 20 * time.Millisecond, guard.Slowness, 30 * time.Second},
	} {
		t.Run(rule, func(t *testing.T) {
			g := guard.New(guard.Config{}, begin, nil)
			g.Begin(begin, guard.Means{Share: 0.5})
			now, healthy := begin, begin.Add(40*time.Second) // beyond the grace for durations
			for i := 0; now.Before(healthy.Add(c.within)); i++ {
				side, out, took := guard.Side(i&1), guard.Answered, 20*time.Millisecond+time.Duration(i%7)*time.Millisecond
				every := 20 * time.Microsecond
				if now.Before(healthy.Add(-5 * time.Second)) {
					every = 500 * time.Microsecond // to save the test's time
				}
				if now.After(healthy) {
					if every = c.every; side == guard.NewSide {
						out, took = c.out, took*c.slower
					}
				}
				now = now.Add(every)
				o := guard.Observation{Side: side, Outcome: out}
				if timed := g.Timed(side); timed || out > guard.Refused {
					if o.End = now; timed {
						o.Took = took
					}
				}
				f, _ := g.Observe(&o)
				if f == nil || f.Trip == nil {
					continue
				}
				if f.Trip.Reason != c.want && f.Trip.Reason != guard.Ceiling || now.Before(healthy) {
					t.Errorf("tripped for %v, %v after the fault", f.Trip.Reason, now.Sub(healthy))
				}
				return
			}
			t.Errorf("no trip within %v", c.within)
		})
	}
}
