// Command express is an Express 5 app on Node behind a mux, of which two endpoints are on their
// way: ported to reqres line by line, proved equal in shadow, and one of them then written in the
// fetch shape. It sends itself some requests and prints how far it has come:
//
//	npm ci --prefix examples/express/app
//	go run -C examples/express .
//	go run -C examples/express . -addr localhost:8080
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/origin"
	"github.com/crossfade-go/crossfade/fetch"
)

// endpoints is what app/endpoints.cjs prints of the app.
//
//go:embed app/endpoints.txt
var endpoints string

// newMux puts a mux in front of the app at url. product is the new side of GET /products/:id: the
// port, and later the handler in the fetch shape.
func newMux(url string, c migrate.Config, product fetch.Handler) (*adapt.Mux, error) {
	list, err := origin.List(strings.NewReader(endpoints))
	if err != nil {
		return nil, err
	}
	shop, err := origin.New(origin.Config{URL: url, Kind: origin.Express, Endpoints: list})
	if err != nil {
		return nil, err
	}
	c.Key = visitor
	return adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			old := r.Legacy("/", shop)
			old.Migrate("GET", "/products/:id", product)
			old.Migrate("GET", "/search", adapt.ToFetch(search))
		})
	})
}

// visitor keeps everybody on one side of a canary. Who has no cookie yet stays with Express.
func visitor(r *http.Request) (string, bool) {
	c, err := r.Cookie("visitor")
	if err != nil {
		return "", false
	}
	return c.Value, true
}

func main() {
	addr := flag.String("addr", "", "where to listen; nothing sends some requests, prints the report and ends")
	flag.Parse()
	url, stop, err := startExpress(context.Background(), "app")
	if err != nil {
		log.Fatal(err)
	}
	defer stop()
	mux, err := newMux(url, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}, adapt.ToFetch(getProduct))
	if err != nil {
		log.Fatal(err)
	}
	if *addr != "" {
		log.Fatal(http.ListenAndServe(*addr, mux))
	}
	for range 20 {
		for _, target := range []string{"/products/1", "/products/9", "/search?q=tea", "/api/orders/7"} {
			mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
		}
	}
	if err := mux.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Print(mux.Progress())
}
