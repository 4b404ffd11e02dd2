package migrate

import "time"

// SourceState says how the source is that a mux follows. Only from a fresh one is anything raised.
type SourceState string

const (
	SourceUnheard SourceState = "unheard" // nothing was heard of it yet: what is in force is that of the cache, or of the code
	SourceFresh   SourceState = "fresh"   // its last word was a good document, not long ago
	SourceStale   SourceState = "stale"   // nothing was heard of it for FollowConfig.Stale
	SourceBroken  SourceState = "broken"  // its document cannot be read, or it cannot be reached
	SourceRewound SourceState = "rewound" // its document is of a lower version than one before
	SourceForked  SourceState = "forked"  // its document has the version of one before, and another content
)

var sourceStates = []SourceState{SourceUnheard, SourceFresh, SourceStale, SourceBroken, SourceRewound, SourceForked}

// Followed is what the document that a mux follows wants of a pair, for people.
type Followed struct {
	Version uint64        `json:"version"`          // of the last good document; 0: there was none
	Source  SourceState   `json:"source"`           // how the source is
	Age     time.Duration `json:"age"`              // since the source was last good, or since the start; in JSON nanoseconds
	Wanted  *Plan         `json:"wanted,omitempty"` // by the document; nil: it has never said
	Why     string        `json:"why,omitempty"`    // why that is not in force; empty: it is
	Error   string        `json:"error,omitempty"`  // what is wrong with the last directive for the pair
	Wrong   uint64        `json:"wrong"`            // directives for the pair that were wrong, since the start
}

// holdByDocument keeps the pair on the old side until the document releases it.
func (p *Pair) holdByDocument(text, by string) {
	hold := &Hold{At: time.Now(), Reason: text, By: by}
	p.change(Event{Kind: KindHold, Reason: text, By: by}, func(was *state) (*state, error) {
		to := was.registers
		to.document = hold
		return p.newState(to, was.watch), nil
	})
}

// releaseByDocument lifts the hold of the document that has this text.
func (p *Pair) releaseByDocument(text, by string) {
	p.change(Event{Kind: KindRelease, Reason: text, By: by}, func(was *state) (*state, error) {
		if was.document == nil || was.document.Reason != text {
			return nil, ErrNotHeld
		}
		to, w := was.registers, was.watch
		if to.document = nil; to.free() {
			w = p.newWatch() // what was known is of requests from before
		}
		return p.newState(to, w), nil
	})
}

// Registers returns the registers of p. What they point at is never changed.
func (internal) Registers(p *Pair) (wanted Plan, by string, held, document *Hold, latched *Trip) {
	s := p.state.Load()
	return s.wanted, s.by, s.held, s.document, s.latched
}

// Restore puts back what held p before a restart; nil is for what did not.
func (internal) Restore(p *Pair, held, document *Hold, latched *Trip) {
	e := Event{Kind: KindHold, Reason: "as before the restart"}
	p.change(e, func(was *state) (*state, error) {
		to := was.registers
		to.held, to.document, to.latched = held, document, latched
		return p.newState(to, was.watch), nil
	})
}

// HoldByDocument sets the hold of the document.
func (internal) HoldByDocument(p *Pair, text, by string) { p.holdByDocument(text, by) }

// ReleaseByDocument lifts the hold of the document that has this text, and no other.
func (internal) ReleaseByDocument(p *Pair, text, by string) { p.releaseByDocument(text, by) }

// TripByFleet goes back to the old side of p on the evidence of all replicas.
func (internal) TripByFleet(p *Pair, t Trip) {
	p.change(Event{Kind: KindTrip, Trip: &t}, func(was *state) (*state, error) {
		to := was.registers
		to.latched = &t
		return p.newState(to, was.watch), nil
	})
}

// Check says why p cannot have a plan, or nil.
func (internal) Check(p *Pair, plan Plan) error { return plan.check(p.config.Key != nil) }

// Raises reports whether a plan relies on new more than another: what a document does at once, and
// what it does step by step.
func (internal) Raises(from, to Plan) bool {
	if from.Stage != to.Stage {
		return to.Stage > from.Stage
	}
	return to.points() > from.points()
}

// Counts are the failures of both sides that the guard of p has counted since its epoch began.
func (internal) Counts(p *Pair) (epoch uint64, old, next Share) {
	w := p.state.Load().watch
	b := w.Counts()
	return w.epoch, Share(b.Old), Share(b.New)
}

// Follow makes what the document wants of p a part of its snapshots.
func (internal) Follow(p *Pair, followed func() Followed) { p.followed.Store(&followed) }

// sourceFresh is the Reason of a KindSource that says that nothing is wrong any more.
const sourceFresh = "the source is " + string(SourceFresh)

// TellSource emits a KindSource.
func (internal) TellSource(p *Pair, reason string) { p.emit(Event{Kind: KindSource, Reason: reason}) }
