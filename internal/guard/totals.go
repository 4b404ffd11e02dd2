package guard

// The counts of a guard, by side, role and outcome, and what of them is bad.

import (
	"sync/atomic"
)

// Record is what a pair has come to in all its epochs, as far as a Guard has counted it. The zero
// value is empty and ready. It only grows.
type Record struct {
	Took Durations   // of answers to clients of a side's own
	rows [4]counters // by Side, and old by Role
}

// Outcomes is how many requests of a side ended so, shadows aside.
func (r *Record) Outcomes(s Side, out Outcome) uint64 {
	n := r.rows[rowOf(s, Served)].of[out].Load()
	if s == OldSide {
		n += r.rows[rowOf(s, FellBack)].of[out].Load()
	}
	return n
}

// counters are one row of counts by outcome. Padding keeps apart what both sides write.
type counters struct {
	of [outcomes]atomic.Uint64
	_  [128 - 8*outcomes]byte
}

// rowOf is the row for an outcome: those of Side, and those of old's roles.
func rowOf(s Side, r Role) int {
	if s == OldSide && r != Served {
		return 1 + int(min(r, FellBack))
	}
	return int(s & 1)
}

// totals are the counts of a guard at one time.
type totals [4][outcomes]uint64

func (g *Guard) totals() totals {
	t := g.all.totals()
	for row := range t {
		for out := range t[row] {
			t[row][out] -= g.before[row][out]
		}
	}
	return t
}

func (r *Record) totals() (t totals) {
	for row := range t {
		for out := range t[row] {
			t[row][out] = r.rows[row].of[out].Load()
		}
	}
	return t
}

// failures are those of one row. A client that left says nothing about them.
func (t *totals) failures(row int) Counts {
	n := &t[row]
	bad := n[Failed] + n[Panicked] + n[Broken]
	return Counts{bad, n[Answered] + n[Refused] + bad}
}

func (t *totals) errors() Block {
	return Block{t.heard().plus(t.failures(rowOf(OldSide, FellBack))), t.failures(rowOf(NewSide, Served))}
}

// heard is what old has come to with requests that were not chosen by the failures of new.
func (t *totals) heard() Counts {
	return t.failures(rowOf(OldSide, Served)).plus(t.failures(rowOf(OldSide, Shadowed)))
}

// hangs count clients that left, so only those of a side's own can.
func (t *totals) hangs() Block {
	of := func(s Side) Counts {
		gone := t[s][Gone]
		return Counts{gone, t.failures(int(s)).Of + gone}
	}
	return Block{of(OldSide), of(NewSide)}
}

func (t *totals) refusals() Block {
	b := t.errors()
	b.Old.Bad = t[rowOf(OldSide, Served)][Refused] + t[rowOf(OldSide, Shadowed)][Refused] + t[rowOf(OldSide, FellBack)][Refused]
	b.New.Bad = t[NewSide][Refused]
	return b
}
