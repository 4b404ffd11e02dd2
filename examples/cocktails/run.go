package main

// From the flags to the last byte. run is main without the process: the tests
// start it as main does.

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// app is what the handlers share.
type app struct {
	log   *slog.Logger
	store *store
	likes *hub

	pair      *migrate.Pair // both sides of GET /api/cocktails/:id
	next      fetch.Handler // the new one: newCocktail, unless the story breaks it
	migration migrate.Config
}

// newApp opens the database. The caller closes the store.
func newApp(ctx context.Context, db string, log *slog.Logger) (*app, error) {
	s, err := openStore(ctx, db)
	if err != nil {
		return nil, err
	}
	a := &app{log: log, store: s, likes: newHub(), migration: migration(log)}
	a.next = a.newCocktail
	return a, nil
}

// grace is how long requests that are under way may take at least once the end has come.
const grace = 10 * time.Second

// run serves until ctx ends, and then until the last request is answered. It
// prints for people to stdout and logs to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("cocktails", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "localhost:8080", "where to listen; port 0 picks a free one")
	db := flags.String("db", "", "file of the database, made if there is none (default in memory)")
	timeout := flags.Duration("timeout", 15*time.Second, "longest time for a request to arrive and its answer to be sent; streams may take longer")
	story := flags.Bool("story", false, "tell how an endpoint migrates, with a port, a database and traffic of its own, and end")
	pace := flags.Duration("pace", 7*time.Second, "with -story: how long each stage takes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: there are only flags, see -help", flags.Arg(0))
	}

	if *story {
		var own error
		flags.Visit(func(f *flag.Flag) {
			if f.Name == "addr" || f.Name == "db" {
				own = fmt.Errorf("-story has a port and a database of its own: leave out -%s", f.Name)
			}
		})
		if own != nil {
			return own
		}
		return tellStory(ctx, stdout, *pace, *timeout)
	}
	a, err := newApp(ctx, *db, slog.New(slog.NewTextHandler(stderr, nil)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.store.Close()) }()
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	mux, err := a.mux()
	if err != nil {
		return errors.Join(err, ln.Close()) // every collision at once
	}
	banner(stdout, ln.Addr(), mux)
	return serve(ctx, a.server(mux, *timeout), ln, mux)
}

func (a *app) mux() (*adapt.Mux, error) {
	return adapt.Config{Logger: a.log, Limits: adapt.Limits{Body: 16 << 10}}.New(a.routes)
}

func (a *app) server(mux *adapt.Mux, timeout time.Duration) *http.Server {
	srv := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: timeout,
		ReadTimeout:       timeout,
		WriteTimeout:      timeout,
		IdleTimeout:       8 * timeout,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	// Streams never end by themselves, so the server tells them when to.
	srv.RegisterOnShutdown(a.likes.close)
	return srv
}

// serve ends in order: no new connections, then no streams, then the requests
// under way, then the work that answers have left behind.
func serve(ctx context.Context, srv *http.Server, ln net.Listener, mux *adapt.Mux) error {
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(grace, srv.WriteTimeout))
	defer cancel()
	err := srv.Shutdown(ending)
	if err != nil {
		err = errors.Join(err, srv.Close()) // whoever is still there is cut off
	}
	return errors.Join(err, mux.Shutdown(ending))
}
