package simulate_test

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A world is a pair under traffic: how many requests come, who answers them, and what comes of it.
// All times in it are seconds since the run began, and nothing in it reads a clock, so that the
// same seed gives the same run.
type world struct {
	rate     float64 // requests a second, of both sides together
	share    float64 // of the requests, that new answers
	fallback bool    // old answers where new has failed
	shadow   float64 // the part of new's answers after which old runs as a shadow
	retries  float64 // how often a client that met a failure tries again, on average, each half second
	before   int     // requests of new before the fault begins
	seconds  float64 // the run goes on for at least so long
	config   guard.Config
	unsafe   bool // requests have no second run

	old, new, healthy side // healthy is new before the fault; nil is old
}

// side tells what a side comes to with a request that begins at t.
type side func(t float64, rng *rand.Rand) result

type result struct {
	outcome guard.Outcome
	took    time.Duration
}

func (r result) bad() bool { return r.outcome > guard.Refused }

// ending is how a run ended.
type ending struct {
	tripped bool
	reason  guard.Reason
	of      int // requests of new from the fault until the trip, or until the end
	hurt    int // of them, those whose client got no good answer
}

// event is a request that begins, or one that ends.
type event struct {
	at   float64
	ends bool
	o    guard.Observation
	hurt bool
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	*e = (*e)[:last]
	return x
}

// play is one run of a world.
type play struct {
	world
	rng    *rand.Rand
	guard  *guard.Guard
	queue  events // what is under way
	begun  int    // requests of new
	keys   uint64
	ending ending
}

// run plays the world for so many requests of new after the fault.
func (w world) run(requests int, seed uint64) ending {
	if w.healthy == nil {
		w.healthy = w.old
	}
	p := &play{world: w, rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), guard: guard.New(w.config, time.Unix(0, 0), nil)}
	p.guard.Begin(time.Unix(0, 0), guard.Means{Share: w.share, Keyed: true, Shadow: w.shadow, Fallback: w.fallback, Unsafe: w.unsafe})
	for next := 0.0; p.begun < w.before+requests || next < w.seconds; next += p.rng.ExpFloat64() / w.rate {
		for len(p.queue) > 0 && p.queue[0].at <= next {
			if e := heap.Pop(&p.queue).(event); !e.ends {
				p.begin(e.at, e.o.Side, e.o.Key)
			} else if p.end(e) {
				return p.ending
			}
		}
		side := guard.OldSide
		if p.rng.Float64() < w.share {
			side = guard.NewSide
		}
		p.keys++
		if p.begin(next, side, p.keys); p.ending.tripped {
			break
		}
	}
	return p.ending
}

// begin begins a request. What takes no time ends at once.
func (p *play) begin(at float64, side guard.Side, key uint64) {
	does := p.old
	if side == guard.NewSide {
		does = p.new
		if p.begun < p.before {
			does = p.healthy
		} else {
			p.ending.of++
		}
		p.begun++
	}
	r := does(at, p.rng)
	e := event{at: at + r.took.Seconds(), ends: true, o: guard.Observation{Side: side, Outcome: r.outcome, Key: key, Took: r.took}}
	e.hurt = r.bad()
	if r.took > 0 {
		heap.Push(&p.queue, e)
		return
	}
	p.end(e)
}

// end tells the guard what a request came to, and reports whether that tripped it.
func (p *play) end(e event) bool {
	p.observe(e.at, e.o)
	if e.o.Side == guard.NewSide {
		role := guard.Shadowed
		if p.fallback && e.o.Outcome == guard.Failed {
			role = guard.FellBack
		}
		if role == guard.FellBack || p.shadow > 0 && p.rng.Float64() < p.shadow {
			r := p.old(e.at, p.rng)
			e.hurt = e.hurt && (role == guard.Shadowed || r.bad())
			p.observe(e.at, guard.Observation{Side: guard.OldSide, Role: role, Outcome: r.outcome, Key: e.o.Key, Took: r.took})
		}
		if e.hurt && p.begun > p.before {
			p.ending.hurt++
		}
	}
	if e.hurt && p.rng.Float64() < p.retries/(p.retries+1) {
		heap.Push(&p.queue, event{at: e.at + 0.5, o: guard.Observation{Side: e.o.Side, Key: e.o.Key}})
	}
	return p.ending.tripped
}

func (p *play) observe(at float64, o guard.Observation) {
	o.End = time.Unix(0, int64(at*1e9))
	if f, _ := p.guard.Observe(&o); f != nil && f.Trip != nil {
		p.ending.tripped, p.ending.reason = true, f.Trip.Reason
	}
}
