// Command cocktails is a small service on its way from one handler shape to the
// other: some of its endpoints are old (reqres, as in Express), some are new
// (fetch, as in a Next.js Route Handler), one is both and can be switched while
// the service runs, and all of them share one table, one login and one process.
//
//	go run -C examples/cocktails .          # serve it
//	go run -C examples/cocktails . -story   # watch an endpoint migrate, in a minute
//
// Read routes.go first: it is the whole service on one page. Then cocktail.go,
// the endpoint that exists in both shapes, and migration.go, which switches it.
// The rest is one idea a file:
//
//	login.go      old: log in and out
//	search.go     old: search by ingredient
//	like.go       old: like a cocktail; walkthrough.diff makes it new
//	cocktails.go  new: the list, and a random one
//	events.go     new: the stream of likes
//	session.go    the guards that both shapes stand behind
//	page.go       net/http: the web page and the health check
//	migrations.go who sees the page about the migration, /admin/migrations
//	run.go        flags, server, time-outs, the end; banner.go says what is served
//	store.go      the database; seed.go fills it, users.go has who may log in
//	story.go      a migration from start to end under traffic (traffic.go), with
//	              what goes wrong in one (faults.go), told by narrator.go with
//	              the help of the log (chronicle.go)
//
// By default the database is in memory and starts afresh each time; -db keeps it
// in a file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "cocktails:", err)
		os.Exit(1)
	}
}
