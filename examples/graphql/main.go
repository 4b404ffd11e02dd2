// Command graphql serves GraphQL beside endpoints of both shapes: gqlgen's server is an
// http.Handler, so it is a route like any other, and the guard that lets people into the API lets
// them into the graph.
//
//	go run -C examples/graphql .
//	curl -u ada: --json '{"query":"mutation { like(cocktail: \"negroni\") { likes mine } }"}' localhost:8080/graphql
//	curl -u ada: localhost:8080/api/cocktails/negroni
//
// After a change of schema.graphqls: go generate
package main

//go:generate go tool gqlgen generate

import (
	"context"
	"log"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/graphql/graph"
	"github.com/crossfade-go/crossfade/fetch"
)

func main() {
	mux, err := newMux(graph.NewBar("negroni", "manhattan"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}

func newMux(bar graph.Bar) (*adapt.Mux, error) {
	return adapt.New(func(r *adapt.Routes) {
		r.Guard(requireUser)
		r.Fetch.GET("/api/cocktails/:name", func(req *fetch.Request) (*fetch.Response, error) {
			c, ok := bar[req.Param("name")]
			if !ok {
				return nil, fetch.Errorf(404, "no such cocktail")
			}
			return fetch.JSON(map[string]any{"likes": c.Likes(), "mine": c.Mine(req.Context())})
		})
		// What a query may cost is the server's business; the size of its text is the mux's.
		r.Scope(adapt.Scope{Limits: adapt.Limits{Stream: 64 << 10}}, func(r *adapt.Routes) {
			r.Handle("GET", "/graphql", server(bar))
			r.Handle("POST", "/graphql", server(bar))
		})
	})
}

// requireUser is the guard of everything here: who asks reaches handlers and resolvers in the
// context.
func requireUser(r *http.Request) (context.Context, error) {
	user, _, ok := r.BasicAuth()
	if !ok || user == "" {
		return nil, crossfade.WithHeader(fetch.Errorf(401, "say who you are"), "WWW-Authenticate", `Basic realm="bar"`)
	}
	return graph.WithUser(r.Context(), user), nil
}

func server(bar graph.Bar) http.Handler {
	s := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: bar}))
	s.AddTransport(transport.GET{}) // which refuses mutations
	s.AddTransport(transport.POST{})
	s.Use(extension.FixedComplexityLimit(50))
	return s
}
