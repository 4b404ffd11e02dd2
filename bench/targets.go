package main

// What issue 7 asks for, as a table that the program checks. A target is for
// the medians of one run.

import (
	"fmt"
	"strings"
)

// target is a bound on a peer at a workload.
type target struct {
	workload, peer string
	to             string  // the peer whose CPU time the ratio is to; "" is the baseline
	ratio          float64 // at most
	allocs         float64 // at most; -1 says nothing
}

var targets = []target{
	{"text", "reqres (no ETag)", "", 1.5, 1},
	{"text", "fetch", "", 2, 2},
	{"parameter", "reqres (no ETag)", "", 1.3, 2},
	{"parameter", "fetch", "", 1.65, 3},
	{"small JSON", "reqres (no ETag)", "", 1.15, 2},
	{"small JSON", "fetch", "", 1.45, 4},
	{"JSON POST", "reqres (no ETag)", "", 0.95, 17},
	{"JSON POST", "fetch", "", 0.95, 19},
	{"cookies", "reqres (no ETag)", "", 0.65, 3},
	{"cookies", "fetch", "", 0.75, 4},
	{"query", "reqres (no ETag)", "", 0.75, 2},
	{"query", "fetch", "", 0.85, 3},
	{"GitHub API", "reqres (no ETag)", "", 1.5, -1},
	{"GitHub API", "fetch", "", 1.5, -1},
	{"stream 1 MiB", "reqres (no ETag)", "", 1.15, -1},
	{"stream 1 MiB", "fetch", "", 1.4, -1},
	{"1,000 events", "reqres (no ETag)", "", 1.15, -1},
	{"1,000 events", "fetch", "", 1.1, -1},
	{"small JSON", "reqres as fetch", "reqres", 3, -1},
	{"small JSON", "fetch as reqres", "fetch", 1.6, -1},
	{"small JSON", "reqres and back", "reqres", 1.3, -1},
	{"small JSON", "fetch and back", "fetch", 1.3, -1},
	{"small JSON", "reqres at Old", "reqres", 1.05, -1},
	{"small JSON", "fetch at New", "fetch", 1.05, -1},
}

// checkTargets returns the table of targets and whether each is met.
func checkTargets(rows []row) string {
	by := make(map[string]row)
	for _, r := range rows {
		by[r.workload] = r
	}
	var b strings.Builder
	b.WriteString("| workload | peer | ratio of CPU time | at most | allocations | at most | |\n|---|---|--:|--:|--:|--:|---|\n")
	line := func(workload, peer, got, limit, allocs, most string, met bool) {
		verdict := "met"
		if !met {
			verdict = "**missed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", workload, peer, got, limit, allocs, most, verdict)
	}
	for _, t := range targets {
		r, ok := by[t.workload]
		if !ok || !r.has(t.peer) {
			continue
		}
		to, of := t.to, " x "+t.to
		if to == "" {
			to, of = baseline.Name, " x"
		}
		ratio, _ := r.ratio(t.peer, to)
		allocs, most := r.allocs(t.peer), ""
		met := ratio <= t.ratio
		if t.allocs >= 0 {
			most = fmt.Sprint(t.allocs)
			met = met && allocs < t.allocs+0.5
		}
		line(t.workload, t.peer, fmt.Sprintf("%.2f", ratio), fmt.Sprint(t.ratio, of), digits(allocs), most, met)
	}
	for _, peer := range [...]string{"reqres", "fetch"} {
		if chain, ok := by["chain of five"]; ok && chain.has(peer) {
			ns, allocs := chain.added(peer)
			ns, allocs = ns/5, allocs/5
			line("each middleware", peer, fmt.Sprintf("%.1f ns", ns), "3 ns", digits(allocs), "0", ns <= 3 && allocs < 0.1)
		}
		if c, ok := by["CORS actual"]; ok && c.has(peer) {
			ns, allocs := c.added(peer)
			rs, _ := c.added(baseline.Name)
			line("CORS actual, added", peer, fmt.Sprintf("%.0f ns", ns), fmt.Sprintf("%.0f ns, what rs/cors adds", rs),
				digits(allocs), "1", ns <= rs && allocs < 1.5)
		}
		if parts, ok := by["upload 1 MiB, parts"]; ok && parts.has(peer) {
			ratio := parts.cpu(peer) / by["upload 1 MiB, form"].cpu(baseline.Name)
			line("upload 1 MiB, parts", peer, fmt.Sprintf("%.2f", ratio), "0.6 x ParseMultipartForm", digits(parts.allocs(peer)), "", ratio <= 0.6)
		}
	}
	return b.String()
}
