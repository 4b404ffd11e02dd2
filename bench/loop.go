package main

// loop: what a mutable handler costs behind middleware of the immutable shape, as a plain loop sees
// it: one goroutine that calls ServeHTTP, and a clock on the wall.

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/work"
)

// looped are the targets that the loop asks for.
var looped = []struct{ name, target string }{{"static 204", "/static"}, {"text", "/text"}, {"parameter", "/users/4711"}, {"small JSON", "/json"}}

func runLoop(o options) (string, error) {
	var b strings.Builder
	b.WriteString("| | processors | native, ns | behind fetch middleware, ns | ratio | allocations | with a context that can end, ns | ratio | two changes of goroutine alone, ns |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	native, behind := ours.ReqRes.App(), ours.BehindFetch().App()
	for _, procs := range []int{1, 2} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for _, l := range looped {
			if !strings.HasPrefix(l.name, o.only) {
				continue
			}
			there, back := make(chan int), make(chan int)
			go func() {
				for v := range there {
					back <- v
				}
			}()
			plain := httptest.NewRequest("GET", l.target, nil)
			server := work.Open(behind, []work.Request{{Method: "GET", Target: l.target}})
			serverNative := work.Open(native, []work.Request{{Method: "GET", Target: l.target}})
			ns := timed(o, asking(native, plain), asking(behind, plain), serverNative.Do, server.Do, func(i int) { there <- i; <-back })
			close(there)
			allocs := measure(asking(behind, plain), 1000).allocs - measure(asking(native, plain), 1000).allocs
			fmt.Fprintf(&b, "| %s | %d | %.0f | %.0f | %.2f | +%.0f | %.0f | %.2f | %.0f |\n",
				l.name, procs, ns[0], ns[1], ns[1]/ns[0], allocs, ns[3], ns[3]/ns[2], ns[4])
			server.Close()
			serverNative.Close()
		}
	}
	return b.String(), nil
}

// asking asks h for the same again, with a writer that throws the answer away.
func asking(h http.Handler, r *http.Request) func(int) {
	w := &discard{header: make(http.Header)}
	return func(int) {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header               { return d.header }
func (d *discard) WriteHeader(int)                   {}
func (d *discard) Write(p []byte) (int, error)       { return len(p), nil }
func (d *discard) WriteString(s string) (int, error) { return len(s), nil }

// timed returns the nanoseconds of each of fs in the round in which the least came between, of many
// in which all have their turn.
func timed(o options, fs ...func(int)) []float64 {
	least := slices.Repeat([]float64{math.Inf(1)}, len(fs))
	for range o.rounds {
		for i, f := range fs {
			for j := range 100 {
				f(j)
			}
			n, start := 0, time.Now()
			for time.Since(start) < o.time {
				for range 100 {
					f(n)
					n++
				}
			}
			least[i] = min(least[i], float64(time.Since(start))/float64(n))
		}
	}
	return least
}
