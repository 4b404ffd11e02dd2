package main

// watched: what a pair under watch costs none of whose requests has a shadow, at each stage and for each side,
// beside a route that serves that side in its own shape.

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/work"
)

// watchedWorkloads are those of small answers, where what a watch adds counts most.
var watchedWorkloads = []string{"static 204", "text", "parameter", "small JSON", "JSON POST"}

func runWatched(o options) (string, error) {
	runtime.GOMAXPROCS(1)
	var rows []row
	for _, w := range work.Workloads {
		for _, name := range watchedWorkloads {
			if w.Name == name && strings.HasPrefix(name, o.only) {
				rows = append(rows, measureWorkload(w, ours.Watched, o.rounds, o.time))
			}
		}
	}
	var columns []string
	for _, p := range ours.Watched[2:] {
		columns = append(columns, p.Name)
	}
	var b strings.Builder
	b.WriteString("CPU time of one request as a ratio to the same handler served natively, ± half the distance between the quartiles / allocations beyond it. ")
	b.WriteString("In the first two columns nanoseconds of the native ones.\n\n")
	table(&b, rows, append([]string{"reqres, ns", "fetch, ns"}, columns...), func(r row, name string) string {
		if native, ok := strings.CutSuffix(name, ", ns"); ok {
			return digits(r.cpu(native))
		}
		native := nativeOf(name)
		m, spread := r.ratio(name, native)
		return fmt.Sprintf("%.2f ± %.2f / %s", m, m*spread, digits(r.allocs(name)-r.allocs(native)))
	})
	if _, err := exec.LookPath("wrk"); err != nil {
		return b.String(), nil
	}
	var peers []wirePeer
	for i, p := range ours.Watched {
		peers = append(peers, wirePeer{"ours", fmt.Sprintf("peer.Watched[%d]", i), p.Name})
	}
	o.rounds, o.time = max(o.rounds/8, 3), time.Second
	servers, err := askServers(o, peers)
	if err != nil {
		return "", err
	}
	b.WriteString("\nOver loopback, as in the table of `wire`: CPU time of the server as a ratio to the same handler served natively in the same round.\n\n")
	rows = nil
	for i, q := range questions {
		r := row{workload: q.name, figures: make(map[string][]figure)}
		for _, s := range servers {
			for _, cpu := range s.cpu[i] {
				r.figures[s.name] = append(r.figures[s.name], figure{cpu: cpu})
			}
		}
		rows = append(rows, r)
	}
	table(&b, rows, append([]string{"reqres, µs", "fetch, µs"}, columns...), func(r row, name string) string {
		if native, ok := strings.CutSuffix(name, ", µs"); ok {
			return digits(r.cpu(native))
		}
		m, spread := r.ratio(name, nativeOf(name))
		return fmt.Sprintf("%.2f ± %.2f", m, m*spread)
	})
	return b.String(), nil
}

// nativeOf returns the peer that serves the side of a watched one natively.
func nativeOf(name string) string {
	if strings.Contains(name, "new") || name == "Live" {
		return "fetch"
	}
	return "reqres"
}
