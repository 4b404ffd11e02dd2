package guard

import "math"

// A rule compares two shares that are observed together, block of time by block of time. The
// evidence of a block is an e-variable: whatever share of bad outcomes both sides have in common,
// and however it moves from block to block, it is at most 1 on average (R. Turner, A. Ly, P.
// Grünwald, "Generic E-variables for exact sequential k-sample tests that allow for optional
// stopping"). So an outage that both sides see costs nothing, and there is no window to size. Its
// logarithms are added up and never fall below 0 (J. Shin, A. Ramdas, A. Rinaldo, "E-detectors"),
// so that years of health are not a burden on the day of the fault.
//
// Three additions only hold evidence back: a block adds at most as much as its length allows, since
// only time can tell "new is broken" from "new noticed the shared outage a second earlier"; a bet
// that old's own long-run share would win counts for nothing; and a difference below the margin
// never trips.

// Counts is how many outcomes of a side were bad, of how many.
type Counts struct {
	Bad uint64
	Of  uint64
}

func (c Counts) minus(d Counts) Counts { return Counts{c.Bad - d.Bad, c.Of - d.Of} }
func (c Counts) plus(d Counts) Counts  { return Counts{c.Bad + d.Bad, c.Of + d.Of} }

// Block is what both sides came to in one block of time.
type Block struct {
	Old, New Counts
}

func (b Block) minus(c Block) Block { return Block{b.Old.minus(c.Old), b.New.minus(c.New)} }
func (b Block) plus(c Block) Block  { return Block{b.Old.plus(c.Old), b.New.plus(c.New)} }

const (
	beyondChance = 16   // the logarithm of the evidence that trips: e^16 is 9 million to one
	leastBad     = 5    // bad outcomes of new without which nothing trips
	longRun      = 4000 // outcomes of old in its long-run share
	leastRun     = 500  // outcomes that the long-run share is taken of at least, so that the first does not count as 100 %
	recentNew    = 2000 // outcomes of new over which the margin must be exceeded
	recentOld    = 50   // outcomes of old that say whether it fails as well
)

// A bet is a pair of shares that the evidence is computed for: old's and new's.
type bet struct {
	new                                float64
	lnNew, lnNewGood, lnOld, lnOldGood float64
	old                                float64
}

func bets(percent ...[2]float64) []bet {
	var all []bet
	for _, p := range percent {
		o, n := p[0]/100, p[1]/100
		all = append(all, bet{n, math.Log(n), math.Log1p(-n), math.Log(o), math.Log1p(-o), o})
	}
	return all
}

const maxBets = 14

// The bets of each meaning of "bad", in percent. They are constants; nobody tunes them.
var (
	failureBets = bets([2]float64{0.1, 2}, [2]float64{0.1, 15}, [2]float64{0.1, 98}, [2]float64{1, 3}, [2]float64{1, 6}, [2]float64{1, 20},
		[2]float64{1, 98}, [2]float64{5, 10}, [2]float64{5, 20}, [2]float64{5, 40}, [2]float64{5, 98}, [2]float64{20, 40}, [2]float64{20, 98},
		[2]float64{50, 98})
	medianBets = bets([2]float64{50, 65}, [2]float64{50, 90})
	tailBets   = bets([2]float64{1, 3}, [2]float64{1, 10}, [2]float64{1, 50})
)

type rule struct {
	bets    []bet
	against bool // bets are held against old's long-run share; slowness has its limit from old already
	margin  float64
	dwell   float64 // seconds of evidence before anything trips

	weight [maxBets]float64
	span   Block      // since all weights were 0: what a trip shows
	recent [4]float64 // old bad, old all, new bad, new all: about the last recentNew of new
	run    [2]float64 // old bad, old all: about the last longRun
}

// add takes a block that lasted seconds, and reports whether the evidence is beyond chance now.
func (r *rule) add(b Block, seconds float64) bool {
	if b.Old.Of == 0 || b.New.Of == 0 {
		return false // one side alone proves nothing
	}
	longRunShare, limit := r.longRunShare(), beyondChance*seconds/r.dwell
	heaviest := 0.0
	for i := range r.bets {
		bet := &r.bets[i]
		if r.against && bet.new < 1.5*longRunShare+0.005 && bet.new < 0.9 {
			r.weight[i] = 0
			continue
		}
		r.weight[i] = max(0, r.weight[i]+min(bet.evidence(b), limit))
		heaviest = max(heaviest, r.weight[i])
	}
	r.span = r.span.plus(b)
	if heaviest == 0 {
		r.span = Block{}
	}
	oldBad, oldAll := float64(b.Old.Bad), float64(b.Old.Of)
	fade(r.run[:], 1-oldAll/longRun, oldBad, oldAll)
	fade(r.recent[:], 1-float64(b.New.Of)/recentNew, oldBad, oldAll, float64(b.New.Bad), float64(b.New.Of))
	return heaviest >= beyondChance && r.span.New.Bad >= leastBad && r.excess() >= r.margin
}

// evidence is the logarithm of the e-variable: how much better two shares explain the block than
// the one share that both have in common under this bet.
func (t *bet) evidence(b Block) float64 {
	n0, b0, n1, b1 := float64(b.Old.Of), float64(b.Old.Bad), float64(b.New.Of), float64(b.New.Bad)
	common := (n1*t.new + n0*t.old) / (n1 + n0)
	lnBad, lnGood := math.Log(common), math.Log1p(-common)
	return b1*(t.lnNew-lnBad) + (n1-b1)*(t.lnNewGood-lnGood) + b0*(t.lnOld-lnBad) + (n0-b0)*(t.lnOldGood-lnGood)
}

// longRunShare is what old does anyway.
func (r *rule) longRunShare() float64 { return r.run[0] / max(r.run[1], leastRun) }

// excess is by how much the share of new lies above that of old.
func (r *rule) excess() float64 {
	return share(r.recent[2], r.recent[3]) - share(r.recent[0], r.recent[1])
}

// fade multiplies sums by keep and adds to them what is new.
func fade(sums []float64, keep float64, add ...float64) {
	for i := range sums {
		sums[i] = sums[i]*max(0, keep) + add[i]
	}
}

func share(bad, of float64) float64 {
	if of == 0 {
		return 0
	}
	return bad / of
}
