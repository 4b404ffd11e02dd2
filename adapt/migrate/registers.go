package migrate

import (
	"errors"
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/slots"
)

// What a pair does follows from three registers, of which that which holds it has two halves:
//
//	wanted   what Set, or the document that the mux follows, said last
//	held     a Kill, until Reset; and a hold of the document, until the document releases it
//	latched  a trip of the guard, until Reset
//
// While it is held or latched, old serves; else what is wanted is in force. So a Set never undoes a
// Kill or a trip: it is stored, and Reset puts it in force. No document lifts a Kill, and no Reset
// lifts what holds the whole fleet. The pair itself only ever lowers the share of new.
//
// Everything a decision needs is one immutable state behind one pointer. A change publishes a new
// one, and from that moment on every decision sees it. Kill needs no lock and cannot fail.

var (
	// ErrHeld is returned by Set for a pair that was killed, has tripped, or is held by the
	// document: the plan is stored, and not in force until somebody has looked at what happened and
	// calls Reset, or writes the release into the document. Reset returns it where the document
	// still holds the pair.
	ErrHeld = errors.New("migrate: the plan is stored, not in force: old serves until Reset, or until the document releases what it holds")
	// ErrOvertaken is returned by Reset when the pair was killed or tripped meanwhile: it was
	// called in ignorance of that.
	ErrOvertaken = errors.New("migrate: the pair was killed or has tripped meanwhile; look at its Snapshot and decide again")
	// ErrNotHeld is returned by Reset for a pair that is neither killed nor tripped.
	ErrNotHeld = errors.New("migrate: the pair is neither killed nor tripped, so there is nothing to reset")
)

// Hold is a Kill, or a hold of the document.
type Hold struct {
	At     time.Time `json:"at"`               // since when it holds
	Reason string    `json:"reason,omitempty"` // given to Kill, or Directive.Hold
	By     string    `json:"by,omitempty"`     // likewise
}

// registers are never changed once they are published.
type registers struct {
	wanted   Plan
	since    time.Time // of wanted
	by       string
	held     *Hold // a Kill
	document *Hold // of the document
	latched  *Trip
}

// free reports whether nothing keeps what is wanted from being in force.
func (r *registers) free() bool { return r.held == nil && r.document == nil && r.latched == nil }

func (r *registers) inForce() Plan {
	if !r.free() {
		return Plan{}
	}
	return r.wanted
}

// state is what decisions are made from. It is never changed once it is published.
type state struct {
	registers
	watch    *watch // the evidence of this epoch
	decision decision.Decision
}

func (p *Pair) newState(r registers, w *watch) *state {
	plan := p.config.decisionsOf(r.inForce())
	if plan.Watched && !p.config.Guard.Off {
		plan.Guard = w.Guard
	}
	return &state{registers: r, watch: w, decision: plan.Decide()}
}

// decisionsOf returns what a plan says about requests.
func (c *Config) decisionsOf(plan Plan) decision.Plan {
	d := stages[plan.Stage].Plan
	d.Stage = uint8(plan.Stage)
	d.Shadow = d.Shadow && c.Shadow.Sample > 0
	if d.ByKey {
		d.Points = int32(plan.points())
	} else if d.New && d.Fallback && c.Key != nil && c.Guard.Holdback > 0 {
		d.ByKey, d.Points = true, int32(shareUnit-Plan{Share: c.Guard.Holdback}.points())
	}
	return d
}

// Set says what is wanted from now on, and who wants it, for the record. It is in force for every
// later request when Set returns nil; while the pair is held or has tripped it is stored, and the
// error is ErrHeld. Of several plans set at once the last one counts. A plan that leaves the guard
// blind is in force all the same, and told by an event (KindGuard).
func (p *Pair) Set(plan Plan, by string) error {
	if err := plan.check(p.config.Key != nil); err != nil {
		return named(err, p.config.Name)
	}
	is, err := p.change(Event{Kind: KindSet, By: by}, func(was *state) (*state, error) {
		to, w := was.registers, was.watch
		to.wanted, to.since, to.by = plan, time.Now(), by
		if !was.decision.Watched { // what was known is of requests from long ago
			w = p.newWatch()
		}
		return p.newState(to, w), nil
	})
	if err != nil {
		return err
	}
	if !is.free() {
		return named(ErrHeld, p.config.Name)
	}
	p.switchOn()
	return nil
}

// Reset lifts a Kill and a trip, whichever there is: what is wanted is in force again, and the
// guard begins anew. It also switches on shadows that were switched off (see KindShadowOff). A hold
// of the document stays; the error is ErrHeld then, also where a Kill or a trip was lifted.
func (p *Pair) Reset(by string) error {
	first := p.state.Load()
	if p.switchOn() && first.free() {
		p.emit(Event{Kind: KindReset, By: by, From: first.wanted, To: first.wanted, Wanted: first.wanted})
		return nil
	}
	is, err := p.change(Event{Kind: KindReset, By: by}, func(was *state) (*state, error) {
		switch {
		case was.held != first.held || was.latched != first.latched:
			return nil, ErrOvertaken
		case was.free():
			return nil, ErrNotHeld
		case was.held == nil && was.latched == nil:
			return nil, ErrHeld
		}
		to := was.registers
		to.held, to.latched = nil, nil
		return p.newState(to, p.newWatch()), nil
	})
	if err == nil && is.document != nil {
		return named(ErrHeld, p.config.Name)
	}
	return err
}

// Kill puts every later request on the old side, whatever is wanted, until somebody calls Reset. It
// asks nobody, publishes that with one atomic store before it does anything else, waits for nothing
// and cannot fail. No shadow starts afterwards either; those under way go on to their end.
func (p *Pair) Kill(reason, by string) {
	hold := &Hold{At: time.Now(), Reason: reason, By: by}
	p.change(Event{Kind: KindKill, Reason: reason, By: by}, func(was *state) (*state, error) {
		to := was.registers
		to.held = hold
		return p.newState(to, was.watch), nil
	})
}

// trip goes back to the old side on the evidence of an epoch, if that is still the one of now.
func (p *Pair) trip(g *guard.Guard, trip *Trip) {
	p.change(Event{Kind: KindTrip, Trip: trip}, func(was *state) (*state, error) {
		if was.watch.Guard != g || !was.decision.Watched {
			return nil, errLate
		}
		to := was.registers
		to.latched = trip
		return p.newState(to, was.watch), nil
	})
}

var errLate = errors.New("migrate: the evidence is of an earlier epoch")

// change publishes what next makes of the state, unless next refuses, and tells of it.
func (p *Pair) change(e Event, next func(was *state) (*state, error)) (*state, error) {
	for {
		was := p.state.Load()
		to, err := next(was)
		if err != nil {
			return was, named(err, p.config.Name)
		}
		if p.between != nil {
			p.between()
		}
		if p.state.CompareAndSwap(was, to) {
			if was.watch != to.watch {
				was.watch.Retire()
			}
			p.changed(e, was, to)
			return to, nil
		}
	}
}

func (p *Pair) changed(e Event, was, to *state) {
	if e.Kind == KindTrip {
		p.trips.Add(1)
	}
	if e.Kind == KindKill {
		p.kills.Add(1)
	}
	e.From, e.To, e.Wanted = was.inForce(), to.inForce(), to.wanted
	p.emit(e)
	if was.decision.Shadow && !to.decision.Shadow && p.shadows.offered() > 0 {
		p.emit(Event{Kind: KindSummary, Shadows: p.stats()})
	}
	if e.From != e.To {
		p.shed.Store(false)
	}
	if e.From != e.To || was.watch != to.watch {
		p.begin(to)
	}
}

// switchOn lets shadows begin again that were switched off, and reports whether they were.
func (p *Pair) switchOn() (wasOff bool) {
	if wasOff = p.slots.SwitchOn(); wasOff {
		p.state.Load().watch.SetShadows(true)
	}
	return wasOff
}

// refused counts a request that has no shadow. Who waits for one on a machine that is busy is told
// why there is none, once under each plan.
func (p *Pair) refused(why Skip) {
	p.shadows.refused.add(why)
	if why == SkipOverload && !p.shed.Load() && !p.shed.Swap(true) {
		p.emit(Event{Kind: KindSummary, Shadows: p.stats(), Reason: "shadows are left out while the process waits for processors: see ShadowConfig.MaxSchedLatency"})
	}
}

// slotsChanged tells that candidates do not end; what the pair serves stays as it is.
func (p *Pair) slotsChanged(c slots.Change) {
	kind := KindStuck
	if c == slots.SwitchedOff {
		kind = KindShadowOff
		p.state.Load().watch.SetShadows(false)
	}
	p.emit(Event{Kind: kind, Shadows: p.stats()})
}

// named tells of which pair an error speaks.
func named(err error, pair string) error { return fmt.Errorf("%w (pair %q)", err, pair) }

// emit completes an event and hands it on. One that changes no plan shows the one in force.
func (p *Pair) emit(e Event) {
	e.Pair, e.At = p.config.Name, time.Now()
	switch e.Kind {
	case KindSet, KindKill, KindTrip, KindReset, KindHold, KindRelease:
	default:
		s := p.state.Load()
		e.From, e.To, e.Wanted = s.inForce(), s.inForce(), s.wanted
	}
	p.events.Put(e, e.rank())
	for _, l := range p.listeners {
		l.Put(e, e.rank())
	}
}
