package guard

import (
	"maps"
	"slices"
	"time"
)

// Many replicas see together in a moment what each of them would have to learn for itself. Each
// publishes counters that only grow; the sum of what they have grown by in a tick is one block of
// the same rule. One replica may be sick for reasons of its own (a missing variable, a bad disk),
// so from three replicas on, the one that was worst lately is left out of the sum.

// Report is what one replica has counted for one pair.
type Report struct {
	Replica string
	Epoch   uint64 // another number after each restart and Reset, when the counters begin at 0 again
	Block          // what [Guard.Counts] says
}

// Pool sums what replicas report about one pair. It is for one goroutine at a time.
type Pool struct {
	rule     rule
	last     time.Time
	replicas map[string]*replica
	tripped  bool
}

type replica struct {
	epoch     uint64
	counted   Block // up to the last tick
	now       Block
	heard     time.Time
	worseness float64
}

const (
	fewReplicas  = 3           // below it none is left out
	mostReplicas = 10_000      // that are remembered
	mostCounted  = 1 << 48     // by one of them, in decades; the sum of all cannot overflow
	forgotten    = time.Minute // a replica that reports nothing for so long is gone
)

// NewPool begins with no evidence.
func NewPool(c Config, now time.Time) *Pool {
	c = c.withDefaults()
	return &Pool{last: now, replicas: make(map[string]*replica),
		rule: rule{bets: failureBets, against: true, margin: c.Margin, dwell: c.Dwell.Seconds()}}
}

// Add takes a report. The first of an epoch says only where to count from. One that is impossible,
// or is not newer than what is known of its epoch, is left aside, so a message that comes twice or
// late does no harm.
func (p *Pool) Add(r Report, now time.Time) {
	if r.Old.Bad > r.Old.Of || r.New.Bad > r.New.Of || max(r.Old.Of, r.New.Of) > mostCounted || p.replicas[r.Replica] == nil && len(p.replicas) >= mostReplicas {
		return
	}
	known := p.replicas[r.Replica]
	switch {
	case known == nil:
		p.replicas[r.Replica] = &replica{epoch: r.Epoch, counted: r.Block, now: r.Block, heard: now}
	case known.epoch != r.Epoch:
		known.epoch, known.counted, known.now, known.heard = r.Epoch, r.Block, r.Block, now
	case grown(known.now.Old, r.Old) && grown(known.now.New, r.New):
		known.now, known.heard = r.Block, now
	}
}

// grown reports whether counters can have become others.
func grown(from, to Counts) bool {
	return to.Bad >= from.Bad && to.Of >= from.Of && to.Bad-from.Bad <= to.Of-from.Of
}

// Replicas is how many have reported lately.
func (p *Pool) Replicas() int { return len(p.replicas) }

// Tick ends a block of time and returns the trip, once. Call it once a second or every two.
func (p *Pool) Tick(now time.Time) *Trip {
	if p.tripped || now.Sub(p.last) < blockTime {
		return nil
	}
	lasted := now.Sub(p.last)
	var sum Block
	names := slices.Sorted(maps.Keys(p.replicas))
	for _, name := range names {
		r := p.replicas[name]
		if now.Sub(r.heard) > forgotten {
			delete(p.replicas, name)
			continue
		}
		sum = sum.plus(r.now.minus(r.counted))
	}
	if (sum.Old.Of == 0 || sum.New.Of == 0) && lasted < longest {
		return nil // the block goes on until both sides have come to something
	}
	p.last = now
	if worst := p.worst(names, sum); worst != nil {
		sum = sum.minus(worst.now.minus(worst.counted))
	}
	for _, r := range p.replicas {
		r.counted = r.now
	}
	if !p.rule.add(sum, secondsOf(int64(lasted))) {
		return nil
	}
	p.tripped = true
	return &Trip{Reason: Errors, New: p.rule.span.New, Old: p.rule.span.Old}
}

// worst is the replica whose new side failed most often beyond what old's share in the fleet
// explains, over about the last twenty ticks. In one tick alone it would often be the one that
// holds the only failure.
func (p *Pool) worst(names []string, sum Block) (worst *replica) {
	share := share(float64(sum.Old.Bad), float64(sum.Old.Of))
	for _, name := range names {
		r := p.replicas[name]
		if r == nil {
			continue
		}
		tick := r.now.minus(r.counted).New
		r.worseness = 0.95*r.worseness + float64(tick.Bad) - float64(tick.Of)*share
		if r.worseness > 0 && (worst == nil || r.worseness > worst.worseness) {
			worst = r
		}
	}
	if len(p.replicas) < fewReplicas {
		return nil
	}
	return worst
}
