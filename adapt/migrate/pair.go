package migrate

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/outbox"
	"github.com/crossfade-go/crossfade/internal/slots"
)

// Pair decides for one pair of handlers, and counts what came of it. Make it with NewPair; its
// methods are safe for any number of goroutines.
type Pair struct {
	state atomic.Pointer[state]
	_     [120]byte // every request reads state: keep what every request writes off its cache line

	record    guard.Record                    // of outcomes, those that the guard has counted
	uncounted [2][len(outcomes)]atomic.Uint64 // by side and outcome: the others

	keyless   atomic.Uint64
	keyPanics atomic.Uint64
	trips     atomic.Uint64
	kills     atomic.Uint64
	epochs    atomic.Uint64
	fellBack  tally[Fallback]
	shadows   shadows
	shed      atomic.Bool // it was told that shadows are left out under this plan
	slots     *slots.Pair
	evidence  evidence
	told      atomic.Pointer[GuardView] // of the last KindGuard; nil where there was none under this plan
	events    *outbox.Outbox[Event]
	listeners []*outbox.Outbox[Event]         // of this module: see Listen
	followed  atomic.Pointer[func() Followed] // nil: the mux follows no source

	salt      uint64
	keyOfHead bool   // the key is made of headers alone
	unsafe    bool   // requests of its method must not run twice
	config    Config // with the defaults filled in

	healthy func() bool // of the old side; nil: always

	between func() // what a test does between a look at the state and its change
}

// shadows counts what became of the requests that a plan wanted to shadow: each is refused or
// reserved, and one that is reserved is dropped or started.
type shadows struct {
	refused  tally[Skip]
	reserved atomic.Uint64
	dropped  tally[Skip]
	started  atomic.Uint64
	results  tally[Result]
}

// offered returns how many requests the plan wanted to shadow.
func (s *shadows) offered() uint64 { return s.refused.sum() + s.reserved.Load() }

// skipped returns how many of those had no shadow, by the reason.
func (s *shadows) skipped() map[Skip]uint64 {
	m := s.refused.counts()
	for why, n := range s.dropped.counts() {
		m[why] += n
	}
	return m
}

// NewPair checks the configuration, and puts its plan in force. The error tells every mistake;
// ErrNoKey is among them if the plan is a Canary and there is no Key.
func NewPair(c Config) (*Pair, error) { return newPair(c, false) }

func newPair(c Config, unsafe bool) (*Pair, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	p := &Pair{config: c, salt: salt(c.Name), keyOfHead: ofHead(c.Key), unsafe: unsafe}
	p.fellBack.words = fallbacks
	p.shadows.refused.words, p.shadows.dropped.words, p.shadows.results.words = skips, skips, results
	p.slots = slots.NewPair(slots.Process(), c.Shadow.MaxConcurrent, 3*c.Shadow.MaxBody, p.slotsChanged)
	p.evidence.keep = max(c.Mismatches, 0)
	var hear func(Event, uint64)
	if c.OnEvent != nil {
		hear = func(e Event, lost uint64) {
			e.Lost = lost
			c.OnEvent(e)
		}
	}
	p.events = outbox.New(hear)
	p.state.Store(p.newState(registers{wanted: c.Plan, since: time.Now()}, p.newWatch()))
	p.begin(p.state.Load())
	return p, nil
}

// Name is Config.Name.
func (p *Pair) Name() string { return p.config.Name }

// Plan is the plan in force: Old while the pair is held or has tripped. Snapshot tells why, and
// what is wanted.
func (p *Pair) Plan() Plan { return p.state.Load().inForce() }

// Shutdown starts no more shadows and waits for those under way, and for the events. When ctx ends
// first, the contexts of the candidates are cancelled and the error says how many were left.
// Decisions go on as before. It may be called again, and by several goroutines.
func (p *Pair) Shutdown(ctx context.Context) error {
	first := p.slots.Close()
	left := p.slots.Wait(ctx)
	if first && p.shadows.offered() > 0 {
		p.emit(Event{Kind: KindSummary, Shadows: p.stats()})
	}
	if err := p.events.Wait(ctx); err != nil && left == 0 {
		return named(fmt.Errorf("migrate: Config.OnEvent has not taken every event yet: %w", err), p.config.Name)
	}
	for _, l := range p.listeners {
		_ = l.Wait(ctx) // which fails only where that of the events has
	}
	if left > 0 {
		return named(fmt.Errorf("migrate: %d shadows have not ended: %w", left, context.Cause(ctx)), p.config.Name)
	}
	return nil
}

// Buckets yields how long the answers of a side took while the pair was watched, for an exporter:
// the upper end of each range that is not empty, in order, and how many durations it holds. Eight
// ranges double. The counts only grow. Of a side with more than 2,000 requests a second they are a
// part: a thousand a second or more, spread evenly over its requests, and one in 64 at least. So
// their number is not that of requests, which Snapshot counts, each of them.
func (p *Pair) Buckets(side Side) iter.Seq2[time.Duration, uint64] {
	return p.record.Took[sideOf(side == NewSide)].Buckets
}
