package overload

import (
	"math"
	"runtime/metrics"
	"testing"
	"time"
)

func TestPercentile99(t *testing.T) {
	buckets := []float64{math.Inf(-1), 0, 0.001, 0.010, 0.100, math.Inf(1)}
	for _, c := range []struct {
		rule   string
		before []uint64
		counts []uint64
		want   time.Duration
	}{
		{"the first look says nothing", nil, []uint64{0, 9000, 0, 0, 9000}, 0},
		{"too few waits say nothing", []uint64{0, 0, 0, 0, 0}, []uint64{0, 0, 0, 0, 999}, 0},
		{"short waits", []uint64{0, 0, 0, 0, 0}, []uint64{0, 5000, 0, 0, 0}, 0},
		{"one in a hundred is not above the percentile", []uint64{0, 0, 0, 0, 0}, []uint64{0, 9900, 0, 100, 0}, 0},
		{"one more is", []uint64{0, 0, 0, 0, 0}, []uint64{0, 9899, 0, 101, 0}, 10 * time.Millisecond},
		{"only what is new counts", []uint64{0, 0, 0, 9000, 9000}, []uint64{0, 5000, 0, 9000, 9000}, 0},
		{"a bucket without an end counts from its beginning", []uint64{0, 0, 0, 0, 0}, []uint64{0, 0, 0, 0, 5000}, 100 * time.Millisecond},
		{"one without a beginning as nothing", []uint64{0, 0, 0, 0, 0}, []uint64{5000, 0, 0, 0, 0}, 0},
	} {
		h := &metrics.Float64Histogram{Counts: c.counts, Buckets: buckets}
		if got := percentile99(h, c.before); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

func TestCountsForASecond(t *testing.T) {
	var o Gauge
	now := time.Now()
	o.Note(20*time.Millisecond, now)
	for _, c := range []struct {
		rule  string
		limit time.Duration
		at    time.Time
		want  bool
	}{
		{"above the limit", 10 * time.Millisecond, now, true},
		{"at the limit", 20 * time.Millisecond, now, false},
		{"below 0 is never", -1, now, false},
		{"nearly a second later", 10 * time.Millisecond, now.Add(time.Second - 1), true},
		{"a second later one may look again", 10 * time.Millisecond, now.Add(time.Second), false},
		{"by another clock, long before", 10 * time.Millisecond, now.Add(-time.Hour), false},
	} {
		if got := o.Exceeds(c.limit, func() time.Time { return c.at }); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// The metric exists in this version of Go, and a second look sees what happened in between.
func TestReadsTheRuntime(t *testing.T) {
	var o Gauge
	now := time.Now()
	o.Look(now)
	first, at := len(o.counts), o.at.Load()
	if first == 0 {
		t.Fatal("there is no histogram of scheduling latencies")
	}
	o.Look(now.Add(1)) // too early
	if o.at.Load() != at {
		t.Error("a second look within a second")
	}
	o.Look(now.Add(time.Second))
	if o.at.Load() != at+int64(time.Second) || len(o.counts) != first {
		t.Errorf("the second look at %d with %d buckets", o.at.Load(), len(o.counts))
	}
}
