package main

// watched: what a pair under watch costs none of whose requests has a shadow, at each stage and for each side,
// beside a route that serves that side in its own shape.

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
	rows, err := overLoopback(max(o.rounds/5, 3))
	if err != nil {
		return "", err
	}
	b.WriteString("\nOver loopback, by wrk with 64 connections: CPU time of the server as a ratio to the same handler served natively in the same round.\n\n")
	table(&b, rows, append([]string{"reqres, µs", "fetch, µs"}, columns...), func(r row, name string) string {
		if native, ok := strings.CutSuffix(name, ", µs"); ok {
			return digits(r.cpu(native))
		}
		m, spread := r.ratio(name, nativeOf(name))
		return fmt.Sprintf("%.2f ± %.2f", m, m*spread)
	})
	return b.String(), nil
}

// watchedMain serves every peer in one process, since two processes differ by more than a watch
// costs. /peer/… says which one.
const watchedMain = `package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	peer "github.com/crossfade-go/crossfade/bench/peer/ours"
)

func main() {
	var apps []http.Handler
	for _, p := range peer.Watched {
		apps = append(apps, p.App())
	}
	var serves atomic.Int64
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	log.Fatal(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i, ok := strings.CutPrefix(r.URL.Path, "/peer/"); ok {
			n, _ := strconv.Atoi(i)
			serves.Store(int64(n))
			return
		}
		apps[serves.Load()].ServeHTTP(w, r)
	})))
}
`

// overLoopback returns a row for each question of wire.
func overLoopback(rounds int) (rows []row, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "watched")
	if err := errors.Join(writeScripts(dir), buildServer(bin, watchedMain)); err != nil {
		return nil, err
	}
	p, err := startServer([]string{bin})
	if err != nil {
		return nil, err
	}
	defer p.stop()
	for _, q := range questions {
		rows = append(rows, row{workload: q.name, figures: make(map[string][]figure)})
	}
	for round := -1; round < rounds; round++ { // the first is to warm up
		for _, i := range rand.Perm(len(ours.Watched)) {
			name := ours.Watched[i].Name
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, rounds, name)
			res, err := http.Get(fmt.Sprintf("http://%s/peer/%d", p.addr, i))
			if err != nil {
				return nil, err
			}
			res.Body.Close()
			for j, q := range questions {
				if err := p.check(j); err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				var cpu, p99 float64
				if err := p.wrk(q.path, filepath.Join(dir, q.name+".lua"), time.Second, &cpu, &p99); err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				if round >= 0 {
					rows[j].figures[name] = append(rows[j].figures[name], figure{cpu: cpu})
				}
			}
		}
	}
	return rows, nil
}

// nativeOf returns the peer that serves the side of a watched one natively.
func nativeOf(name string) string {
	if strings.Contains(name, "new") || name == "Live" {
		return "fetch"
	}
	return "reqres"
}
