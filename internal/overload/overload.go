// Package overload tells whether the process is short of processors.
//
// A shadow shares the processors with the requests that somebody waits for. When goroutines that
// could run have to wait for a processor, shadows are the work to leave out. The runtime keeps a
// histogram of those waits; its 99th percentile since the last look is taken at most once a second,
// by a shadow that has ended and so delays nobody. A request reads the last result, which counts
// for a second: afterwards one shadow may run, and look again.
package overload

import (
	"math"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// Gauge is the last result. Its zero value has none yet. Its methods are safe for any number of
// goroutines.
type Gauge struct {
	wait atomic.Int64 // nanoseconds
	at   atomic.Int64 // when it was taken, nanoseconds since begin

	mu     sync.Mutex
	sample [1]metrics.Sample
	counts []uint64
}

const (
	every = time.Second
	least = 1000 // waits below which a percentile says nothing
)

// Process is the gauge of this process.
var Process Gauge

// begin is so early that nothing counts as taken yet. Times are counted from it, by the monotonic
// clock, which nobody can set.
var begin = time.Now().Add(-every)

// Exceeds reports whether goroutines lately waited longer than limit. It looks at the clock only
// where they did.
func (g *Gauge) Exceeds(limit time.Duration, now func() time.Time) bool {
	return limit >= 0 && time.Duration(g.wait.Load()) > limit && g.recent(now())
}

func (g *Gauge) recent(now time.Time) bool {
	age := now.Sub(begin) - time.Duration(g.at.Load())
	return age >= 0 && age < every // below 0: by the clock of a bubble of testing/synctest
}

// Look takes the percentile, unless another goroutine does or has within the last second.
func (g *Gauge) Look(now time.Time) {
	if g.recent(now) || !g.mu.TryLock() {
		return
	}
	defer g.mu.Unlock()
	g.sample[0].Name = "/sched/latencies:seconds"
	metrics.Read(g.sample[:])
	if g.sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return
	}
	h := g.sample[0].Value.Float64Histogram()
	g.Note(percentile99(h, g.counts), now)
	g.counts = append(g.counts[:0], h.Counts...)
}

// Note puts a result in place, taken now.
func (g *Gauge) Note(wait time.Duration, now time.Time) {
	g.wait.Store(int64(wait))
	g.at.Store(int64(now.Sub(begin)))
}

// percentile99 returns the lower bound of the bucket that holds the 99th percentile of what was
// added to the histogram since before; 0 on the first look, and where too little was added.
func percentile99(h *metrics.Float64Histogram, before []uint64) time.Duration {
	if len(before) != len(h.Counts) {
		return 0
	}
	var total uint64
	for i, n := range h.Counts {
		total += n - before[i]
	}
	if total < least {
		return 0
	}
	above := total / 100
	for i := len(h.Counts) - 1; i >= 0; i-- {
		n := h.Counts[i] - before[i]
		if n > above {
			return seconds(h.Buckets[i])
		}
		above -= n
	}
	return 0
}

func seconds(s float64) time.Duration {
	return time.Duration(min(max(s*float64(time.Second), 0), math.MaxInt64/2))
}
