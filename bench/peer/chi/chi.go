// Package chi serves the workloads with chi.
package chi

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is chi with handlers of net/http, as its users write them.
var Peer = work.Peer{
	Name: "chi", Module: "github.com/go-chi/chi/v5",
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		r := chi.NewRouter()
		for _, route := range routes {
			path, _, _ := strings.Cut(route.Path, "*")
			if path != route.Path {
				path += "*" // has no name
			}
			r.MethodFunc(route.Method, regexp.MustCompile(`:(\w+)`).ReplaceAllString(path, "{$1}"), plain.Static)
		}
		return r
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func app() http.Handler {
	r := chi.NewRouter()
	for _, route := range plain.Routes {
		if route.Path != "/chain" {
			r.MethodFunc(route.Method, route.Path, route.Handler)
		}
	}
	r.Get("/users/{id}", func(w http.ResponseWriter, r *http.Request) { plain.User(w, chi.URLParam(r, "id")) })
	r.Group(func(r chi.Router) {
		for range 5 {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
			})
		}
		r.Get("/chain", plain.Text)
	})
	return r
}
