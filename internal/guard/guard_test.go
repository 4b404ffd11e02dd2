package guard_test

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

var begin = time.Unix(0, 0)

// pair is a guard under regular traffic. Every outcome comes a while after the last.
type pair struct {
	*guard.Guard
	now   time.Time
	each  time.Duration
	trip  *guard.Trip
	told  []guard.Sight
	trips int
}

func newPair(c guard.Config, m guard.Means) *pair {
	p := &pair{guard.New(c, begin, nil), begin, 10 * time.Millisecond, nil, nil, 0}
	p.Begin(begin, m)
	return p
}

func (p *pair) observe(o guard.Observation) {
	p.now = p.now.Add(p.each)
	o.End = p.now
	if f, _ := p.Observe(&o); f != nil {
		if f.Trip != nil {
			p.trip = f.Trip
			p.trips++
		}
		if f.Sight != nil {
			p.told = append(p.told, *f.Sight)
		}
	}
}

// play observes the outcomes in turn, so many times.
func (p *pair) play(times int, os ...guard.Observation) {
	for range times {
		for _, o := range os {
			p.observe(o)
		}
	}
}

func of(s guard.Side, out guard.Outcome) guard.Observation {
	return guard.Observation{Side: s, Outcome: out}
}

func echo(r guard.Role, out guard.Outcome) guard.Observation {
	return guard.Observation{Side: guard.OldSide, Role: r, Outcome: out}
}

var (
	canary  = guard.Means{Share: 0.5, Keyed: true, Fallback: true}
	post    = guard.Means{Share: 0.5, Keyed: true, Unsafe: true}
	live    = guard.Means{Share: 1, Keyed: true, Shadow: 1, Fallback: true}
	oldGood = of(guard.OldSide, guard.Answered)
	newGood = of(guard.NewSide, guard.Answered)
	newBad  = of(guard.NewSide, guard.Failed)
)

// What trips, and what does not, by what both sides do in turn for a minute after a healthy minute.
func TestTrips(t *testing.T) {
	took := func(s guard.Side, d time.Duration) guard.Observation {
		return guard.Observation{Side: s, Took: d}
	}
	fast, slow := 20*time.Millisecond, 200*time.Millisecond
	for _, c := range []struct {
		name   string
		means  guard.Means
		config guard.Config
		each   []guard.Observation
		want   guard.Reason // 0: none
	}{
		{"both answer", post, guard.Config{}, []guard.Observation{oldGood, newGood}, 0},
		{"new fails", post, guard.Config{}, []guard.Observation{oldGood, newBad}, guard.Errors},
		{"new breaks", post, guard.Config{}, []guard.Observation{oldGood, of(guard.NewSide, guard.Broken)}, guard.Errors},
		{"both fail", post, guard.Config{}, []guard.Observation{of(guard.OldSide, guard.Failed), newBad}, 0},
		{"old fails", post, guard.Config{}, []guard.Observation{of(guard.OldSide, guard.Failed), newGood}, 0},
		{"old fails more than half, new always: old is not a refuge", post, guard.Config{},
			[]guard.Observation{of(guard.OldSide, guard.Failed), newBad, of(guard.OldSide, guard.Failed), newBad, oldGood, newBad}, 0},
		{"new panics", post, guard.Config{}, []guard.Observation{oldGood, of(guard.NewSide, guard.Panicked)}, guard.Panics},
		{"new panics, and that rule is off", post, guard.Config{MaxPanics: -1}, []guard.Observation{oldGood, of(guard.NewSide, guard.Panicked)}, guard.Errors},
		{"both panic", post, guard.Config{}, []guard.Observation{of(guard.OldSide, guard.Panicked), of(guard.NewSide, guard.Panicked)}, 0},
		{"four panics in a row", post, guard.Config{}, []guard.Observation{oldGood, of(guard.NewSide, guard.Panicked), of(guard.NewSide, guard.Panicked),
			of(guard.NewSide, guard.Panicked), of(guard.NewSide, guard.Panicked), newGood, oldGood, oldGood}, guard.Errors},
		{"new refuses", post, guard.Config{}, []guard.Observation{oldGood, of(guard.NewSide, guard.Refused)}, 0},
		{"new refuses, and that counts", post, guard.Config{Refusals: true}, []guard.Observation{oldGood, of(guard.NewSide, guard.Refused)}, guard.Refusals},
		{"clients leave new", post, guard.Config{}, []guard.Observation{oldGood, of(guard.NewSide, guard.Gone)}, guard.Hangs},
		{"clients leave both", post, guard.Config{}, []guard.Observation{of(guard.OldSide, guard.Gone), of(guard.NewSide, guard.Gone)}, 0},
		{"clients leave old", post, guard.Config{}, []guard.Observation{of(guard.OldSide, guard.Gone), newGood}, 0},
		{"clients leave new at Live, and stayed before", live, guard.Config{}, []guard.Observation{of(guard.NewSide, guard.Gone), echo(guard.Shadowed, guard.Answered)}, guard.Hangs},
		{"new falls back", canary, guard.Config{}, []guard.Observation{oldGood, newBad, echo(guard.FellBack, guard.Answered)}, guard.Errors},
		{"new falls back at a share of 100 %", guard.Means{Share: 1, Keyed: true, Fallback: true}, guard.Config{},
			[]guard.Observation{newBad, echo(guard.FellBack, guard.Answered)}, guard.Errors},
		{"new falls back, and old fails as well", guard.Means{Share: 1, Keyed: true, Fallback: true}, guard.Config{},
			[]guard.Observation{newBad, echo(guard.FellBack, guard.Failed)}, 0},
		{"new breaks at Live, and old runs as a shadow", live, guard.Config{}, []guard.Observation{of(guard.NewSide, guard.Broken), echo(guard.Shadowed, guard.Answered)}, guard.Errors},
		{"both break at Live", live, guard.Config{}, []guard.Observation{of(guard.NewSide, guard.Broken), echo(guard.Shadowed, guard.Broken)}, 0},
		{"new breaks at Live, and no shadow runs", live, guard.Config{}, []guard.Observation{of(guard.NewSide, guard.Broken)}, guard.Ceiling},
		{"new fails at Live, and nobody can say a word", guard.Means{Share: 1, Unsafe: true}, guard.Config{}, []guard.Observation{newBad}, guard.Ceiling},
		{"the same, and that rule is off", guard.Means{Share: 1, Unsafe: true}, guard.Config{Ceiling: -1}, []guard.Observation{newBad}, 0},
		{"new fails one time in ten at Live, and nobody can say a word", guard.Means{Share: 1, Unsafe: true}, guard.Config{},
			append(slices.Repeat([]guard.Observation{newGood}, 9), newBad), 0},
		{"the same below the ceiling that was asked for", guard.Means{Share: 1, Unsafe: true}, guard.Config{Ceiling: 0.03},
			append(slices.Repeat([]guard.Observation{newGood}, 9), newBad), guard.Ceiling},
		{"new is ten times as slow", post, guard.Config{}, []guard.Observation{took(guard.OldSide, fast), took(guard.NewSide, slow)}, guard.Slowness},
		{"the same, and that is allowed", post, guard.Config{Slower: 12}, []guard.Observation{took(guard.OldSide, fast), took(guard.NewSide, slow)}, 0},
		{"the same, and that rule is off", post, guard.Config{Slower: -1}, []guard.Observation{took(guard.OldSide, fast), took(guard.NewSide, slow)}, 0},
		{"old is ten times as slow", post, guard.Config{}, []guard.Observation{took(guard.OldSide, slow), took(guard.NewSide, fast)}, 0},
		{"new takes microseconds longer", post, guard.Config{}, []guard.Observation{took(guard.OldSide, 5*time.Microsecond), took(guard.NewSide, 500*time.Microsecond)}, 0},
		{"a margin that is wide", post, guard.Config{Margin: 0.6}, []guard.Observation{oldGood, newBad, oldGood, newGood}, 0},
		{"the rate of old doubles that of new", post, guard.Config{}, []guard.Observation{oldGood, of(guard.OldSide, guard.Failed), newGood, newGood, newGood, newBad}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(c.config, post)
			p.play(3000, took(guard.OldSide, fast), took(guard.NewSide, fast))
			if p.trip != nil {
				t.Fatalf("healthy: %+v", p.trip)
			}
			p.Begin(p.now, c.means)
			p.play(6000/len(c.each), c.each...)
			switch {
			case p.trips > 1:
				t.Errorf("%d trips", p.trips)
			case p.trip == nil && c.want != 0:
				t.Errorf("no trip, want one by %v", c.want)
			case p.trip != nil && p.trip.Reason != c.want:
				t.Errorf("tripped by %v (%+v), want %v", p.trip.Reason, p.trip, c.want)
			case p.trip != nil && (p.trip.New.Bad < 5 || p.trip.New.Bad > p.trip.New.Of || p.trip.Old.Bad > p.trip.Old.Of):
				t.Errorf("the evidence is %+v", p.trip)
			}
		})
	}
}

// A request that fell back, or whose shadow failed, has the key of new in the ring: the echo must
// not be taken for a repetition, or old would look better than it is.
func TestEchoesAreNoRepetitions(t *testing.T) {
	for _, role := range []guard.Role{guard.FellBack, guard.Shadowed} {
		p := newPair(guard.Config{}, canary)
		for key := range uint64(20_000) {
			bad := guard.Answered
			if key%5 == 0 {
				bad = guard.Failed
			}
			p.observe(guard.Observation{Side: guard.OldSide, Outcome: bad, Key: key | 1<<40})
			p.observe(guard.Observation{Side: guard.NewSide, Outcome: bad, Key: key + 1})
			if role == guard.Shadowed || bad != guard.Answered {
				p.observe(guard.Observation{Side: guard.OldSide, Role: role, Outcome: bad, Key: key + 1})
			}
		}
		if c := p.Counts(); p.trip != nil || float64(c.Old.Bad) < 1.8*float64(c.New.Bad) {
			t.Errorf("old fails with every request that new fails, and alike on its own: %+v, counts %+v", p.trip, c)
		}
	}
}

// One client that fails all the time is one fault.
func TestOneClientCountsOnce(t *testing.T) {
	p := newPair(guard.Config{}, post)
	for i := range 10_000 {
		p.observe(oldGood)
		if i%20 == 0 {
			p.observe(guard.Observation{Side: guard.NewSide, Outcome: guard.Failed, Key: 7})
		} else {
			p.observe(newGood)
		}
	}
	if p.trip != nil {
		t.Errorf("a single client takes the pair back: %+v", p.trip)
	}
}

// There is one ring for both sides: with one each, the busier side would forget sooner, and look
// worse.
func TestOneRingForBothSides(t *testing.T) {
	p := newPair(guard.Config{}, post)
	bad := func(s guard.Side, key uint64) {
		p.observe(guard.Observation{Side: s, Outcome: guard.Failed, Key: key})
	}
	bad(guard.NewSide, 1)
	bad(guard.NewSide, 1)
	if c := p.Counts().New.Bad; c != 1 {
		t.Fatalf("one client that fails twice counts %d times", c)
	}
	for key := range uint64(100) {
		bad(guard.OldSide, 1000+key)
	}
	bad(guard.NewSide, 1)
	if c := p.Counts().New.Bad; c != 2 {
		t.Errorf("after a hundred other clients have failed on the other side it counts %d times, want 2", c)
	}
}

// A change of plan begins a new block: what came under another share is not added up with what
// comes now.
func TestBeginDropsTheBlock(t *testing.T) {
	p := newPair(guard.Config{}, post)
	for range 100 {
		p.play(20, oldGood, newBad) // 0.4 s, less than a block
		p.Begin(p.now, post)
		p.play(26, oldGood, newGood) // a whole block, and hardly more
	}
	if p.trip != nil {
		t.Errorf("tripped by parts of blocks: %+v", p.trip)
	}
	p.play(500, oldGood, newBad)
	if p.trip == nil {
		t.Error("no trip when the plan stays")
	}
}

func TestUntimedAnswersEndARowOfPanics(t *testing.T) {
	g := guard.New(guard.Config{}, begin, nil)
	g.Begin(begin, post)
	for i := range 20 {
		if i%4 == 0 {
			g.Answered(guard.NewSide)
		}
		o := of(guard.NewSide, guard.Panicked)
		if f, _ := g.Observe(&o); f != nil {
			t.Fatalf("four panics in a row, and an answer between: %+v", f)
		}
	}
}

// A trip is told once, whoever else observes.
func TestTripsOnce(t *testing.T) {
	g := guard.New(guard.Config{}, begin, nil)
	g.Begin(begin, post)
	var mu sync.Mutex
	trips := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 2000 {
				now := begin.Add(time.Duration(i) * 10 * time.Millisecond)
				for _, o := range []guard.Observation{oldGood, newBad, of(guard.NewSide, guard.Panicked)} {
					o.End = now
					if f, _ := g.Observe(&o); f != nil && f.Trip != nil {
						mu.Lock()
						trips++
						mu.Unlock()
					}
				}
				g.Sight(now)
				g.Compare(true)
			}
		})
	}
	wg.Wait()
	if trips != 1 {
		t.Errorf("%d trips", trips)
	}
}

// Everything is counted, whoever ends a block meanwhile.
func TestCountsAreComplete(t *testing.T) {
	var record guard.Record
	g := guard.New(guard.Config{}, begin, &record)
	g.Begin(begin, post)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 5000 {
				out := guard.Answered
				if i%10 == 0 {
					out = guard.Failed
				}
				now := begin.Add(time.Duration(i) * time.Millisecond)
				g.Observe(&guard.Observation{Side: guard.OldSide, Outcome: out, End: now, Took: time.Millisecond})
				g.Observe(&guard.Observation{Side: guard.NewSide, Outcome: out, End: now, Took: time.Millisecond})
			}
		})
	}
	wg.Wait()
	each := guard.Counts{Bad: 4000, Of: 40_000}
	if got, want := g.Counts(), (guard.Block{Old: each, New: each}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	for side := range record.Took {
		n := uint64(0)
		for _, count := range record.Took[side].Buckets {
			n += count
		}
		if n != 36_000 {
			t.Errorf("side %d: %d durations, want those of the 36,000 good answers", side, n)
		}
	}
}

func TestQuantilesOfASide(t *testing.T) {
	p := newPair(guard.Config{Slower: -1}, post)
	for i := range 2000 {
		p.observe(guard.Observation{Side: guard.OldSide, Took: time.Duration(i%100+1) * time.Millisecond})
		p.observe(guard.Observation{Side: guard.NewSide, Took: 10 * time.Millisecond})
	}
	near := func(got, want time.Duration) bool { return math.Abs(float64(got-want)) < float64(want)/7 }
	if q := p.Quantiles(guard.OldSide); !near(q.P50, 50*time.Millisecond) || !near(q.P90, 90*time.Millisecond) || !near(q.P99, 99*time.Millisecond) || q.Of < 1900 {
		t.Errorf("of old, 1 to 100 ms: %+v", q)
	}
	if q := p.Quantiles(guard.NewSide); !near(q.P50, 10*time.Millisecond) || !near(q.P99, 10*time.Millisecond) {
		t.Errorf("of new, always 10 ms: %+v", q)
	}
}

func TestObserveAllocatesNothing(t *testing.T) {
	g := guard.New(guard.Config{}, begin, nil)
	g.Begin(begin, canary)
	now := begin
	allocs := testing.AllocsPerRun(10_000, func() {
		now = now.Add(10 * time.Millisecond) // a block ends in each fiftieth
		g.Observe(&guard.Observation{Side: guard.OldSide, End: now, Took: time.Millisecond, Key: 1})
		g.Observe(&guard.Observation{Side: guard.NewSide, End: now, Took: time.Millisecond, Key: 2})
	})
	if allocs > 0 {
		t.Errorf("two outcomes cost %v allocations", allocs)
	}
}

func BenchmarkObserve(b *testing.B) {
	g := guard.New(guard.Config{}, begin, nil)
	g.Begin(begin, canary)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		g.Observe(&guard.Observation{Side: guard.Side(i & 1), End: begin.Add(time.Duration(i) * time.Millisecond), Took: time.Millisecond, Key: uint64(i)})
		i++
	}
}

// In parallel beside its peer: as many additions to words that all processors share.
func BenchmarkParallel(b *testing.B) {
	b.Run("observe", func(b *testing.B) {
		g := guard.New(guard.Config{}, begin, nil)
		g.Begin(begin, canary)
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				g.Observe(&guard.Observation{Side: guard.Side(i & 1), End: begin.Add(time.Duration(i) * time.Millisecond), Took: time.Millisecond, Key: uint64(i)})
			}
		})
	})
	b.Run("two shared words", func(b *testing.B) {
		var words [2]struct {
			of, took atomic.Uint64
			_        [112]byte
		}
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				w := &words[i&1]
				w.of.Add(1)
				w.took.Add(1)
			}
		})
	})
}
