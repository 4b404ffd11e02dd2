package guard

import "math"

// Where old says nothing there is nothing to compare with. Then an absolute rule holds: new fails
// far more often than a share that nobody would call health, for at least as long as a short outage
// lasts. With no word from old nobody can tell whose fault that is, so the rule is slow, and blind
// to everything below about twice that share.
//
// The same holds for clients that leave, where old is known to be one whose clients stay: those of
// an event stream always leave.

const (
	absoluteTrips = 12
	absoluteDwell = 5 // seconds
)

type absolute struct {
	ceiling float64 // at most 0: off
	weight  float64
	span    Counts // since weight was 0
}

// add takes the outcomes of new in a block that lasted seconds.
func (a *absolute) add(c Counts, seconds float64) bool {
	worse := min(0.98, 3*a.ceiling)
	if a.ceiling <= 0 || worse <= a.ceiling {
		return false
	}
	bad, good := float64(c.Bad), float64(c.Of-c.Bad)
	evidence := bad*math.Log(worse/a.ceiling) + good*math.Log((1-worse)/(1-a.ceiling))
	a.weight = max(0, a.weight+min(evidence, absoluteTrips*seconds/absoluteDwell))
	a.span = a.span.plus(c)
	if a.weight == 0 {
		a.span = Counts{}
	}
	return a.weight >= absoluteTrips
}

// clear forgets: old can be heard.
func (a *absolute) clear() { a.weight, a.span = 0, Counts{} }

// lone is the part of a Guard that looks at new alone.
type lone struct {
	begun         int64
	last          totals
	errors, hangs absolute
}

func (l *lone) begin(at int64, t *totals) {
	l.begun, l.last = at, *t
	l.errors.clear()
	l.hangs.clear()
}

// look ends the block if it has lasted long enough, tells the outlook what was heard, and returns
// the trip, or nil.
func (l *lone) look(at int64, t *totals, g *Guard) *Trip {
	lasted := at - l.begun
	if lasted < int64(blockTime) {
		return nil
	}
	failures, left := t.errors().minus(l.last.errors()), t.hangs().minus(l.last.hangs())
	g.sees.hear(at, failures, t.heard().minus(l.last.heard()), left)
	l.begun, l.last = at, *t
	seconds := secondsOf(lasted)
	switch why := g.sees.blind(); {
	case why == 0 || why == OldFails:
		l.errors.clear()
	case l.errors.add(failures.New, seconds):
		return &Trip{Reason: Ceiling, New: l.errors.span}
	}
	switch {
	case !g.sees.deaf() || !g.hangs.patient():
		l.hangs.clear()
	case l.hangs.add(left.New, seconds):
		return &Trip{Reason: Hangs, New: l.hangs.span}
	}
	return nil
}

// patient reports whether the clients of old are known to stay for their answer.
func (t *track) patient() bool { return t.run[1] >= 100 && t.longRunShare() < 0.05 }
