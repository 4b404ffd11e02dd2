package guard

import "time"

// New is slow when more of its answers than of old's are slower than a limit that old sets: its own
// median, and its own 99th percentile, up to the block before. Old is held against the limit
// itself, new against Slower times the limit, so "at most so many times as slow" is forgiven
// exactly, whatever the shape of the distribution. The outcomes go through the same rule as
// failures do.
//
// Nothing is counted for this on the path of a request but the histogram. When a block ends, its
// difference to the last one says how many answers were above the limit. A limit of new's that lies
// within a bucket counts from the end of that bucket, in new's favour.

const (
	tolerated = time.Millisecond // nobody is hurt by less, whatever the ratio
	grace     = 30 * time.Second // after new gets more to do: its caches are cold
)

// Durations are the durations of both sides: Old and New. The zero value is empty and ready.
type Durations [2]Histogram

// Quantiles are the durations of a side's recent answers (about the last 4,000 while the guard has
// been watching), to an eighth. Of is how many they were.
type Quantiles struct {
	P50, P90, P99 time.Duration
	Of            int
}

// slowness is the part of a Guard that looks at durations. It is used under the guard's lock.
type slowness struct {
	slower   float64
	all      *Durations
	begun    int64 // when the block began
	patience int64 // until when nothing counts
	last     [2][buckets]uint64
	recent   [2]sketch
	rules    [2]slowRule
}

type slowRule struct {
	rule
	quantile float64
	least    uint32        // durations of old without which there is no limit
	limit    time.Duration // of the last block
}

func newSlowness(slower, dwell float64, all *Durations) slowness {
	return slowness{slower: slower, all: all, rules: [2]slowRule{
		{rule: rule{bets: medianBets, margin: 0.005, dwell: dwell}, quantile: 0.5, least: 50},
		{rule: rule{bets: tailBets, margin: 0.005, dwell: dwell}, quantile: 0.99, least: 300},
	}}
}

// begin starts a block with what has not been looked at yet. Raised begins the grace.
func (s *slowness) begin(at int64, raised bool) {
	s.begun = at
	s.read()
	if raised {
		s.patience = at + int64(grace)
	}
}

// read returns what the histograms have counted since the last call.
func (s *slowness) read() (more [2][buckets]uint64) {
	for side := range s.all {
		for i := range s.last[side] {
			now := s.all[side].counts[i].Load()
			more[side][i], s.last[side][i] = now-s.last[side][i], now
		}
	}
	return more
}

// look ends the block if it has lasted long enough, and returns the rule that trips, or nil.
func (s *slowness) look(at int64) (tripped *slowRule) {
	if at-s.begun < int64(blockTime) || !s.moved(OldSide) || !s.moved(NewSide) {
		return nil
	}
	seconds := secondsOf(at - s.begun)
	s.begun = at
	more := s.read()
	for i := range s.rules {
		r := &s.rules[i]
		if s.slower <= 0 || at < s.patience || s.recent[OldSide].of < r.least {
			continue
		}
		r.limit = s.recent[OldSide].quantile(r.quantile)
		ofNew := max(time.Duration(float64(r.limit)*s.slower), r.limit+tolerated)
		if r.add(Block{above(&more[OldSide], r.limit), above(&more[NewSide], ofNew)}, seconds) && tripped == nil {
			tripped = r
		}
	}
	for side := range more {
		s.recent[side].add(&more[side])
	}
	return tripped
}

// moved reports whether a side has answered anything in this block.
func (s *slowness) moved(side Side) bool {
	for i := range s.last[side] {
		if s.all[side].counts[i].Load() != s.last[side][i] {
			return true
		}
	}
	return false
}

// above counts the durations in the buckets that begin at the limit or later.
func above(counts *[buckets]uint64, limit time.Duration) (c Counts) {
	for i, n := range counts {
		c.Of += n
		if i > 0 && ends[i-1] >= limit {
			c.Bad += n
		}
	}
	return c
}

func (s *slowness) quantiles(side Side) Quantiles {
	r := &s.recent[side]
	return Quantiles{r.quantile(0.5), r.quantile(0.9), r.quantile(0.99), int(r.of)}
}
