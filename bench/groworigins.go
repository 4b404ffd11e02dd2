package main

// What a CORS policy adds to a request, by how many origins it has.

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/bench/peer/httprouter"
	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

func growOrigins(o options) string {
	var b strings.Builder
	b.WriteString("| origins | httprouter with rs/cors | fetch |\n|--:|--:|--:|\n")
	for _, n := range [...]int{1, 10, 100, 1000} {
		var origins []string
		for i := range n {
			origins = append(origins, fmt.Sprintf("https://tenant-%d.example.com", i))
		}
		request := []work.Request{{Method: "GET", Target: "/text", Header: http.Header{"Origin": {origins[n-1]}}}}
		var fs []func(int)
		for _, app := range [...]http.Handler{
			httprouter.Peer.App(), plain.WithOrigins(httprouter.Peer.App(), origins),
			ours.Fetch.App(), ours.WithOrigins(origins),
		} {
			c := work.Open(app, request)
			defer c.Close()
			fs = append(fs, c.Do)
		}
		f := interleave(fs, 2*o.rounds, o.time)
		r := row{
			figures: map[string][]figure{"rs/cors": f[1], "ours": f[3]},
			without: map[string][]figure{"rs/cors": f[0], "ours": f[2]},
		}
		rs, _ := r.added("rs/cors")
		ours, _ := r.added("ours")
		fmt.Fprintf(&b, "| %d | %.0f | %.0f |\n", n, rs, ours)
	}
	return b.String()
}
