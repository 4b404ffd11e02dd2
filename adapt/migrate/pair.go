package migrate

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync/atomic"
)

// ErrTripped is returned by Set while the guard holds the pair on the old side and the plan would give new more than
// before: somebody has to look, and call Reset.
var ErrTripped = errors.New("migrate: the pair has tripped; Reset it before new serves more")

// Pair decides for one pair of handlers. Make it with NewPair; its methods are safe for any number of goroutines.
type Pair struct {
	state atomic.Pointer[state]
	_     [120]byte // Decide reads state at every request: keep the counters off its cache line

	name      string
	salt      uint64
	key       func(*http.Request) (string, bool)
	keyless   atomic.Uint64
	keyPanics atomic.Uint64
	served    [2][outcomes]atomic.Uint64
}

// state is everything a decision needs, published with one atomic store and never changed afterwards.
type state struct {
	plan     Plan // as set; the latch says whether it is in force
	latch    latch
	canary   bool
	points   int
	decision Decision // for every request outside Canary, for those on the old side in it
}

type latch uint8

const (
	unlatched latch = iota
	killed
	tripped
)

// NewPair checks the configuration and returns a pair with the plan of the configuration in force.
func NewPair(c Config) (*Pair, error) {
	p := &Pair{name: c.Name, salt: salt(c.Name), key: c.Key}
	if err := p.check(c.Plan); err != nil {
		return nil, err
	}
	p.state.Store(newState(c.Plan, unlatched))
	return p, nil
}

func (p *Pair) check(plan Plan) error {
	if err := plan.Validate(); err != nil {
		return err
	}
	if plan.Stage == Canary && p.key == nil {
		return ErrNoKey
	}
	return nil
}

func newState(plan Plan, l latch) *state {
	s := &state{plan: plan, latch: l}
	plan = s.effective()
	s.canary, s.points = plan.Stage == Canary, plan.points()
	s.decision = Decision{Bucket: -1, state: s}
	switch plan.Stage {
	case Shadow, Canary:
		s.decision.Shadow = true
	case Live:
		s.decision.Side, s.decision.Shadow, s.decision.Fallback = NewSide, true, true
	case New:
		s.decision.Side = NewSide
	}
	return s
}

func (s *state) effective() Plan {
	if s.latch != unlatched {
		return Plan{}
	}
	return s.plan
}

// Name is Config.Name.
func (p *Pair) Name() string { return p.name }

// Plan is the plan in force: Old for a pair that was killed or has tripped.
func (p *Pair) Plan() Plan { return p.state.Load().effective() }

// Set puts a plan in force for every later Decide, and lifts a Kill. By names who did it, for the record.
func (p *Pair) Set(plan Plan, by string) error {
	if err := p.check(plan); err != nil {
		return err
	}
	was := p.state.Load()
	l := unlatched
	if was.latch == tripped {
		if plan.served() > was.plan.served() {
			return ErrTripped
		}
		l = tripped
	}
	if !p.state.CompareAndSwap(was, newState(plan, l)) {
		return errors.New("migrate: the pair changed while this plan was being set; look at Plan and set it again")
	}
	return nil
}

// Kill puts every later Decide on the old side. It cannot fail.
func (p *Pair) Kill(reason string) {
	for {
		was := p.state.Load()
		if p.state.CompareAndSwap(was, newState(was.plan, cmp.Or(was.latch&tripped, killed))) {
			return
		}
	}
}

// Reset lifts a trip or a Kill: the plan that was set is in force again.
func (p *Pair) Reset(by string) error {
	was := p.state.Load()
	p.state.CompareAndSwap(was, newState(was.plan, unlatched))
	return nil
}

// Shutdown starts no more shadows, waits for those under way and for the events, and returns ctx's error if they take
// longer. Decisions go on as before. It may be called again.
func (p *Pair) Shutdown(ctx context.Context) error { return nil }
