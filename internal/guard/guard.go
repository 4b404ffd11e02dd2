package guard

import (
	"sync"
	"sync/atomic"
	"time"
)

// Side names one of the two handlers of a pair.
type Side uint8

const (
	OldSide Side = iota
	NewSide
)

// Outcome is what a side came to with a request.
type Outcome uint8

const (
	Answered Outcome = iota // a status below 400
	Refused                 // 4xx
	Failed                  // 5xx, or an error that becomes one
	Panicked
	Broken   // the answer broke after its head was out
	Gone     // the client left first
	Declined // it has done nothing, and is not weighed
	outcomes = iota
)

// Role says how a side came to answer.
type Role uint8

const (
	Served   Role = iota // it answered a client of its own
	Shadowed             // old ran as a shadow of new's answer
	FellBack             // old answered where new had failed
)

// Config tunes a Guard. The zero value is the rule that was chosen by simulation.
type Config struct {
	Margin      float64       // by which new may be worse, as a share; 0 means 0.005
	Dwell       time.Duration // of evidence before anything but panics trips; 0 means 2.5 s, the least is 0.5 s
	Slower      float64       // how many times as long as old new may take; 0 means 1.5, below 0 off
	MaxPanics   int           // panics of new in a row; 0 means 5, below 0 off
	MaxMismatch float64       // the share of comparisons that may differ; 0 or less means off
	Ceiling     float64       // the share of failures above which the absolute rule acts where old is silent; 0 means 0.2, below 0 off
	Refusals    bool          // hold 4xx of new against those of old as well
}

func (c Config) withDefaults() Config {
	orDefault(&c.Margin, 0.005)
	orDefault(&c.Dwell, 2500*time.Millisecond)
	orDefault(&c.Slower, 1.5)
	orDefault(&c.MaxPanics, 5)
	orDefault(&c.Ceiling, 0.2)
	c.Dwell = max(c.Dwell, blockTime)
	return c
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Observation is one outcome of one side.
type Observation struct {
	Side    Side
	Outcome Outcome
	Role    Role // of old; the roles of new are all Served
	// Key is a hash of the key of the request, the same for both sides; 0 is for one that has none.
	// It counts where the side Served.
	Key uint64
	// End is when the side had finished, and Took how long it took. Took counts where the side
	// Served: a shadow meets a warm cache, and a fallback only requests that are hard. Both are
	// zero where nobody has looked at the clock (see Timed): then nothing is due.
	End  time.Time
	Took time.Duration
}

const (
	blockTime = 500 * time.Millisecond
	waitTime  = blockTime / 10 // until the next look when a block is late because a side is silent
	longest   = time.Minute    // that a block may last
	fullBlock = time.Second    // what a longer one counts as: in a long one both sides need not have seen the same outage
)

// Guard is the evidence of one epoch. Make it with New; its methods are safe for any number of
// goroutines.
type Guard struct {
	config Config
	start  time.Time
	all    *Record
	before totals // what the record had when this epoch began

	due      atomic.Int64 // when to look, in nanoseconds since start
	spent    atomic.Bool  // it has tripped, or was retired
	failing  ring         // keys of failures, of both sides
	leaving  ring         // keys of clients that left
	refusing ring
	panics   panics
	clock    clock // but for skip guarded by mu

	mu         sync.Mutex
	errors     track
	hangs      track
	refusals   track
	slow       slowness
	mismatches mismatches
	lone       lone
	sees       outlook
}

// New begins an epoch, at a plan that lets it see nothing yet: call Begin. The record is that of
// the pair, which it goes on counting in; nil is for a pair whose record nobody wants.
func New(c Config, now time.Time, r *Record) *Guard {
	c = c.withDefaults()
	if r == nil {
		r = new(Record)
	}
	dwell := c.Dwell.Seconds()
	meaning := func(r Reason) track {
		return track{reason: r, rule: rule{bets: failureBets, against: true, margin: c.Margin, dwell: dwell}}
	}
	g := &Guard{config: c, start: now, all: r, before: r.totals(), errors: meaning(Errors), hangs: meaning(Hangs), refusals: meaning(Refusals),
		slow: newSlowness(c.Slower, dwell, &r.Took)}
	g.panics.most = int64(c.MaxPanics)
	g.mismatches.accepted = c.MaxMismatch
	g.lone.errors.ceiling, g.lone.hangs.ceiling = c.Ceiling, c.Ceiling
	g.Begin(now, Means{})
	return g
}

// Begin starts a new block of time: call it when a plan comes into force, with what that plan lets
// the guard see. The evidence so far stays. If new answers a larger share than before, durations do
// not count for 30 s, because its caches are cold. Begin returns what the guard will see, so that a
// plan that makes it blind can be told at once.
func (g *Guard) Begin(now time.Time, m Means) Sight {
	at := g.at(now)
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.totals()
	for _, m := range g.tracks() {
		m.begin(at, m.of(&t))
	}
	g.slow.begin(at, m.Share > g.sees.means.Share)
	g.lone.begin(at, &t)
	g.due.Store(at + int64(blockTime))
	return g.sees.begin(at, m, g)
}

// SetShadows tells the guard that the shadows of the pair were switched off, or on again.
func (g *Guard) SetShadows(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sees.means.ShadowsOff = !on
}

// Observe takes one outcome. It returns nil unless there is something to tell, and whether the
// outcome was counted: not after a trip, nor for a client that fails again.
func (g *Guard) Observe(o *Observation) (found *Finding, counted bool) {
	if g.spent.Load() || o.Outcome >= Declined {
		return nil, false
	}
	if o.Side == NewSide || o.Role == Served {
		if g.repeats(o.Outcome, o.Key) {
			return g.Look(o.End), false
		}
		if o.Outcome <= Refused && o.Took > 0 {
			g.all.Took[o.Side&1].Observe(o.Took)
		}
	}
	row := rowOf(o.Side, o.Role)
	n := g.all.rows[row].of[o.Outcome].Add(1)
	if row == int(o.Side) {
		g.clock.choose(o.Side, n)
	}
	if o.Side == NewSide {
		if trip := g.panics.record(o.Outcome, g); trip != nil {
			return &Finding{Trip: g.once(trip)}, true
		}
	}
	return g.Look(o.End), true
}

// Answered is Observe for an answer of a side to a client of its own that nobody has timed.
func (g *Guard) Answered(s Side) (counted bool) {
	if g.spent.Load() {
		return false
	}
	g.clock.choose(s, g.all.rows[s&1].of[Answered].Add(1))
	if s == NewSide {
		g.panics.over()
	}
	return true
}

// Retire ends the epoch: outcomes of requests that began in it count no more, and cannot trip.
func (g *Guard) Retire() { g.spent.Store(true) }

// repeats reports whether this bad outcome is of a client that has been counted already.
func (g *Guard) repeats(out Outcome, key uint64) bool {
	switch out {
	case Answered:
		return false
	case Refused:
		return g.config.Refusals && g.refusing.repeats(key)
	case Gone:
		return g.leaving.repeats(key)
	}
	return g.failing.repeats(key)
}

// Compare takes whether the answers of both sides to one request differ by more than noise.
func (g *Guard) Compare(differs bool) *Finding {
	if g.config.MaxMismatch <= 0 || g.spent.Load() {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.mismatches.add(differs) {
		return nil
	}
	return found(g.once(&Trip{Reason: Mismatches, New: g.mismatches.span}), nil)
}

// Sight is what the guard sees now.
func (g *Guard) Sight(now time.Time) Sight {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sees.sight(g.at(now), g)
}

// Quantiles are the durations of a side's recent answers to clients of its own.
func (g *Guard) Quantiles(s Side) Quantiles {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.slow.quantiles(s & 1)
}

// Counts are the failures of this epoch, for the others of a fleet: they only grow.
func (g *Guard) Counts() Block {
	t := g.totals()
	return t.errors()
}

// Look does what is due by the clock and returns what Observe would. Observe calls it; a pair that
// gets no requests now may be looked at by others.
func (g *Guard) Look(now time.Time) *Finding {
	if now.IsZero() {
		return nil
	}
	at := g.at(now)
	if at < g.due.Load() || g.spent.Load() || !g.mu.TryLock() {
		return nil // not yet, or somebody else is at it
	}
	defer g.mu.Unlock()
	if at < g.due.Load() {
		return nil
	}
	t := g.totals()
	g.clock.look(at, &t)
	tripped, late := g.lone.look(at, &t, g), false
	for _, m := range g.tracks() {
		beyond, ended := m.look(at, m.of(&t))
		late = late || !ended
		if beyond && tripped == nil && !g.sees.oldFails() {
			tripped = &Trip{Reason: m.reason, New: m.span.New, Old: m.span.Old}
		}
	}
	if r := g.slow.look(at); r != nil && tripped == nil {
		tripped = &Trip{Reason: Slowness, New: r.span.New, Old: r.span.Old, Limit: r.limit}
	}
	if late {
		g.due.Store(at + int64(waitTime))
	} else {
		g.due.Store(at + int64(blockTime))
	}
	return found(g.once(tripped), g.sees.changed(at, g))
}

func (g *Guard) at(t time.Time) int64 { return int64(t.Sub(g.start)) }

// tracks are the meanings of "bad" that are compared by counts.
func (g *Guard) tracks() []*track {
	tracks := [...]*track{&g.errors, &g.hangs, &g.refusals}
	if g.config.Refusals {
		return tracks[:]
	}
	return tracks[:2]
}

// once lets one trip pass.
func (g *Guard) once(t *Trip) *Trip {
	if t == nil || g.spent.Swap(true) {
		return nil
	}
	return t
}

func found(t *Trip, s *Sight) *Finding {
	if t == nil && s == nil {
		return nil
	}
	return &Finding{t, s}
}
