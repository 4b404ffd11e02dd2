package guard

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Where a pair has thousands of requests a second, two looks at the clock for each would be most of
// what watching it costs, and a part of them says as much about durations. So a side that has more
// than enough in a block of time is timed by chance: still a thousand of its answers a second or
// more, and never less than one in sixteen, so that a pair whose traffic fades is timed as a whole
// again after a few requests. Counts of outcomes are never thinned, and whoever has something bad to
// tell looks at the clock in any case.

const (
	enough   = 500 // timed answers of a side in a block of time
	thinnest = 16  // one in so many is timed at least
)

// clock says which requests are timed.
type clock struct {
	skip  [2]atomic.Uint32 // by Side: one of 1 + skip is timed, a power of two
	begun int64            // when the outcomes below were counted
	heard [2]uint64
}

// Timed reports whether a request that the side serves from now on shall be timed. Where it is not,
// its Observation has neither an End nor a Took.
func (g *Guard) Timed(s Side) bool {
	skip := g.clock.skip[s&1].Load()
	return skip == 0 || rand.Uint32()&skip == 0
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
		every := uint32(1)
		for every < thinnest && inBlock >= float64(2*every*enough) {
			every *= 2
		}
		c.skip[side].Store(every - 1)
	}
}
