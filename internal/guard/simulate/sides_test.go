package simulate_test

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// fails is a side that answers at once and fails at a rate.
func fails(rate float64) side { return comesTo(guard.Failed, rate) }

func comesTo(out guard.Outcome, rate float64) side {
	return func(_ float64, rng *rand.Rand) result {
		if rng.Float64() < rate {
			return result{outcome: out}
		}
		return result{}
	}
}

// downs fails at rate down for the first seconds of each period, beginning with the offset, else at
// rate up.
func downs(up, down, seconds, period, offset float64) side {
	return func(t float64, rng *rand.Rand) result {
		rate := up
		if t >= offset && math.Mod(t-offset, period) < seconds {
			rate = down
		}
		return fails(rate)(t, rng)
	}
}

// takes answers after a time that is distributed log-normally around a median.
func takes(median time.Duration, sigma float64) side {
	return func(_ float64, rng *rand.Rand) result {
		return result{took: time.Duration(float64(median) * math.Exp(sigma*rng.NormFloat64()))}
	}
}

// pauses answers nobody for the first seconds of each period, and then all who have waited.
func pauses(does side, seconds, period float64) side {
	return func(t float64, rng *rand.Rand) result {
		r := does(t, rng)
		if since := math.Mod(t, period); since < seconds {
			r.took += time.Duration((seconds - since) * float64(time.Second))
		}
		return r
	}
}

// leaves is a side some of whose clients leave, after a time of patience.
func leaves(does side, rate float64) side {
	return func(t float64, rng *rand.Rand) result {
		if rng.Float64() < rate {
			return result{guard.Gone, takes(5*time.Second, 1)(t, rng).took}
		}
		return does(t, rng)
	}
}

// warms is a side that is so many times slower when it begins, and less and less so for so many
// seconds.
func warms(does side, times, seconds float64) side {
	return func(t float64, rng *rand.Rand) result {
		r := does(t, rng)
		r.took = time.Duration(float64(r.took) * max(1, times-(times-1)*t/seconds))
		return r
	}
}

// sometimes is another side for a part of the requests.
func sometimes(does, other side, part float64) side {
	return func(t float64, rng *rand.Rand) result {
		if rng.Float64() < part {
			return other(t, rng)
		}
		return does(t, rng)
	}
}

// compares runs comparisons of which a part differs, against the share that is accepted.
func compares(accepted, differs float64, comparisons int, seed uint64) (e ending) {
	rng := rand.New(rand.NewPCG(seed, 5))
	g := guard.New(guard.Config{MaxMismatch: accepted}, time.Unix(0, 0), nil)
	for range comparisons {
		e.of++
		if f := g.Compare(rng.Float64() < differs); f != nil && f.Trip != nil {
			e.tripped, e.reason = true, f.Trip.Reason
			break
		}
	}
	return e
}
