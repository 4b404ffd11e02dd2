package migrate

import (
	"slices"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// Mismatch is one comparison that found a difference.
type Mismatch struct {
	At     time.Time // when the shadow had ended
	Stage  Stage     // of the plan that was in force
	Shadow Side      // which side ran in the shadow
	Count  uint64    // mismatches of the pair up to this one
	// Request is the request as a curl command, without credentials, where Config.KeepValues says
	// that values are kept; else "".
	Request string
	Report  parity.Report // without values unless Config.KeepValues says so, at most 20 differences
}

// mismatchDiffs is the number of differences kept of one mismatch.
const mismatchDiffs = 20

// Compared takes what differed between old and new, one of which ran in the shadow, draws the
// consequences, and returns what that is worth. An old that has failed is not evidence against new.
// Request, if any, shows the request where values are kept.
func (internal) Compared(p *Pair, d decision.Decision, shadow guard.Side, oldFailed bool, report parity.Report, request func() string) Result {
	result, notable := p.evidence.addComparison(report, func(r parity.Report) Mismatch {
		return p.describe(d, shadow, r, request)
	})
	if notable != nil {
		p.emit(Event{Kind: KindMismatch, Mismatch: notable})
	}
	if g := p.guardOf(d); g != nil && !oldFailed {
		p.found(g, g.Compare(result == ResultDifferent))
	}
	return result
}

func (p *Pair) describe(d decision.Decision, shadow guard.Side, r parity.Report, request func() string) Mismatch {
	m := Mismatch{At: time.Now(), Stage: Stage(d.Stage), Shadow: sides[shadow]}
	switch {
	case !p.config.KeepValues:
		r = r.Redacted()
	case request != nil:
		m.Request = request()
	}
	if over := len(r.Diffs) - mismatchDiffs; over > 0 {
		r.Diffs, r.Omitted = slices.Clone(r.Diffs[:mismatchDiffs]), r.Omitted+over
	}
	r.Noise = nil
	m.Report = r
	return m
}

// store keeps the last notable mismatches. Notable is the 1st, 2nd, 4th, 8th … of a place: a place
// that differs at every request pushes the others out only slowly, and floods no log.
func (e *evidence) store(m Mismatch) {
	e.last = append(e.last, m)
	e.last = slices.Delete(e.last, 0, max(len(e.last)-e.keep, 0))
}

// Mismatches are the last notable ones, the newest first. The caller owns the slice; the reports in
// it are shared with events, and read only.
func (p *Pair) Mismatches() []Mismatch {
	e := &p.evidence
	e.mu.Lock()
	defer e.mu.Unlock()
	last := slices.Clone(e.last)
	slices.Reverse(last)
	return last
}
