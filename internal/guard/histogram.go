package guard

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Durations are counted in a log-linear histogram: eight buckets an octave, so that a quantile is
// right to an eighth whatever its size, from 4 µs to more than four minutes.

const (
	buckets    = 192
	unit       = 12 // the first buckets are 2^12 ns wide
	perOctave  = 8
	octaveBits = 3
)

// Histogram counts durations. The zero value is empty and ready. Observe is one atomic addition;
// all methods are safe for any number of goroutines. It only grows, as counters for metrics do.
type Histogram struct {
	counts [buckets]atomic.Uint64
}

// Observe counts one duration.
func (h *Histogram) Observe(d time.Duration) { h.counts[bucketOf(d)].Add(1) }

// Buckets calls yield with the upper end of each bucket that is not empty, in order, and how many
// durations it holds. What is longer than the last end is in the last bucket.
func (h *Histogram) Buckets(yield func(below time.Duration, count uint64) bool) {
	for i := range h.counts {
		if n := h.counts[i].Load(); n > 0 && !yield(ends[i], n) {
			return
		}
	}
}

// Quantiles are those of everything that was counted.
func (h *Histogram) Quantiles() Quantiles {
	var counts [buckets]uint64
	for i := range h.counts {
		counts[i] = h.counts[i].Load()
	}
	var s sketch
	s.add(&counts)
	return Quantiles{s.quantile(0.5), s.quantile(0.9), s.quantile(0.99), int(s.of)}
}

// bucketOf is the bucket that holds d: bucket i holds ends[i-1] <= d < ends[i].
func bucketOf(d time.Duration) int {
	v := uint64(max(d, 0)) >> unit
	if v < perOctave {
		return int(v)
	}
	octave := bits.Len64(v) - octaveBits - 1
	return min(octave*perOctave+int(v>>octave), buckets-1)
}

// ends are the upper ends of the buckets.
var ends = func() (e [buckets]time.Duration) {
	for i := range e {
		next, octave := uint64(i)+1, 0
		if i >= 2*perOctave-1 {
			octave = (i+1)/perOctave - 1
			next = uint64((i+1)%perOctave+perOctave) << octave
		}
		e[i] = time.Duration(next << unit)
	}
	return e
}()

// A sketch is a histogram that forgets: when it holds more than sketchSize durations all are
// halved.
type sketch struct {
	counts [buckets]uint32
	of     uint32
}

const sketchSize = 4000

// add takes what a histogram has counted since it was last read.
func (s *sketch) add(more *[buckets]uint64) {
	total := uint64(s.of)
	for _, n := range more {
		total += n
	}
	shift := 0
	for total>>shift > sketchSize {
		shift++
	}
	s.of = 0
	for i, n := range more {
		s.counts[i] = uint32((uint64(s.counts[i]) + n) >> shift)
		s.of += s.counts[i]
	}
}

// quantile is the upper end of the bucket in which the q-quantile lies.
func (s *sketch) quantile(q float64) time.Duration {
	rank, seen := q*float64(s.of), 0.0
	for i, n := range s.counts {
		if seen += float64(n); n > 0 && seen >= rank {
			return ends[i]
		}
	}
	return 0
}
