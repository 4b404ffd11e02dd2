package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/plannats"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

const (
	pairName = "POST /orders/:id"
	bucket   = "crossfade"
	subject  = "crossfade.fleet"
)

// replica is one process of the service. It prints its address, and ends when its standard input does,
// so that it does not outlive who started it.
func replica(ctx context.Context, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()

	var failing atomic.Uint64 // of new, in percent
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		user := migrate.Config{Key: migrate.HeaderKey("User")}
		r.Scope(adapt.Scope{Migration: user}, func(r *adapt.Routes) {
			r.Migrate("POST", "/orders/:id",
				func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") },
				func(*fetch.Request) (*fetch.Response, error) {
					if rand.Uint64N(100) < failing.Load() {
						return nil, errors.New("the new handler fails")
					}
					return fetch.Text("new")
				})
		})
	})
	if err != nil {
		return err
	}

	// These lines are what a service of many replicas adds.
	nc, err := nats.Connect(os.Getenv("FLEET_NATS"), nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond), nats.RetryOnFailedConnect(true))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	err = mux.Follow(ctx, plannats.New(js, plannats.Config{Bucket: bucket}), migrate.FollowConfig{
		Cache: os.Getenv("FLEET_CACHE"), Dwell: time.Second, Peers: plannats.Peers(nc, subject)})
	if err != nil {
		return err
	}

	// What the story does to a replica, and asks it.
	pair, _ := mux.Migration(pairName)
	admin := http.NewServeMux()
	admin.Handle("/", mux)
	admin.HandleFunc("GET /snapshot", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(pair.Snapshot()) })
	admin.HandleFunc("PUT /failing/{percent}", func(_ http.ResponseWriter, r *http.Request) {
		n, _ := strconv.ParseUint(r.PathValue("percent"), 10, 64)
		failing.Store(n)
	})
	admin.HandleFunc("PUT /kill", func(http.ResponseWriter, *http.Request) { pair.Kill("by hand", "ann") })
	admin.HandleFunc("PUT /reset", func(w http.ResponseWriter, _ *http.Request) {
		if err := pair.Reset("ann"); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: admin, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	fmt.Fprintln(out, "http://"+listener.Addr().String())

	<-ctx.Done()
	ending, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(server.Shutdown(ending), mux.Shutdown(ending))
}
