package main

// The tables of inproc, in Markdown: workloads down, peers across.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/bench/work"
)

func tables(rows []row, peers []work.Peer) string {
	var foreign, ours []string
	for _, p := range peers {
		switch p.Name {
		case "reqres", "reqres (no ETag)", "fetch":
			foreign = append(foreign, p.Name) // beside the peers
		default:
			if slices.ContainsFunc(others, func(o work.Peer) bool { return o.Name == p.Name }) {
				foreign = append(foreign, p.Name)
			} else {
				ours = append(ours, p.Name)
			}
		}
	}
	var b strings.Builder
	b.WriteString("CPU time of one request as a ratio to raw httprouter, in the first column in nanoseconds. " + spreads(rows) + "\n\n")
	table(&b, rows, append([]string{"ns"}, foreign...), func(r row, peer string) string {
		if peer == "ns" {
			return digits(r.cpu(baseline.Name))
		}
		m, _ := r.ratio(peer, baseline.Name)
		return fmt.Sprintf("%.2f", m)
	})
	b.WriteString("\nAllocations / bytes of one request. † The answer has header slices that the next answer has too: " +
		"who writes into them spoils it.\n\n")
	table(&b, rows, foreign, func(r row, peer string) string {
		mark := ""
		if r.shared[peer] {
			mark = " †"
		}
		return digits(r.allocs(peer)) + " / " + digits(r.bytes(peer)) + mark
	})
	if len(ours) > 0 {
		b.WriteString("\nConversions and migrations: CPU time as a ratio to the same handler served natively / allocations beyond it.\n\n")
		table(&b, rows, ours, func(r row, peer string) string {
			native, _, _ := strings.Cut(peer, " ")
			if !r.has(native) {
				return ""
			}
			m, _ := r.ratio(peer, native)
			return fmt.Sprintf("%.2f / %s", m, digits(r.allocs(peer)-r.allocs(native)))
		})
	}
	b.WriteString("\nTargets.\n\n" + checkTargets(rows))
	return b.String()
}

func table(b *strings.Builder, rows []row, columns []string, show func(r row, column string) string) {
	fmt.Fprintf(b, "| | %s |\n|---|%s\n", strings.Join(columns, " | "), strings.Repeat("--:|", len(columns)))
	for _, r := range rows {
		fmt.Fprintf(b, "| %s |", r.workload)
		for _, c := range columns {
			text := ""
			if strings.HasSuffix(c, "ns") || strings.HasSuffix(c, "µs") || r.has(c) {
				text = show(r, c)
			}
			fmt.Fprintf(b, " %s |", text)
		}
		b.WriteByte('\n')
	}
}

// spreads says how far the rounds are apart.
func spreads(rows []row) string {
	var all []float64
	for _, r := range rows {
		for peer := range r.figures {
			if r.has(peer) && peer != baseline.Name {
				_, s := r.ratio(peer, baseline.Name)
				all = append(all, s)
			}
		}
	}
	slices.Sort(all)
	if len(all) == 0 {
		return ""
	}
	at := func(q float64) float64 { return 100 * all[int(q*float64(len(all)-1))] }
	return fmt.Sprintf("Half the distance between the quartiles is %.0f %% of a ratio in the median cell and at most %.0f %% in nine of ten.", at(0.5), at(0.9))
}

// digits writes a figure with as many digits as matter.
func digits(v float64) string {
	switch {
	case v > -0.05 && v < 0.05:
		return "0"
	case v >= 1e6:
		return fmt.Sprintf("%.2fm", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%.1fk", v/1e3)
	case v > -10 && v < 10 && (v-float64(int(v)) > 0.05 && v-float64(int(v)) < 0.95):
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}
