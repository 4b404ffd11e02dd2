package migrate

import (
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// A watch is the evidence of one epoch: Reset, and a Set after a plan that was not watched, begin
// with a new one, so that outcomes of requests from before cannot trip the pair again. The rule is
// in internal/guard; here it hears what happens to requests, and what it says becomes a trip or an
// event.
type watch struct {
	epoch uint64 // counts up from 1
	*guard.Guard
}

func (p *Pair) newWatch() *watch {
	c := p.config.Guard
	return &watch{p.epochs.Add(1), guard.New(guard.Config{
		Margin: c.Margin, Dwell: c.Dwell, Slower: c.Slower, MaxPanics: c.MaxPanics,
		MaxMismatch: c.MaxMismatch, Ceiling: c.Ceiling, Refusals: c.Refusals,
	}, time.Now(), &p.record)}
}

// begin tells the guard which plan is in force, and the world what it will see if that is new.
func (p *Pair) begin(s *state) {
	view := GuardView{Sight: SightOff}
	if s.decision.Watched && !p.config.Guard.Off {
		view = viewOf(s.watch.Begin(time.Now(), p.config.means(s, p.unsafe, !p.slots.Counts().Off)))
	}
	p.tell(view)
}

// tell makes an event of what the guard sees, if that is another word than was told last. That it
// sees nothing because nothing happens, or because of the plan, is not worth an event.
func (p *Pair) tell(view GuardView) {
	switch view.Sight {
	case SightIdle:
		return
	case SightOff:
		p.told.Store(nil)
		return
	}
	if was := p.told.Swap(&view); was == nil || !was.same(view) {
		p.emit(Event{Kind: KindGuard, Guard: &view})
	}
}

// means says where outcomes of old can come from under a plan.
func (c *Config) means(s *state, unsafe, shadows bool) guard.Means {
	d := s.decision
	m := guard.Means{Share: 0, Keyed: d.ByKey, ShadowsOff: !shadows, Unsafe: unsafe && c.Shadow.AllowUnsafe == "",
		Fallback: !unsafe && c.Fallback == FallbackSafe}
	switch {
	case d.ByKey:
		m.Share = float64(d.Points) / shareUnit
	case d.New:
		m.Share = 1
	}
	if d.New { // at Live old runs after what new has answered
		m.Shadow = max(c.Shadow.Sample, 0)
	}
	return m
}

// guardOf returns the evidence to which a request belongs, if it counts.
func (p *Pair) guardOf(d decision.Decision) *guard.Guard {
	if p.lostOld() {
		return nil
	}
	return d.Guard
}

// oldDead reports whether the old side cannot answer: then there is nothing to go back to.
func (p *Pair) oldDead() bool { return p.healthy != nil && !p.healthy() }

// lostOld is oldDead, and tells when that changes.
func (p *Pair) lostOld() bool {
	if p.healthy == nil {
		return false
	}
	dead := p.oldDead()
	if told := p.told.Load(); dead != (told != nil && told.Why == BlindOldDead) {
		p.tell(p.view(p.state.Load()))
	}
	return dead
}

// found draws the consequences of what a guard has found.
func (p *Pair) found(g *guard.Guard, f *guard.Finding) {
	if f == nil {
		return
	}
	if f.Sight != nil {
		p.tell(viewOf(*f.Sight))
	}
	if t := f.Trip; t != nil {
		p.trip(g, &Trip{At: time.Now(), Reason: TripReason(t.Reason.String()), New: Share(t.New), Old: Share(t.Old), Limit: t.Limit})
	}
}

// view is what the guard sees now.
func (p *Pair) view(s *state) GuardView {
	if !s.decision.Watched || p.config.Guard.Off {
		return GuardView{Sight: SightOff}
	}
	if p.oldDead() {
		return GuardView{Sight: SightBlind, Why: BlindOldDead}
	}
	return viewOf(s.watch.Sight(time.Now()))
}
