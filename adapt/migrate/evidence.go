package migrate

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// Some places differ without cause: random identifiers, times, order. They are found without a
// second deployment by running old against itself now and then, and counting per place (its class:
// indices and map keys replaced) how often the two sides differ there in a control, and how often
// in a comparison of old with new. A place that differed in a control is noise, unless new differs
// there beyond chance more often than old does. Only values and order can be noise; a missing
// member or another type never is. And noise is not ignored: it is compared by shape, and a value
// which always changes in old but stands still in new is a difference, too.

// Verdict is what is known about a place at which answers differed.
type Verdict string

const (
	VerdictUnknown Verdict = "unknown" // new differs from old there; old was not yet seen to differ from itself
	VerdictNoisy   Verdict = "noisy"   // old differs from itself there: compared by shape
	VerdictReal    Verdict = "real"    // old differs from itself there, but new differs more often
)

var verdicts = []Verdict{VerdictUnknown, VerdictNoisy, VerdictReal}

const (
	maxClasses = 256 // places counted per pair
	standstill = 10  // comparisons in a row after which a value that stands still is a difference
)

// evidence is what the comparisons of a pair have shown.
type evidence struct {
	mu         sync.Mutex
	keep       int // mismatches
	controls   uint64
	compared   uint64
	mismatches uint64
	places     map[string]*place
	stale      []string     // rules that have matched nothing so far
	noise      parity.Noise // derived from places; replaced, never changed
	last       []Mismatch
}

// place counts one class. At most one of a run's differences counts, also as noise.
type place struct {
	Place
	reported uint64 // comparisons that differed there by more than noise
	values   bool   // the controls differed in the value
	order    bool   // the controls differed in the order

	seen       bool // fingerprints of the last comparison
	old, next  uint64
	standstill int
}

func (e *evidence) place(class string) *place {
	at := e.places[class]
	if at == nil && len(e.places) < maxClasses {
		at = &place{Place: Place{Class: class}}
		if e.places == nil {
			e.places = make(map[string]*place)
		}
		e.places[class] = at
	}
	return at
}

func (at *place) differed() {
	at.Last = time.Now()
	if at.First.IsZero() {
		at.First = at.Last
	}
}

// learned returns the noise known so far.
func (e *evidence) learned() parity.Noise {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.noise
}

// addControl takes what differed between two answers of old.
func (e *evidence) addControl(found parity.Noise) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.controls++
	for _, class := range union(found.Shape, found.Unordered) {
		if at := e.place(class); at != nil {
			at.Controls++
			at.differed()
			at.values = at.values || slices.Contains(found.Shape, class)
			at.order = at.order || slices.Contains(found.Unordered, class)
		}
	}
	e.review()
}

// addComparison takes the report of old against new, made with what was learned, and adds to it
// values that stand still. It returns the result, and the mismatch if it is a notable one.
func (e *evidence) addComparison(report parity.Report, describe func(parity.Report) Mismatch) (Result, *Mismatch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.compared++
	noisy := false
	for _, f := range report.Noise {
		at := e.place(f.Class)
		if at == nil {
			continue
		}
		if f.Old != f.New {
			at.Compared++
			at.differed()
			noisy = true
		}
		if at.stands(f) {
			report.Diffs = append(report.Diffs, parity.Difference{Path: f.Class, Class: f.Class, Kind: parity.KindValue,
				OldType: "changing", NewType: "constant", Old: "changing", New: "constant",
				Hint: fmt.Sprintf("old gives another value each time; new has given the same %d times", standstill+1)})
		}
	}
	defer e.review()
	e.narrowStale(report.Stale)
	if report.Equal() {
		if noisy {
			return ResultNoise, nil
		}
		return ResultEqual, nil
	}
	e.mismatches++
	notable := powerOfTwo(e.mismatches) && len(e.places) == maxClasses
	counted := make(map[string]bool, len(report.Diffs))
	for _, d := range report.Diffs {
		at := e.place(d.Class)
		if at == nil || counted[d.Class] {
			continue
		}
		counted[d.Class] = true
		if !slices.ContainsFunc(report.Noise, func(f parity.Fingerprint) bool { return f.Class == d.Class && f.Old != f.New }) {
			at.Compared++
		}
		at.reported++
		at.differed()
		notable = notable || powerOfTwo(at.reported)
	}
	if !notable {
		return ResultDifferent, nil
	}
	m := describe(report)
	m.Count = e.mismatches
	e.store(m)
	return ResultDifferent, &m
}

// stands reports whether the value of new has not moved for a while in which that of old did.
func (at *place) stands(f parity.Fingerprint) bool {
	switch {
	case !at.seen || f.New != at.next:
		at.standstill = 0
	case f.Old != at.old:
		at.standstill++
	}
	at.seen, at.old, at.next = true, f.Old, f.New
	return at.standstill >= standstill
}

// narrowStale keeps the rules that were of no use in any comparison so far.
func (e *evidence) narrowStale(stale []string) {
	if e.compared == 1 {
		e.stale = slices.Clone(stale)
		return
	}
	e.stale = slices.DeleteFunc(e.stale, func(rule string) bool { return !slices.Contains(stale, rule) })
}

// review derives the verdicts, and from them the noise.
func (e *evidence) review() {
	var noise parity.Noise
	for class, at := range e.places {
		at.Verdict = e.verdict(at)
		if at.Verdict != VerdictNoisy {
			continue
		}
		if at.values {
			noise.Shape = append(noise.Shape, class)
		}
		if at.order {
			noise.Unordered = append(noise.Unordered, class)
		}
	}
	slices.Sort(noise.Shape)
	slices.Sort(noise.Unordered)
	e.noise = noise
}

func (e *evidence) verdict(at *place) Verdict {
	if at.Controls == 0 {
		return VerdictUnknown
	}
	const z = 2
	lower, _ := wilson(Share{at.Compared, e.compared}, z)
	if _, upper := wilson(Share{at.Controls, e.controls}, z); lower > upper {
		return VerdictReal
	}
	return VerdictNoisy
}

func powerOfTwo(n uint64) bool { return bits.OnesCount64(n) == 1 }

// wilson returns the score interval of Wilson for a share. Unlike the textbook interval it is
// honest for few observations and for shares near 0 and 1: nothing bad in 5 says no more than
// "below 44 %" at 2 standard deviations.
func wilson(s Share, z float64) (lower, upper float64) {
	if s.Of == 0 {
		return 0, 1
	}
	n, z2 := float64(s.Of), z*z
	p := float64(s.Bad) / n
	middle := p + z2/(2*n)
	spread := z * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	scale := 1 + z2/n
	return max(0, (middle-spread)/scale), min(1, (middle+spread)/scale)
}
