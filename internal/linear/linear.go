// Package linear holds what reads a client's bytes to linear cost: eight times the input may take
// about eight times the time and memory, never sixty-four. Time is that of the processor, so that a
// busy machine does not count.
package linear

import (
	"runtime"
	"testing"
	"time"
)

const (
	factor = 8
	slack  = 3 // of time: caches, and the collector's work that falls on the allocating thread
)

// Check fails the test where the work that input prepares for a size grows faster than the size.
// input is called for size and for eight times that; what it returns may run several times.
func Check(t *testing.T, size int, input func(n int) func()) {
	t.Helper()
	small, large := input(size), input(factor*size)
	small() // so that what is made once is made
	if a, b := bytes(small), bytes(large); b > 2*factor*a+(64<<10) {
		t.Errorf("%d bytes of memory for size %d, but %d for %d", a, size, b, factor*size)
	}
	var a, b time.Duration
	for range 4 {
		a, b = min(took(small), took(small)), took(large)
		if b < slack*factor*a || b < time.Millisecond {
			return
		}
	}
	t.Errorf("%v for size %d, but %v for %d", a, size, b, factor*size)
}

// bytes returns what f allocates, in all.
func bytes(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func took(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start := now()
	f()
	return now() - start
}
