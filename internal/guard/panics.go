package guard

import (
	"math"
	"sync/atomic"
)

// Panics of new in a row trip at once: a dependency that is down for both sides seldom makes a
// handler panic, so no time has to pass to tell whose fault it is.

type panics struct {
	most  int64         // below 0: off
	row   atomic.Int64  // of new in a row
	since atomic.Uint64 // what old had come to when the row began: bad<<32 | all
}

// over ends the row.
func (p *panics) over() {
	if p.row.Load() != 0 {
		p.row.Store(0)
	}
}

// record takes an outcome of new and returns the trip, or nil.
func (p *panics) record(out Outcome, g *Guard) *Trip {
	if out != Panicked {
		p.over()
		return nil
	}
	if p.most < 0 {
		return nil
	}
	row, t := p.row.Add(1), g.totals()
	old := t.heard().plus(t.failures(rowOf(OldSide, FellBack)))
	if row == 1 {
		p.since.Store(old.Bad<<32 | old.Of&math.MaxUint32)
	}
	if row < p.most {
		return nil
	}
	since := p.since.Load()
	old = Counts{(old.Bad - since>>32) & math.MaxUint32, (old.Of - since) & math.MaxUint32}
	if old.Of > 0 && 2*old.Bad >= old.Of {
		return nil // old fails as well: what broke is not new
	}
	return &Trip{Reason: Panics, New: Counts{uint64(row), uint64(row)}, Old: old}
}
