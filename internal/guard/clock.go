package guard

import (
	"sync/atomic"
	"time"
)

// Where a pair has thousands of requests a second, two looks at the clock for each would be most of
// what watching it costs, and a part of them says as much about durations. So a side that has more
// than enough in a block of time is timed in part: still a thousand of its answers a second or
// more, and never less than one in sixty-four, so that a pair whose traffic fades is timed as a
// whole again after a few requests. Counts of outcomes are never thinned, and whoever has something
// bad to tell looks at the clock in any case.
//
// Each outcome that is counted says whether the next request of its side is timed, by its number in
// its count: to throw dice would cost more than the rest. The numbers chosen are those whose
// multiple of the golden ratio falls into the first part of a turn. They are spread evenly, at most
// some hundred apart where one in sixty-four is wanted, and follow no period that traffic may have.

const (
	enough   = 500 // timed answers of a side in a block of time
	thinnest = 6   // one in 2 to the power of this is timed at least
	golden   = 0x9e3779b97f4a7c15
)

// clock says which requests are timed.
type clock struct {
	untimed [2]atomic.Bool   // by Side: the next one is not
	thinned [2]atomic.Uint32 // by Side: one in 2 to the power of this is
	begun   int64            // when the outcomes below were counted
	heard   [2]uint64
}

// Timed reports whether a request that the side serves from now on shall be timed. Where it is not,
// its Observation has neither an End nor a Took.
func (g *Guard) Timed(s Side) bool {
	c := &g.clock
	if c.untimed[s&1].Load() {
		return false
	}
	if c.thinned[s&1].Load() > 0 {
		c.untimed[s&1].Store(true)
	}
	return true
}

// choose says whether the next request of a side is timed, after the nth outcome of a kind.
func (c *clock) choose(s Side, n uint64) {
	if n*golden>>(64-c.thinned[s&1].Load()) == 0 && c.untimed[s&1].Load() {
		c.untimed[s&1].Store(false)
	}
}

// look sets how many are timed by what both sides have served lately.
func (c *clock) look(at int64, t *totals) {
	lasted := at - c.begun
	if lasted < int64(blockTime) {
		return
	}
	c.begun = at
	for side := range c.heard {
		now := uint64(0)
		for _, n := range t[rowOf(Side(side), Served)] {
			now += n
		}
		inBlock := float64(now-c.heard[side]) * float64(blockTime) / float64(time.Duration(lasted))
		c.heard[side] = now
		thinned := uint32(0)
		for thinned < thinnest && inBlock >= float64(uint64(2*enough)<<thinned) {
			thinned++
		}
		c.thinned[side].Store(thinned)
	}
}
