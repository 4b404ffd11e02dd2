package guard

import (
	"math"
	"slices"
	"testing"
)

// The evidence of a block is an e-variable: whatever share of bad outcomes both sides have in
// common, it is at most 1 on average. Here the average is taken over every outcome that a small
// block can have.
func TestEvidenceIsAtMostOneOnAverage(t *testing.T) {
	for _, bet := range slices.Concat(failureBets, medianBets, tailBets) {
		for n0 := range 7 {
			for n1 := range 7 {
				for p := 0.0; p <= 1; p += 0.05 {
					mean := 0.0
					for b0 := range n0 + 1 {
						for b1 := range n1 + 1 {
							b := Block{Counts{uint64(b0), uint64(n0)}, Counts{uint64(b1), uint64(n1)}}
							if n0+n1 > 0 {
								mean += binomial(n0, b0, p) * binomial(n1, b1, p) * math.Exp(bet.evidence(b))
							}
						}
					}
					if mean > 1+1e-9 {
						t.Fatalf("bet %v against %v, %d of old, %d of new, both at %v: %v on average", bet.new, bet.old, n0, n1, p, mean)
					}
				}
			}
		}
	}
}

func binomial(n, k int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a-b-c) * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}

// One more failure of new never makes it look better, one more of old never makes it look worse;
// and whatever is counted, the weights stay numbers between 0 and what the time allows.
func FuzzRule(f *testing.F) {
	f.Add(uint64(100), uint64(1), uint64(100), uint64(10), uint64(500), uint64(3))
	f.Add(uint64(math.MaxUint64/4), uint64(0), uint64(math.MaxUint64/4), uint64(math.MaxUint64/4), uint64(60_000), uint64(50))
	f.Add(uint64(1), uint64(1), uint64(1), uint64(1), uint64(0), uint64(0))
	f.Add(uint64(0), uint64(0), uint64(9), uint64(9), uint64(500), uint64(9))
	f.Fuzz(func(t *testing.T, n0, b0, n1, b1, ms, blocks uint64) {
		n0, n1 = n0/4, n1/4 // sums of a few stay below the end of uint64, as counters of a process do
		b0, b1 = b0%(n0+1), b1%(n1+1)
		b := Block{Counts{b0, n0}, Counts{b1, n1}}
		if n0+n1 > 0 && n0 > b0 && n1 > b1 {
			for i := range failureBets {
				bet := &failureBets[i]
				now, slack := bet.evidence(b), 1e-9*float64(n0+n1)
				worse, better := b, b
				worse.New.Bad++
				better.Old.Bad++
				if e := bet.evidence(worse); e < now-slack {
					t.Errorf("%+v: one more failure of new lowers the evidence from %v to %v", b, now, e)
				}
				if e := bet.evidence(better); e > now+slack {
					t.Errorf("%+v: one more failure of old raises the evidence from %v to %v", b, now, e)
				}
			}
		}
		seconds := float64(ms%60_000) / 1000
		r := rule{bets: failureBets, against: true, margin: 0.005, dwell: 2.5}
		for i := range blocks % 16 {
			tripped := r.add(b, seconds)
			most := 0.0
			for _, w := range r.weight {
				if !(w >= 0) || w > float64(i+1)*beyondChance*seconds/2.5+1e-9 {
					t.Fatalf("%+v after %d blocks of %v s: weight %v", b, i+1, seconds, w)
				}
				most = max(most, w)
			}
			if e := r.excess(); math.IsNaN(e) || e < -1 || e > 1 {
				t.Fatalf("%+v: excess %v", b, e)
			}
			if tripped && (most < beyondChance || n0 == 0 || n1 == 0 || float64(b1)/float64(n1) <= float64(b0)/float64(n0)) {
				t.Fatalf("%+v, weight %v: trips, but new is not worse", b, most)
			}
		}
	})
}

// The limit of evidence per second is what tells a fault of new from an outage that it saw first.
func TestNothingTripsBeforeTheDwell(t *testing.T) {
	for _, dwell := range []float64{0.5, 2.5, 10} {
		r := rule{bets: failureBets, against: true, margin: 0.005, dwell: dwell}
		for blocks := 1; ; blocks++ {
			if r.add(Block{Counts{0, 1_000_000}, Counts{1_000_000, 1_000_000}}, 0.5) {
				if got := float64(blocks) / 2; got != dwell {
					t.Errorf("a dwell of %v s: trips after %v s of total failure", dwell, got)
				}
				break
			}
		}
	}
}

// Real but tiny differences are not the guard's business, nor are those that old's own share
// explains.
func TestTinyDifferencesDoNotTrip(t *testing.T) {
	for _, c := range []struct{ old, new, of uint64 }{
		{1, 5, 1000},   // four in a thousand more: below the margin
		{50, 70, 1000}, // less than half as much again as old
		{200, 290, 1000},
	} {
		r := rule{bets: failureBets, against: true, margin: 0.005, dwell: 2.5}
		for i := range 10_000 {
			if r.add(Block{Counts{c.old, c.of}, Counts{c.new, c.of}}, 0.5) {
				t.Errorf("new %d, old %d of %d: trips after %d blocks", c.new, c.old, c.of, i)
				break
			}
		}
	}
}

// Four failures are an accident, however unlikely.
func TestFewerThanFiveDoNotTrip(t *testing.T) {
	for _, c := range []struct {
		bad   uint64
		trips bool
	}{{4, false}, {5, true}} {
		r := rule{bets: failureBets, against: true, margin: 0.005, dwell: 2.5}
		if got := r.add(Block{Counts{0, 1000}, Counts{c.bad, c.bad}}, 60); got != c.trips {
			t.Errorf("%d of %d fail, and none of 1000 of old: trips %v, want %v", c.bad, c.bad, got, c.trips)
		}
	}
}
