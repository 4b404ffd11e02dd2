// Package servemux serves the workloads with the router of net/http.
package servemux

import (
	"net/http"
	"regexp"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is http.ServeMux.
var Peer = work.Peer{
	Name: "ServeMux", Disjoint: true,
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		mux := http.NewServeMux()
		for _, r := range routes {
			mux.HandleFunc(r.Method+" "+pattern(r.Path), plain.Static)
		}
		return mux
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func app() http.Handler {
	mux := http.NewServeMux()
	for _, r := range plain.Routes {
		mux.HandleFunc(r.Method+" "+r.Path, r.Handler)
	}
	mux.HandleFunc("GET /users/{id}", func(w http.ResponseWriter, r *http.Request) { plain.User(w, r.PathValue("id")) })
	return mux
}

// pattern writes :name as {name} and *name as {name...}.
func pattern(path string) string {
	path = regexp.MustCompile(`:(\w+)`).ReplaceAllString(path, "{$1}")
	return regexp.MustCompile(`\*(\w+)`).ReplaceAllString(path, "{$1...}")
}
