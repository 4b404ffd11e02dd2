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
	laterOne = "PUT /carts/:id" // that the second build has, too
	bucket   = "crossfade"
	subject  = "crossfade.fleet"
)

// settings are how a replica runs. A process gets them as JSON from who starts it.
type settings struct {
	NATS  string // address of the server
	Cache string // file of what is in force; "" is none
	Build int    // 2 is the next one, with one more pair
	Alone bool   // it does not hear what the others have counted
	Poll  time.Duration
}

// replica is one process of the service. It prints its address, and ends when its standard input does,
// so that it does not outlive who started it.
func replica(ctx context.Context, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	var s settings
	if err := json.Unmarshal([]byte(os.Getenv(replicaEnv)), &s); err != nil {
		return err
	}
	r, err := begin(ctx, s)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, r.url)
	<-ctx.Done()
	return r.end()
}

// running is a replica that serves.
type running struct {
	url string
	end func() error
}

// service is what every replica serves: an endpoint on its way to a new handler, which fails so many
// requests in a hundred.
func service(build int, failing *atomic.Uint64) (*adapt.Mux, error) {
	old := func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") }
	next := func(*fetch.Request) (*fetch.Response, error) {
		if rand.Uint64N(100) < failing.Load() {
			return nil, errors.New("the new handler fails")
		}
		return fetch.Text("new")
	}
	return adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		user := migrate.Config{Key: migrate.HeaderKey("User")}
		r.Scope(adapt.Scope{Migration: user}, func(r *adapt.Routes) {
			r.Migrate("POST", "/orders/:id", old, next)
			if build == 2 {
				r.Migrate("PUT", "/carts/:id", old, next)
			}
		})
	})
}

// begin starts a replica in this process.
func begin(ctx context.Context, s settings) (*running, error) {
	var failing atomic.Uint64
	mux, err := service(s.Build, &failing)
	if err != nil {
		return nil, err
	}

	// These lines are what a service of many replicas adds.
	nc, err := nats.Connect(s.NATS, nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond), nats.RetryOnFailedConnect(true))
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	config := migrate.FollowConfig{Cache: s.Cache, Dwell: time.Second, Peers: plannats.Peers(nc, subject)}
	if s.Alone {
		config.Peers = nil
	}
	if err := mux.Follow(ctx, plannats.New(js, plannats.Config{Bucket: bucket, Poll: s.Poll}), config); err != nil {
		return nil, err
	}

	// What the story does to a replica, and asks it.
	pair, _ := mux.Migration(pairName)
	admin := http.NewServeMux()
	admin.Handle("/", mux)
	admin.HandleFunc("GET /snapshot", func(w http.ResponseWriter, r *http.Request) {
		if p, ok := mux.Migration(r.FormValue("pair")); ok {
			_ = json.NewEncoder(w).Encode(p.Snapshot())
			return
		}
		http.NotFound(w, r)
	})
	admin.HandleFunc("PUT /failing/{percent}", func(_ http.ResponseWriter, r *http.Request) {
		n, _ := strconv.ParseUint(r.PathValue("percent"), 10, 64)
		failing.Store(n)
	})
	admin.HandleFunc("GET /clock", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, time.Now().Unix()) })
	admin.HandleFunc("PUT /kill", func(http.ResponseWriter, *http.Request) { pair.Kill("by hand", "ann") })
	admin.HandleFunc("PUT /reset", func(w http.ResponseWriter, _ *http.Request) {
		if err := pair.Reset("ann"); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: admin, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return &running{"http://" + listener.Addr().String(), func() error {
		defer nc.Close()
		ending, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		requests, cancel := context.WithTimeout(ending, time.Second)
		defer cancel()
		if server.Shutdown(requests) != nil {
			server.Close() // connections on which a client has asked nothing yet
		}
		return mux.Shutdown(ending)
	}}, nil
}
