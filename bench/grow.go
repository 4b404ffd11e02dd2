package main

// grow: what becomes of the costs as routes, open streams and CORS origins
// become many.

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"

	"github.com/crossfade-go/crossfade/bench/peer/echo"
	"github.com/crossfade-go/crossfade/bench/peer/gin"
	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/peer/servemux"
	"github.com/crossfade-go/crossfade/bench/work"
)

func runGrow(o options) (string, error) {
	runtime.GOMAXPROCS(1)
	var b strings.Builder
	b.WriteString("**Routes.** Five to a resource, two of them static. Registering includes all checks for collisions.\n\n")
	b.WriteString(growRoutes(o))
	b.WriteString("\n**Open event streams**, over connections in memory: what one more costs, its connection and goroutines included.\n\n")
	streams, err := growStreams()
	if err != nil {
		return "", err
	}
	b.WriteString(streams)
	b.WriteString("\n**CORS origins**, the last of them asking: nanoseconds that the policy adds to an actual request.\n\n")
	b.WriteString(growOrigins(o))
	return b.String(), nil
}

var growPeers = []work.Peer{baseline, servemux.Peer, gin.Peer, echo.Peer, ours.ReqRes, ours.Fetch}

// growTable is n routes, five to a resource.
func growTable(n int) (routes []work.Route) {
	for i := 0; len(routes) < n; i++ {
		base := fmt.Sprintf("/api/v1/team%d/things%d", i%17, i)
		for _, r := range [...]work.Route{
			{Method: "GET", Path: base}, {Method: "POST", Path: base}, {Method: "GET", Path: base + "/:id"},
			{Method: "PUT", Path: base + "/:id"}, {Method: "DELETE", Path: base + "/:id"},
		} {
			if len(routes) < n {
				routes = append(routes, r)
			}
		}
	}
	return routes
}

// unknown turns requests into such that no route serves: with another path, or
// with another method.
func unknown(requests []work.Request, change func(r *work.Request)) []work.Request {
	changed := make([]work.Request, len(requests))
	for i, r := range requests {
		change(&r)
		changed[i] = r
	}
	return changed
}

func growRoutes(o options) string {
	var b strings.Builder
	b.WriteString("| routes | | register, µs each | ratio to ServeMux | memory, bytes each | look-up ns | 404 ns | 405 ns |\n|--:|---|--:|--:|--:|--:|--:|--:|\n")
	for _, n := range [...]int{10, 100, 1000, 10000} {
		fmt.Fprintln(os.Stderr, n, "routes")
		routes := growTable(n)
		found := work.Lookups(routes, 1024)
		questions := [][]work.Request{
			found,
			unknown(found, func(r *work.Request) { r.Target += "/x/y" }),
			unknown(found, func(r *work.Request) { r.Method = "PATCH" }),
		}
		var build []func(int)
		var ask [3][]func(int)
		memory := make([]float64, len(growPeers))
		for i, p := range growPeers {
			build = append(build, func(int) { p.GitHub(routes) })
			var app http.Handler
			memory[i] = retained(func() { app = p.GitHub(routes) }) / float64(n)
			for q, requests := range questions {
				c := work.Open(app, requests)
				defer c.Close()
				ask[q] = append(ask[q], c.Do)
			}
		}
		registered := row{figures: byPeer(interleave(build, o.rounds, o.time))}
		var asked [3]row
		for q := range questions {
			asked[q] = row{figures: byPeer(interleave(ask[q], o.rounds, o.time))}
		}
		for i, p := range growPeers {
			ratio, _ := registered.ratio(p.Name, "ServeMux")
			fmt.Fprintf(&b, "| %d | %s | %.2f | %.1f | %.0f | %s | %s | %s |\n", n, p.Name, registered.cpu(p.Name)/float64(n)/1e3, ratio,
				memory[i], digits(asked[0].cpu(p.Name)), digits(asked[1].cpu(p.Name)), digits(asked[2].cpu(p.Name)))
		}
	}
	return b.String()
}

func byPeer(figures [][]figure) map[string][]figure {
	m := make(map[string][]figure)
	for i, f := range figures {
		m[growPeers[i].Name] = f
	}
	return m
}

// retained returns how many bytes are in use after f that were not before.
func retained(f func()) float64 {
	runtime.GC()
	runtime.GC() // the second one empties what pools have kept over the first
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc+after.StackInuse) - float64(before.HeapAlloc+before.StackInuse)
}
