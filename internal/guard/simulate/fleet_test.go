package simulate_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A fleet is many replicas of a world with 10 requests a second each, which report once a second.
type fleet struct {
	replicas int
	share    float64
	old, new float64 // rates of failures
	sick     int     // replicas whose new side fails at sickRate instead
	sickRate float64
}

// run plays so many ticks.
func (f fleet) run(ticks int, seed uint64) ending {
	rng := rand.New(rand.NewPCG(seed, 77))
	now := time.Unix(0, 0)
	pool := guard.NewPool(guard.Config{}, now)
	reports := make([]guard.Report, f.replicas)
	for i := range reports {
		reports[i].Replica = strconv.Itoa(i)
		pool.Add(reports[i], now)
	}
	var e ending
	for range ticks {
		now = now.Add(time.Second)
		for i := range reports {
			r := &reports[i]
			rate := f.new
			if i < f.sick {
				rate = f.sickRate
			}
			n1, n0 := poisson(rng, 10*f.share), poisson(rng, 10*(1-f.share))
			b1, b0 := binomial(rng, n1, rate), binomial(rng, n0, f.old)
			r.New.Of, r.New.Bad, r.Old.Of, r.Old.Bad = r.New.Of+n1, r.New.Bad+b1, r.Old.Of+n0, r.Old.Bad+b0
			e.of, e.hurt = e.of+int(n1), e.hurt+int(b1)
			pool.Add(*r, now)
		}
		if trip := pool.Tick(now); trip != nil {
			e.tripped, e.reason = true, trip.Reason
			return e
		}
	}
	return e
}

// poisson draws how many of independent events come, where so many are expected (D. Knuth).
func poisson(rng *rand.Rand, expected float64) (n uint64) {
	for product := rng.Float64(); product > math.Exp(-expected); product *= rng.Float64() {
		n++
	}
	return n
}

func binomial(rng *rand.Rand, n uint64, p float64) (k uint64) {
	for range n {
		if rng.Float64() < p {
			k++
		}
	}
	return k
}
