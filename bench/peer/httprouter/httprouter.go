// Package httprouter serves the workloads with httprouter and nothing else: the
// measure of all ratios.
package httprouter

import (
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is httprouter with its own kind of handler.
var Peer = work.Peer{
	Name: "httprouter", Module: "github.com/julienschmidt/httprouter", Disjoint: true,
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		r := httprouter.New()
		for _, route := range routes {
			r.Handle(route.Method, route.Path, func(w http.ResponseWriter, r *http.Request, _ httprouter.Params) { plain.Static(w, r) })
		}
		return r
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func app() http.Handler {
	type params = httprouter.Params
	r := httprouter.New()
	// Direct calls, so that the measure has no call more than a handler written for httprouter.
	r.GET("/static", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Static(w, r) })
	r.GET("/text", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Text(w, r) })
	r.GET("/users/:id", func(w http.ResponseWriter, r *http.Request, ps params) { plain.User(w, ps.ByName("id")) })
	r.GET("/json", func(w http.ResponseWriter, r *http.Request, _ params) { plain.JSON(w, r) })
	r.POST("/json", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Post(w, r) })
	r.GET("/stream", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Stream(w, r) })
	r.GET("/events", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Events(w, r) })
	r.GET("/cookies", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Cookies(w, r) })
	r.POST("/upload/form", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Form(w, r) })
	r.POST("/upload/parts", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Parts(w, r) })
	r.GET("/query", func(w http.ResponseWriter, r *http.Request, _ params) { plain.Query(w, r) })
	chain := func(w http.ResponseWriter, r *http.Request, _ params) { plain.Text(w, r) }
	for range 5 {
		next := chain
		chain = func(w http.ResponseWriter, r *http.Request, ps params) { next(w, r, ps) }
	}
	r.GET("/chain", chain)
	return r
}
