package migrate

import (
	"slices"
	"sync/atomic"
)

// The enumerations that events and snapshots show are words. Each is counted from zero, so that an
// exporter has every series before something happens.

// Words lists the words of one enumeration, in the order of their declaration, as in
// Words[Outcome](): for exporters, whose series shall exist before they count. The caller owns the
// slice.
func Words[W Outcome | Skip | Result | Fallback | Kind | TripReason | Verdict | Side | Sight | Blindness | SourceState]() []W {
	for _, all := range []any{outcomes[:], skips, results, fallbacks, kinds, tripReasons, verdicts, sides[:], sights, blindnesses, sourceStates} {
		if words, ok := all.([]W); ok {
			return slices.Clone(words)
		}
	}
	return nil // not reached: the constraint lists the same types
}

// tally counts the words of one enumeration. It is made for few words: there are at most 16.
type tally[W ~string] struct {
	words []W
	n     [16]atomic.Uint64
}

func (t *tally[W]) add(word W) {
	if i := slices.Index(t.words, word); i >= 0 {
		t.n[i].Add(1)
	}
}

// sum returns how many were counted.
func (t *tally[W]) sum() (n uint64) {
	for i := range t.words {
		n += t.n[i].Load()
	}
	return n
}

// counts has every word, also those that were never counted.
func (t *tally[W]) counts() map[W]uint64 {
	m := make(map[W]uint64, len(t.words))
	for i, word := range t.words {
		m[word] = t.n[i].Load()
	}
	return m
}
