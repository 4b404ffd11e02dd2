package simulate_test

import (
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
)

// sample is the endings of many runs of a world.
type sample []ending

// play runs a part of a cell so many times, on all processors.
func (c cell) play(runs int, seed uint64, part float64) sample {
	s := make(sample, runs)
	var wg sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range s {
		free <- struct{}{}
		wg.Go(func() {
			s[i] = c.run(seed+uint64(i), part)
			<-free
		})
	}
	wg.Wait()
	return s
}

func (s sample) trips() (n int) {
	for _, e := range s {
		if e.tripped {
			n++
		}
	}
	return n
}

// until is the q-quantile of what get tells of the runs, where one that did not trip is endless: -1.
func (s sample) until(q float64, get func(ending) int) int {
	var n []int
	for _, e := range s {
		if e.tripped {
			n = append(n, get(e))
		}
	}
	slices.Sort(n)
	if at := int(math.Ceil(q*float64(len(s)))) - 1; at < len(n) {
		return n[at]
	}
	return -1
}

// show is the median and the 95th percentile, or how many tripped where most did not.
func (s sample) show(get func(ending) int) string {
	switch median, most := s.until(0.5, get), s.until(0.95, get); {
	case most >= 0:
		return number(median) + "/" + number(most)
	case median >= 0:
		return number(median) + "/–"
	}
	return strconv.Itoa(s.trips()) + " of " + strconv.Itoa(len(s))
}

// number groups digits by three.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
