package migrate

import (
	"errors"
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/slots"
)

// Everything a decision needs is one immutable state behind one pointer. Whoever changes it publishes a new one, and from
// that moment on every Decide sees it. A state holds the plan as it was set and, possibly, a latch that keeps the pair on
// the old side in spite of it:
//
//	          Set            Kill      trip      Reset
//	free      free, as set   killed    tripped   ErrNotHeld
//	killed    free, as set   killed    -         free, as set before
//	tripped   tripped (1)    tripped   -         free, as set before
//
//	(1) ErrTripped if the plan relies on new more than the one set before
//
// So the pair itself only ever lowers the share of new. Kill needs no lock and cannot fail. A Set or Reset that began
// before a Kill or a trip does not undo it: it was made in ignorance, and gets ErrOvertaken.

var (
	// ErrTripped is returned by Set while the guard holds the pair on the old side, if the plan relies on new more than
	// the plan set before (a larger share; Live after any Canary; New after Live): look what happened, and Reset first.
	ErrTripped = errors.New("migrate: the guard has taken the pair back to the old side; call Reset before giving new more")
	// ErrOvertaken is returned by Set and Reset when the pair was killed or tripped meanwhile.
	ErrOvertaken = errors.New("migrate: the pair was killed or has tripped meanwhile; look at its Snapshot and decide again")
	// ErrNotHeld is returned by Reset for a pair that is neither killed nor tripped.
	ErrNotHeld = errors.New("migrate: the pair is neither killed nor tripped, so there is nothing to reset")
)

// Latch tells why a pair serves old in spite of its plan.
type Latch struct {
	At     time.Time `json:"at"`               // since when it holds
	Reason string    `json:"reason,omitempty"` // given to Kill
	Trip   *Trip     `json:"trip,omitempty"`   // nil: it was killed
}

func (l *Latch) clone() *Latch {
	if l == nil {
		return nil
	}
	c := *l
	if l.Trip != nil {
		trip := *l.Trip
		c.Trip = &trip
	}
	return &c
}

// state is never changed once it is published.
type state struct {
	plan     Plan // as it was set
	since    time.Time
	by       string
	latch    *Latch // nil: the plan is in force
	guard    *guard // the evidence of this epoch; nil if the guard is off
	decision decision.Decision
}

func newState(plan Plan, latch *Latch, g *guard) *state {
	s := &state{plan: plan, since: time.Now(), latch: latch, guard: g}
	plan = s.effective()
	s.decision = stages[plan.Stage].Decision
	s.decision.Stage, s.decision.Points, s.decision.Bucket = uint8(plan.Stage), plan.points(), -1
	if g == nil {
		s.decision.Watched = false
	} else {
		s.decision.Epoch = g.epoch
	}
	return s
}

func (s *state) effective() Plan {
	if s.latch != nil {
		return Plan{}
	}
	return s.plan
}

// Set puts a plan in force for every later Decide, and lifts a Kill, but not a trip. By is who did it, for the record. A
// program that sets plans from a file or a flag service should do so only when they change, or it would lift a Kill.
func (p *Pair) Set(plan Plan, by string) error {
	if err := plan.check(p.config.Key != nil); err != nil {
		return named(err, p.config.Name)
	}
	err := p.change(Event{Kind: KindSet, By: by}, func(was *state) (*state, error) {
		latch, g := was.latch, was.guard
		switch {
		case latch != nil && latch.Trip != nil:
			if plan.reliance() > was.plan.reliance() {
				return nil, ErrTripped
			}
		case !was.decision.Watched: // killed, or at a stage whose requests the guard has not seen
			latch, g = nil, p.newGuard()
		}
		to := newState(plan, latch, g)
		to.by = by
		return to, nil
	})
	if err == nil {
		p.slots.SwitchOn()
	}
	return err
}

// Reset lifts a trip or a Kill: the plan that was set last is in force again, and the guard begins anew. It also switches
// on shadows that were switched off (see KindShadowOff).
func (p *Pair) Reset(by string) error {
	if p.slots.SwitchOn() && p.state.Load().latch == nil {
		plan := p.Plan()
		p.emit(Event{Kind: KindReset, By: by, From: plan, To: plan})
		return nil
	}
	return p.change(Event{Kind: KindReset, By: by}, func(was *state) (*state, error) {
		if was.latch == nil {
			return nil, ErrNotHeld
		}
		to := newState(was.plan, nil, p.newGuard())
		to.by = by
		return to, nil
	})
}

// Kill puts every later Decide on the old side, until somebody calls Set or Reset. It publishes that with one atomic store
// before it does anything else, waits for nothing and cannot fail. No shadow starts afterwards either; those under way go on to their end.
func (p *Pair) Kill(reason string) {
	p.force(Event{Kind: KindKill, Reason: reason}, func(was *state) *state {
		latch := &Latch{At: time.Now(), Reason: reason}
		if was.latch != nil && was.latch.Trip != nil {
			latch.Trip = was.latch.Trip // a Set must not lift the trip because somebody also called Kill
		}
		return newState(was.plan, latch, was.guard)
	})
}

// trip goes back to the old side on the evidence of a guard, if that is still the evidence of now.
func (p *Pair) trip(g *guard, trip Trip) {
	if trip.Reason == "" {
		return
	}
	evidence := trip // a copy of its own, so that the usual case allocates nothing
	p.force(Event{Kind: KindTrip, Trip: &evidence}, func(was *state) *state {
		if was.guard != g || !was.decision.Watched || was.plan.reliance() == 0 {
			return nil
		}
		return newState(was.plan, &Latch{At: time.Now(), Trip: &evidence}, g)
	})
}

// change publishes what next makes of the state, unless next refuses or the latch has changed since change was called.
// Of several plans set at once the last one holds.
func (p *Pair) change(e Event, next func(was *state) (*state, error)) error {
	first := p.state.Load()
	for was := first; ; was = p.state.Load() {
		if was.latch != first.latch {
			return named(ErrOvertaken, p.config.Name)
		}
		to, err := next(was)
		if err != nil {
			return named(err, p.config.Name)
		}
		if p.state.CompareAndSwap(was, to) {
			p.changed(e, was, to)
			return nil
		}
	}
}

// force publishes what next makes of the state, whatever else happens; nil means that there is nothing to do.
func (p *Pair) force(e Event, next func(was *state) *state) {
	for {
		was := p.state.Load()
		to := next(was)
		if to == nil {
			return
		}
		if p.state.CompareAndSwap(was, to) {
			p.changed(e, was, to)
			return
		}
	}
}

func (p *Pair) changed(e Event, was, to *state) {
	if e.Kind == KindTrip {
		p.trips.Add(1)
	}
	e.From, e.To = was.effective(), to.effective()
	p.emit(e)
	if was.decision.Shadow && !to.decision.Shadow && p.shadows.offered.Load() > 0 {
		p.emit(Event{Kind: KindSummary, From: e.From, To: e.To, Shadows: p.stats()})
	}
}

// named tells of which pair an error speaks.
func named(err error, pair string) error { return fmt.Errorf("%w (pair %q)", err, pair) }

// slotsChanged tells that candidates do not end; what the pair serves stays as it is.
func (p *Pair) slotsChanged(c slots.Change) {
	kind := KindStuck
	if c == slots.SwitchedOff {
		kind = KindShadowOff
	}
	p.emit(Event{Kind: kind, From: p.Plan(), To: p.Plan(), Shadows: p.stats()})
}

func (p *Pair) emit(e Event) {
	e.Pair, e.At = p.config.Name, time.Now()
	p.hook.emit(e)
}
