package main

// How a cost is measured: the CPU time of this process, not the time on the
// wall, so that other programs on the machine count for little; each round asks
// all peers, in another order, so that what remains falls on all alike; and
// only medians of many short rounds are shown.

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// figure is what one request costs.
type figure struct {
	cpu           float64 // nanoseconds
	bytes, allocs float64
}

// cpuTime returns the CPU time that this process has had, its garbage collector included.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure calls f n times.
func measure(f func(i int), n int) figure {
	runtime.GC() // what the peers before have left is not on this one's bill
	f(0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	for i := range n {
		f(i)
	}
	spent := cpuTime() - start
	runtime.ReadMemStats(&after)
	return figure{
		cpu:    float64(spent) / float64(n),
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
	}
}

// calibrate returns how often f must be called to take about d.
func calibrate(f func(i int), d time.Duration) int {
	for n := 1; ; n *= 4 {
		start := cpuTime()
		for i := range n {
			f(i)
		}
		if spent := cpuTime() - start; spent > d/8 {
			return max(1, int(float64(n)*float64(d)/float64(spent)))
		}
	}
}

// interleave measures all of fs in each of several rounds and returns the
// figures of each, one a round. A nil function is skipped.
func interleave(fs []func(i int), rounds int, d time.Duration) [][]figure {
	counts := make([]int, len(fs))
	for i, f := range fs {
		if f != nil {
			counts[i] = calibrate(f, d)
		}
	}
	figures := make([][]figure, len(fs))
	for range rounds {
		for _, i := range rand.Perm(len(fs)) {
			if fs[i] != nil {
				figures[i] = append(figures[i], measure(fs[i], counts[i]))
			}
		}
	}
	return figures
}

// median returns the median, and half the distance between the quartiles as a
// share of it.
func median(vs []float64) (m, spread float64) {
	n := len(vs)
	if n == 0 {
		return 0, 0
	}
	slices.Sort(vs)
	m = (vs[(n-1)/2] + vs[n/2]) / 2
	if m != 0 {
		spread = (vs[(3*n)/4] - vs[n/4]) / 2 / m
	}
	return m, spread
}
