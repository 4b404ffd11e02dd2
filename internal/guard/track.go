package guard

// The blocks of time in which one meaning of "bad" is compared: both sides are held against each other
// over the same half second or longer, so that what befalls both is nobody's fault.

import (
	"time"
)

// track is one meaning of "bad" with blocks of its own.
type track struct {
	rule
	reason Reason
	begun  int64
	last   Block // the counts when the block began
}

// of are the counts that this meaning looks at.
func (t *track) of(n *totals) Block {
	switch t.reason {
	case Hangs:
		return n.hangs()
	case Refusals:
		return n.refusals()
	}
	return n.errors()
}

func (t *track) begin(at int64, now Block) { t.begun, t.last = at, now }

// look ends the block if it has lasted long enough and both sides have an outcome in it. One in
// which a side stays silent goes on for a minute, and is thrown away then.
func (t *track) look(at int64, now Block) (beyond, ended bool) {
	lasted := at - t.begun
	if lasted < int64(blockTime) {
		return false, true
	}
	b := now.minus(t.last)
	if b.Old.Of == 0 || b.New.Of == 0 {
		if lasted < int64(longest) {
			return false, false
		}
	} else {
		beyond = t.add(b, secondsOf(lasted))
	}
	t.begin(at, now)
	return beyond, true
}

// secondsOf is the length of a block, for what it may prove.
func secondsOf(ns int64) float64 { return min(time.Duration(ns), fullBlock).Seconds() }
