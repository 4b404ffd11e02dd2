// Command conduit is the API of RealWorld's Conduit, a blog with users, profiles, articles, comments,
// tags, favorites and a feed. It was ported from Express line by line (routes_reqres.go), moves endpoint
// by endpoint (routes.go), and has arrived (routes_fetch.go):
//
//	go run -C examples/conduit . -step port
//	go run -C examples/conduit . -step both -stage canary -share 0.1
//	go run -C examples/conduit . -step done
//
// conduit_test.go asks it everything that testdata says, at each step and each stage.
package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
)

func main() {
	a := newApp()
	addr := flag.String("addr", "localhost:8080", "the address to listen on")
	step := flag.String("step", "both", "how far the service has come: port, both or done")
	flag.TextVar(&a.migration.Plan.Stage, "stage", migrate.Shadow, "the stage of what has both its sides: old, shadow, canary, live or new")
	flag.Float64Var(&a.migration.Plan.Share, "share", 0, "of the users whom new serves as a canary")
	flag.Parse()
	routes, ok := a.steps()[*step]
	if !ok {
		log.Fatalf("%q is not a step", *step)
	}
	mux, err := a.service(routes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/api/articles\n", *addr)
	log.Fatal(http.ListenAndServe(*addr, mux))
}

// app is the service and what it needs.
type app struct {
	store     *store
	tokens    tokens
	rounds    int // of hashing a password
	clock     func() time.Time
	logger    *slog.Logger
	migration migrate.Config
}

func newApp() *app {
	return &app{
		store: newStore(time.Now), tokens: tokens(rand.Text()), rounds: 600_000, clock: time.Now,
		logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), migration: migrate.Config{Key: key},
	}
}

// key keeps each user on one side; it sees what the guards have found. Who has not logged in stays on old.
func key(r *http.Request) (string, bool) {
	u := userOf(r.Context())
	return strconv.FormatInt(u.id, 10), u.id != 0
}

// steps are the ways from the first to the last line of the move.
func (a *app) steps() map[string]func(*adapt.Routes) {
	return map[string]func(*adapt.Routes){"port": a.ported, "both": a.moving, "done": a.moved}
}

// service is the mux around the routes of a step.
func (a *app) service(routes func(*adapt.Routes)) (*adapt.Mux, error) {
	policy, err := cors.New(cors.Config{Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*", "Authorization"}})
	if err != nil {
		return nil, err
	}
	config := adapt.Config{CORS: policy, Logger: a.logger, ErrorResponse: errorResponse, RequestID: "X-Request-Id"}
	return config.New(func(r *adapt.Routes) {
		r.OnEnd(adapt.RequestLog(a.logger))
		r.Scope(adapt.Scope{Prefix: "/api", Migration: a.migration}, routes)
	})
}

// noStore keeps answers with a token out of caches.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
