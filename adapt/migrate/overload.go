package migrate

import (
	"math"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// A shadow shares the processors with the requests that somebody waits for. When goroutines that could run have to wait
// for a processor, shadows are the work to leave out. The runtime keeps a histogram of those waits; its 99th percentile
// since the last look is taken at most once a second, by a shadow that has ended and so delays nobody. A request reads
// the last result, which counts for a second: afterwards one shadow may run, and look again.
type overload struct {
	wait atomic.Int64 // nanoseconds
	at   atomic.Int64 // when it was taken, Unix nanoseconds

	mu     sync.Mutex
	sample [1]metrics.Sample
	counts []uint64
}

const (
	overloadEvery = time.Second
	overloadLeast = 1000 // waits below which a percentile says nothing
)

var processLoad overload

// exceeds reports whether goroutines lately waited longer than limit.
func (o *overload) exceeds(limit time.Duration, now time.Time) bool {
	return limit >= 0 && time.Duration(o.wait.Load()) > limit && o.recent(now)
}

func (o *overload) recent(now time.Time) bool {
	age := now.UnixNano() - o.at.Load()
	return age >= 0 && age < int64(overloadEvery) // below 0: the clock was set back
}

// look takes the percentile, unless another goroutine does or has within the last second.
func (o *overload) look(now time.Time) {
	if o.recent(now) || !o.mu.TryLock() {
		return
	}
	defer o.mu.Unlock()
	o.sample[0].Name = "/sched/latencies:seconds"
	metrics.Read(o.sample[:])
	if o.sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return
	}
	h := o.sample[0].Value.Float64Histogram()
	o.wait.Store(int64(percentile99(h, o.counts)))
	o.at.Store(now.UnixNano())
	o.counts = append(o.counts[:0], h.Counts...)
}

// percentile99 is the lower bound of the bucket that holds the 99th percentile of what was added to the histogram since
// before; 0 on the first look, and where too little was added.
func percentile99(h *metrics.Float64Histogram, before []uint64) time.Duration {
	if len(before) != len(h.Counts) {
		return 0
	}
	var total uint64
	for i, n := range h.Counts {
		total += n - before[i]
	}
	if total < overloadLeast {
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
