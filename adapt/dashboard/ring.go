package dashboard

// A quarter of an hour of measurements, in a memory whose size is known from the start.

import (
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

const window = 15 * time.Minute

// columns are what is measured of a pair at each step: requests and failures of the step, the
// durations in milliseconds, and from which share of failures on the guard would notice.
var columns = [...]string{"old", "oldFailed", "new", "newFailed", "compared", "different", "oldP50", "oldP99", "newP50", "newP99", "sees"}

// sample is one step; a float32 counts exactly up to 16 million.
type sample [len(columns)]float32

// steps returns how many seconds a step takes, so that the samples of so many pairs fit, and how
// many there are.
func steps(pairs, memory int) (seconds, slots int) {
	all := int(window / time.Second)
	for _, seconds = range []int{1, 2, 3, 5, 10, 15, 30, 60} {
		if slots = all / seconds; pairs*slots*len(columns)*4 <= memory {
			break
		}
	}
	return seconds, slots
}

// counts are what the two sides came to; they only grow.
type counts struct{ old, oldFailed, new, newFailed, compared, different uint64 }

func countsOf(s migrate.Snapshot) (c counts) {
	c.old, c.oldFailed = sum(s.Old)
	c.new, c.newFailed = sum(s.New)
	c.compared, c.different = s.Compared, s.Mismatch
	return c
}

// sum returns how many requests there were, and how many failed: what a client would call an error.
func sum(by map[migrate.Outcome]uint64) (all, failed uint64) {
	for outcome, n := range by {
		all += n
		switch outcome {
		case migrate.Failed, migrate.Panicked, migrate.Broken:
			failed += n
		}
	}
	return all, failed
}

func (c counts) less(was counts) counts {
	return counts{c.old - was.old, c.oldFailed - was.oldFailed, c.new - was.new, c.newFailed - was.newFailed, c.compared - was.compared, c.different - was.different}
}

// sample returns what has happened since the last sample. A side that answered nobody took no time.
func (t *tracked) sample(c counts) sample {
	d := c.less(t.sampled)
	s := sample{float32(d.old), float32(d.oldFailed), float32(d.new), float32(d.newFailed), float32(d.compared), float32(d.different)}
	if d.old > 0 {
		s[6], s[7] = ms(t.is.OldTook.P50), ms(t.is.OldTook.P99)
	}
	if d.new > 0 {
		s[8], s[9] = ms(t.is.NewTook.P50), ms(t.is.NewTook.P99)
	}
	s[10] = float32(t.is.Guard.From)
	return s
}

func ms(d time.Duration) float32 { return float32(d.Microseconds()) / 1000 }

// series are the samples by column, for a plot.
type series struct {
	Step    int                  `json:"step"`  // seconds between two samples
	Times   []float64            `json:"times"` // in seconds since 1970
	Columns map[string][]float32 `json:"columns"`
}

// series of the last n samples; the caller holds w.mu.
func (w *watch) series(t *tracked, n int) series {
	s := series{Step: w.every, Times: append([]float64{}, tail(w.times, n)...), Columns: make(map[string][]float32, len(columns))}
	samples := tail(t.samples, n)
	for i, name := range columns {
		column := make([]float32, len(samples))
		for j := range samples {
			column[j] = samples[j][i]
		}
		s.Columns[name] = column
	}
	return s
}

// lately adds up the samples of so many seconds.
func (w *watch) lately(t *tracked, seconds int) (total sample, over float64) {
	samples := tail(t.samples, (seconds+w.every-1)/w.every)
	for _, s := range samples {
		for i := range s {
			total[i] += s[i]
		}
	}
	return total, float64(len(samples) * w.every)
}
