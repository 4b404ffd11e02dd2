package main

// inproc: every workload asked of every peer in this process, one after the
// other in interleaved rounds.

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

// row is the figures of one workload, one a round, by the names of the peers.
type row struct {
	workload string
	figures  map[string][]figure
	without  map[string][]figure // of the workload that this one adds to, in the same rounds
	shared   map[string]bool     // a written header value shows up in the next answer
}

func (r row) has(peer string) bool { return r.figures[peer] != nil }

func (r row) cpu(peer string) float64 {
	return r.median(peer, func(f figure) float64 { return f.cpu })
}

func (r row) bytes(peer string) float64 {
	return r.median(peer, func(f figure) float64 { return f.bytes })
}

func (r row) allocs(peer string) float64 {
	return r.median(peer, func(f figure) float64 { return f.allocs })
}

func (r row) median(peer string, value func(f figure) float64) float64 {
	var vs []float64
	for _, f := range r.figures[peer] {
		vs = append(vs, value(f))
	}
	m, _ := median(vs)
	return m
}

// ratio returns the median of what peer costs as a share of what another one costs in the same
// round, and its spread.
func (r row) ratio(peer, to string) (m, spread float64) {
	var vs []float64
	for i, f := range r.figures[peer] {
		vs = append(vs, f.cpu/r.figures[to][i].cpu)
	}
	return median(vs)
}

func runInproc(o options) (string, error) {
	runtime.GOMAXPROCS(1) // so that who leaves garbage pays for its collection
	var rows []row
	for _, w := range work.Workloads {
		if strings.HasPrefix(w.Name, o.only) {
			fmt.Fprintln(os.Stderr, w.Name)
			rows = append(rows, measureWorkload(w, o.peers, o.rounds, o.time))
		}
	}
	if !o.partial {
		if err := keep(rows); err != nil {
			return "", err
		}
		if _, err := runChart(o); err != nil {
			return "", err
		}
	}
	return tables(rows, o.peers), nil
}

func measureWorkload(w work.Workload, peers []work.Peer, rounds int, d time.Duration) row {
	r := row{w.Name, make(map[string][]figure), make(map[string][]figure), make(map[string]bool)}
	clients := open(w, peers)
	for _, other := range work.Workloads {
		if other.Name == w.Without {
			clients = append(clients, open(other, peers)...)
		}
	}
	fs := make([]func(int), len(clients))
	for i, c := range clients {
		if c != nil {
			fs[i] = c.Do
			defer c.Close()
		}
	}
	for i, figures := range interleave(fs, rounds, d) {
		name := peers[i%len(peers)].Name
		if i >= len(peers) {
			r.without[name] = figures
			continue
		}
		r.figures[name] = figures
		if c, ok := clients[i].(interface{ Shared(i int) bool }); ok {
			r.shared[name] = c.Shared(0)
		}
	}
	return r
}

// open returns a client for each peer, nil for one that has no such workload.
func open(w work.Workload, peers []work.Peer) []work.Client {
	clients := make([]work.Client, len(peers))
	for i, p := range peers {
		if app := w.App(p); app != nil {
			clients[i] = work.Open(app, w.Ask(p))
		}
	}
	return clients
}

// added returns the median of what a request costs more than without.
func (r row) added(peer string) (ns, allocs float64) {
	var nss, counts []float64
	for i, f := range r.figures[peer] {
		nss = append(nss, f.cpu-r.without[peer][i].cpu)
		counts = append(counts, f.allocs-r.without[peer][i].allocs)
	}
	ns, _ = median(nss)
	allocs, _ = median(counts)
	return ns, allocs
}
