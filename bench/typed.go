package main

// typed: what it costs to have a request as a value, beside a handler that reads it itself, and beside the
// binders of others.

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"github.com/crossfade-go/crossfade/bench/peer/echo"
	"github.com/crossfade-go/crossfade/bench/peer/huma"
	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/work"
)

var binders = []struct {
	name string
	app  func() http.Handler
}{{"fetch, by hand", ours.ByHand}, {"fetch.Typed", ours.Typed}, {"echo, Bind", echo.Typed}, {"huma", huma.Typed}}

func runTyped(o options) (string, error) {
	runtime.GOMAXPROCS(1)
	var rows []row
	for _, w := range work.Typed {
		rows = append(rows, measureTyped(w, o))
	}
	names := make([]string, len(binders))
	for i, b := range binders {
		names[i] = b.name
	}
	var b strings.Builder
	b.WriteString("CPU time of one request as a ratio to the handler that reads it itself, in the first column in nanoseconds.\n\n")
	table(&b, rows, append([]string{"ns"}, names...), func(r row, name string) string {
		if name == "ns" {
			return digits(r.cpu(names[0]))
		}
		m, _ := r.ratio(name, names[0])
		return fmt.Sprintf("%.2f", m)
	})
	b.WriteString("\nAllocations / bytes of one request.\n\n")
	table(&b, rows, names, func(r row, name string) string { return digits(r.allocs(name)) + " / " + digits(r.bytes(name)) })
	return b.String(), nil
}

func measureTyped(w work.Workload, o options) row {
	r := row{workload: w.Name, figures: make(map[string][]figure)}
	fs := make([]func(int), len(binders))
	for i, b := range binders {
		c := work.Open(b.app(), w.Ask(work.Peer{}))
		defer c.Close()
		fs[i] = c.Do
	}
	for i, figures := range interleave(fs, o.rounds, o.time) {
		r.figures[binders[i].name] = figures
	}
	return r
}
