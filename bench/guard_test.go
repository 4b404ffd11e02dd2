package main

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/work"
)

var update = flag.Bool("update", false, "write testdata/guard.txt")

// margin is how far a ratio may be above the recorded one. It is wide because the
// same program differs by up to 1.7 from one process to the next, by where the
// linker and the allocator put things, and because a machine shared with others
// has to pass. What it catches is a cost of another order; allocations and bytes,
// which are exact, catch the rest.
const margin = 2

// guarded is a line of testdata/guard.txt.
type guarded struct{ allocs, bytes, ratio float64 }

// What a request costs does not grow by accident: the allocations of each
// workload are those recorded, and its CPU time keeps its ratio to raw
// httprouter's within a margin. After a change that was meant to change them,
// run go test -C bench -run Guard -update.
func TestGuard(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var recorded map[string]guarded
	if !*update {
		recorded = readGuard(t)
	}
	var lines strings.Builder
	for _, w := range work.Workloads {
		got := guardedFigures(w, 5)
		if !*update && exceeds(w, got, recorded) {
			got = guardedFigures(w, 25) // somebody else may have had the machine
		}
		for _, p := range ours.All {
			key := w.Name + " | " + p.Name
			g, want := got[p.Name], recorded[key]
			fmt.Fprintf(&lines, "%s | %.1f | %.0f | %.2f\n", key, g.allocs, g.bytes, g.ratio)
			if *update {
				continue
			}
			off, margin := tolerance(p)
			if want == (guarded{}) {
				t.Errorf("%s: not in testdata/guard.txt; run this test with -update", key)
				continue
			}
			// Of many, a few are pools' that the collector has emptied: a part of one for each request.
			if math.Abs(g.allocs-want.allocs) > off+want.allocs/500 {
				t.Errorf("%s: %.1f allocations, recorded are %.1f", key, g.allocs, want.allocs)
			}
			if math.Abs(g.bytes-want.bytes) > want.bytes/20+off*500 {
				t.Errorf("%s: %.0f bytes allocated, recorded are %.0f", key, g.bytes, want.bytes)
			}
			if g.ratio > want.ratio*margin && steady(w) {
				t.Errorf("%s: %.2f times the CPU time of raw httprouter, recorded are %.2f", key, g.ratio, want.ratio)
			}
		}
	}
	if *update {
		if err := os.WriteFile("testdata/guard.txt", []byte(guardHead+lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const guardHead = "# workload | peer | allocations | bytes | CPU time as a ratio to raw httprouter\n"

// tolerance is how far allocations may be off, and the margin of the ratio. A
// handler on a goroutine of its own may find the other one waiting or not, which
// is a matter of the scheduler and of what else the machine does.
func tolerance(p work.Peer) (allocs, ratio float64) {
	if p.Name == ours.ReqResAsFetch.Name {
		return 2, 2 * margin
	}
	return 0.15, margin
}

// steady is false where raw httprouter itself costs thrice as much at one time as
// at another: it allocates 4 MiB for each upload, and the kernel has a say in it.
func steady(w work.Workload) bool { return w.Name != "upload 1 MiB, form" }

func exceeds(w work.Workload, got map[string]guarded, recorded map[string]guarded) bool {
	for name, g := range got {
		if steady(w) && g.ratio > recorded[w.Name+" | "+name].ratio*margin {
			return true
		}
	}
	return false
}

func guardedFigures(w work.Workload, rounds int) map[string]guarded {
	peers := append([]work.Peer{baseline}, ours.All...)
	fs := make([]func(int), len(peers))
	for i, p := range peers {
		c := work.Open(w.App(p), w.Ask(p))
		defer c.Close()
		fs[i] = c.Do
	}
	figures := interleave(fs, rounds, 2*time.Millisecond)
	least := func(i int) float64 { // the round in which the least came between
		m := math.Inf(1)
		for _, f := range figures[i] {
			m = min(m, f.cpu)
		}
		return m
	}
	got := make(map[string]guarded)
	for i, p := range peers[1:] {
		allocs, bytes := garbage(fs[i+1], max(64, len(w.Ask(p))))
		got[p.Name] = guarded{allocs, bytes, least(i+1) / least(0)}
	}
	return got
}

// garbage counts with the collector off, because a collection empties pools.
func garbage(f func(int), n int) (allocs, bytes float64) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for i := range n {
		f(i) // fills the pools
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range n {
		f(i)
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
}

func readGuard(t *testing.T) map[string]guarded {
	f, err := os.Open("testdata/guard.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	recorded := make(map[string]guarded)
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		fields := strings.Split(s.Text(), " | ")
		var g guarded
		if _, err := fmt.Sscanf(strings.Join(fields[2:], " "), "%g %g %g", &g.allocs, &g.bytes, &g.ratio); err != nil {
			t.Fatalf("testdata/guard.txt: %q: %v", s.Text(), err)
		}
		recorded[fields[0]+" | "+fields[1]] = g
	}
	return recorded
}
