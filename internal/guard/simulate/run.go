package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A world is a pair under traffic: who answers, and what comes of it. All times are seconds since the
// run began. Nothing in it reads a clock.
type world struct {
	rate     float64 // requests a second, of both sides together
	share    float64 // of the requests, that new answers
	fallback bool    // old answers where new has failed
	shadow   float64 // the part of new's answers after which old runs as a shadow
	keys     int     // clients; 0: requests have no keys
	retries  float64 // how often a client that met a failure tries again, on average, each half second
	faultAt  int     // requests of new before the fault begins
	cold     bool    // the guard begins with the fault, at a plan that raises new
	config   guard.Config

	// old and new tell what a side comes to at a time. Broken is what has begun, so nobody falls back.
	old, new func(t float64, rng *rand.Rand) result
	// healthy is new before the fault; nil is old.
	healthy func(t float64, rng *rand.Rand) result
}

type result struct {
	outcome guard.Outcome
	took    time.Duration
}

// ending is how a run ended.
type ending struct {
	tripped bool
	reason  guard.Reason
	of      int // requests of new from the fault until the trip, or until the end
	hurt    int // of them, those whose client got no good answer
}

// run plays the world for so many requests of new after the fault.
func (w world) run(requests int, seed uint64) (e ending) {
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	start := time.Unix(0, 0)
	g := guard.New(w.config, start, nil)
	g.Begin(start, guard.Means{Share: w.share, Keyed: w.share < 1, Shadow: w.shadow, Fallback: w.fallback, Unsafe: !w.fallback && w.shadow == 0})
	if w.healthy == nil {
		w.healthy = w.old
	}
	type again struct {
		at   float64
		side guard.Side
		key  uint64
	}
	var queue []again
	finding := func(f *guard.Finding) bool {
		if f != nil && f.Trip != nil {
			e.tripped, e.reason = true, f.Trip.Reason
		}
		return e.tripped
	}
	next, key := 0.0, uint64(0)
	for ofNew := 0; ofNew < w.faultAt+requests; {
		var now float64
		var side guard.Side
		if len(queue) > 0 && queue[0].at <= next {
			now, side, key = queue[0].at, queue[0].side, queue[0].key
			queue = queue[1:]
		} else {
			now = next
			next += rng.ExpFloat64() / w.rate
			if rng.Float64() < w.share {
				side = guard.NewSide
			} else {
				side = guard.OldSide
			}
			if w.keys > 0 {
				key = rng.Uint64N(uint64(w.keys))<<1 | uint64(side) + 1
			}
		}
		does := w.old
		if side == guard.NewSide {
			if does = w.new; ofNew < w.faultAt {
				does = w.healthy
			}
			ofNew++
		}
		r := does(now, rng)
		bad := r.outcome > guard.Refused
		end := start.Add(time.Duration((now) * 1e9)).Add(r.took)
		tripped := finding(g.Observe(guard.Observation{Side: side, Outcome: r.outcome, Key: key, End: end, Took: r.took}))
		if side == guard.NewSide && (w.shadow > 0 && rng.Float64() < w.shadow || bad && w.fallback && r.outcome == guard.Failed) {
			role := guard.FellBack
			if !(bad && w.fallback && r.outcome == guard.Failed) {
				role = guard.Shadowed
			}
			echo := w.old(now, rng)
			bad = bad && (role == guard.Shadowed || echo.outcome > guard.Refused)
			tripped = finding(g.Observe(guard.Observation{Side: guard.OldSide, Role: role, Outcome: echo.outcome, Key: key, End: end.Add(echo.took), Took: echo.took})) || tripped
		}
		if side == guard.NewSide && ofNew > w.faultAt {
			e.of++
			if bad {
				e.hurt++
			}
		}
		if tripped {
			return e
		}
		if bad && w.retries > 0 && rng.Float64() < w.retries/(w.retries+1) {
			at := now + 0.5
			i, _ := slices.BinarySearchFunc(queue, at, func(a again, t float64) int {
				if a.at <= t {
					return -1
				}
				return 1
			})
			queue = slices.Insert(queue, i, again{at, side, key})
		}
	}
	return e
}

// fails answers at once and fails at a rate.
func fails(p float64) func(float64, *rand.Rand) result { return comesTo(guard.Failed, p) }

func comesTo(out guard.Outcome, p float64) func(float64, *rand.Rand) result {
	return func(_ float64, rng *rand.Rand) result {
		if rng.Float64() < p {
			return result{outcome: out}
		}
		return result{}
	}
}

// outage fails at rate down for so many seconds of each period, from the offset on, else at rate up.
func outage(up, down, seconds, period, offset float64) func(float64, *rand.Rand) result {
	return func(t float64, rng *rand.Rand) result {
		p := up
		if since := math.Mod(t-offset+period, period); t >= offset && since < seconds {
			p = down
		}
		if rng.Float64() < p {
			return result{outcome: guard.Failed}
		}
		return result{}
	}
}

// takes answers after a time that is distributed log-normally around a median.
func takes(median time.Duration, sigma float64) func(float64, *rand.Rand) result {
	return func(_ float64, rng *rand.Rand) result {
		return result{took: time.Duration(float64(median) * math.Exp(sigma*rng.NormFloat64()))}
	}
}

// sample is the endings of many runs of a world.
type sample []ending

func (w world) sample(runs, requests int, seed uint64) sample {
	s := make(sample, runs)
	for i := range s {
		s[i] = w.run(requests, seed+uint64(i))
	}
	return s
}

func (s sample) trips() (n int) {
	for _, e := range s {
		if e.tripped {
			n++
		}
	}
	return n
}

// until is the q-quantile of what get tells of the runs, where runs that did not trip count as endless.
// It is false where that many did not.
func (s sample) until(q float64, get func(ending) int) (int, bool) {
	var n []int
	for _, e := range s {
		if e.tripped {
			n = append(n, get(e))
		}
	}
	slices.Sort(n)
	at := int(math.Ceil(q*float64(len(s)))) - 1
	if at >= len(n) {
		return 0, false
	}
	return n[at], true
}

func requests(e ending) int { return e.of }
func hurt(e ending) int     { return e.hurt }
