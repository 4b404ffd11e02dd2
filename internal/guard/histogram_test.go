package guard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Every duration lies below the end of its bucket and not below that of the one before, and the
// ends are at most an eighth apart.
func FuzzBuckets(f *testing.F) {
	for _, d := range []int64{0, -1, 1, 4095, 4096, 65535, 65536, 1e6, 1e9, math.MaxInt64} {
		f.Add(d)
	}
	f.Fuzz(func(t *testing.T, ns int64) {
		d := time.Duration(ns)
		i := bucketOf(d)
		if i > 0 && d < ends[i-1] || i < buckets-1 && d >= ends[i] {
			t.Errorf("%v is in bucket %d, which ends at %v", d, i, ends[i])
		}
		if i >= perOctave && i > 0 && float64(ends[i]) > 1.126*float64(ends[i-1]) {
			t.Errorf("bucket %d reaches from %v to %v", i, ends[i-1], ends[i])
		}
	})
}

// A quantile is that of the sorted durations, to an eighth and the width of the first buckets, also
// after older ones were halved away.
func TestQuantiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 10, 1000, 3999, 40_000} {
		var s sketch
		var all []time.Duration
		for left := n; left > 0; left -= 500 {
			var more [buckets]uint64
			for range min(left, 500) {
				d := time.Duration(20e6 * math.Exp(rng.NormFloat64()))
				all = append(all, d)
				more[bucketOf(d)]++
			}
			s.add(&more)
		}
		slices.Sort(all)
		for _, q := range []float64{0.5, 0.9, 0.99} {
			want := all[max(0, int(math.Ceil(q*float64(n)))-1)]
			got := s.quantile(q)
			if n > sketchSize { // what is kept is a part
				if got < want/2 || got > 2*want {
					t.Errorf("%v quantile of %d: %v, want about %v", q, n, got, want)
				}
			} else if got < want || float64(got) > 1.13*float64(want)+4096 {
				t.Errorf("%v quantile of %d: %v, want %v", q, n, got, want)
			}
		}
		if s.of > sketchSize {
			t.Errorf("%d durations are kept", s.of)
		}
	}
	if (&sketch{}).quantile(0.5) != 0 {
		t.Error("no durations have a quantile")
	}
}

func TestHistogramCountsEverything(t *testing.T) {
	var h Histogram
	for _, d := range []time.Duration{-time.Second, 0, time.Millisecond, time.Millisecond, time.Hour} {
		h.Observe(d)
	}
	n, last := uint64(0), time.Duration(0)
	for below, count := range h.Buckets {
		if below <= last {
			t.Errorf("the bucket below %v comes after that below %v", below, last)
		}
		n, last = n+count, below
	}
	if n != 5 {
		t.Errorf("%d durations, want 5", n)
	}
}
