package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

// A canary keeps every user on one side, in every replica. Growing it moves users only from old to new, and Kill moves
// everybody back at once.
func Example() {
	pair, err := migrate.NewPair(migrate.Config{
		Name: "GET /accounts/:id",
		Key:  migrate.HeaderKey("X-User"),
		Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.05},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	onNew := func() (n int) {
		for i := range 1000 {
			r := httptest.NewRequest("GET", "/accounts/1", nil)
			r.Header.Set("X-User", fmt.Sprint("user-", i))
			if pair.Decide(r).Side == migrate.NewSide {
				n++
			}
		}
		return n
	}
	fmt.Println(pair.Plan(), "serves", onNew(), "of 1000 users by new")
	if err := pair.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}, "ann"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(pair.Plan(), "serves", onNew(), "of 1000 users by new")
	pair.Kill("the support line rings")
	fmt.Println(pair.Plan(), "serves", onNew(), "of 1000 users by new")
	// Output:
	// canary 5 % serves 44 of 1000 users by new
	// canary 50 % serves 512 of 1000 users by new
	// old serves 0 of 1000 users by new
}

// What package adapt does with a request: it asks who serves, calls that side, and tells what came of it. The fifth panic
// of new in a row takes the pair back to old, until somebody has looked and calls Reset.
func ExamplePair_Observe() {
	pair, err := migrate.NewPair(migrate.Config{Name: "GET /report", Plan: migrate.Plan{Stage: migrate.Live}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 6 {
		decision := pair.Decide(httptest.NewRequest("GET", "/report", nil))
		outcome := migrate.Answered
		if decision.Side == migrate.NewSide {
			outcome = migrate.Panicked // the new handler is broken today
		}
		pair.Observe(decision, decision.Side, outcome)
		fmt.Println(decision.Side, outcome)
	}
	latch := pair.Snapshot().Latch
	fmt.Println("plan", pair.Plan(), "because of", latch.Trip.Reason, latch.Trip.New)

	err = pair.Set(migrate.Plan{Stage: migrate.New}, "ann")
	fmt.Println(errors.Is(err, migrate.ErrTripped), pair.Reset("ann"), pair.Plan())
	// Output:
	// new panicked
	// new panicked
	// new panicked
	// new panicked
	// new panicked
	// old answered
	// plan old because of panics 5 of 5
	// true <nil> live
}

// A shadow run, as package adapt makes one: the answers are compared after the request, elsewhere, and the event names the
// place, not the value.
func ExamplePair_TryShadow() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	pair, err := migrate.NewPair(migrate.Config{
		Name:    "GET /cocktails/:id",
		Plan:    migrate.Plan{Stage: migrate.Shadow},
		OnEvent: migrate.LogEvents(logger),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := func(body string) parity.Message {
		return parity.Message{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	}

	r := httptest.NewRequest("GET", "/cocktails/7", nil)
	decision := pair.Decide(r)
	run, _ := pair.TryShadow(decision, r)
	defer run.Skip(migrate.SkipServerBroke) // gives the slot back if the old handler panics

	served := answer(`{"name":"Negroni","price":9.5}`) // the old handler answers the client
	run.Go(r.Context(), served, func(context.Context) parity.Message {
		return answer(`{"name":"Negroni","price":"9.50"}`) // the new handler answers nobody
	})
	if err := pair.Shutdown(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// level=WARN msg="migration mismatch" pair="GET /cocktails/:id" plan=shadow count=1 shadow=new differences="[body.price type number→string]"
	// level=INFO msg="migration summary" pair="GET /cocktails/:id" plan=shadow offered=1 skipped=map[] results=map[different:1]
}

// Which failures of new old answers for.
func ExampleAttempt_Verdict() {
	for _, a := range []migrate.Attempt{
		{Method: "GET", Outcome: migrate.Panicked, Replayable: true},
		{Method: "GET", Outcome: migrate.Panicked, Replayable: true, Committed: true},
		{Method: "POST", Outcome: migrate.Failed, Replayable: true},
		{Method: "POST", Outcome: migrate.Declined, Replayable: true},
	} {
		fmt.Println(a.Method, a.Outcome, "committed:", a.Committed, "->", a.Verdict(migrate.FallbackSafe))
	}
	// Output:
	// GET panicked committed: false -> run
	// GET panicked committed: true -> committed
	// POST failed committed: false -> unsafe
	// POST declined committed: false -> run
}
