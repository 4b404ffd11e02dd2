package migrate_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// A pair follows a plan. In a mux r.Migrate makes it; every step can be undone at once, in the running
// process.
func Example() {
	pair, err := migrate.NewPair(migrate.Config{
		Name:    "GET /accounts/:id",
		Key:     migrate.HeaderKey("X-User"),
		OnEvent: migrate.LogEvents(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime}))),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, plan := range []migrate.Plan{
		{Stage: migrate.Shadow},
		{Stage: migrate.Canary, Share: 0.05},
		{Stage: migrate.Canary, Share: 0.5},
	} {
		if err := pair.Set(plan, "ann"); err != nil {
			fmt.Println(err)
		}
	}
	pair.Kill("the support line rings", "ann")
	if err := pair.Shutdown(context.Background()); err != nil { // the events have been delivered
		fmt.Println(err)
	}
	fmt.Println("in force:", pair.Plan())
	// Output:
	// level=INFO msg="migration set" pair="GET /accounts/:id" from=old plan=shadow by=ann
	// level=INFO msg="migration set" pair="GET /accounts/:id" from=shadow plan="canary 5 %" by=ann
	// level=INFO msg="migration guard" pair="GET /accounts/:id" plan="canary 5 %" guard="watching, from 0.5 %"
	// level=INFO msg="migration set" pair="GET /accounts/:id" from="canary 5 %" plan="canary 50 %" by=ann
	// level=WARN msg="migration kill" pair="GET /accounts/:id" from="canary 50 %" plan=old wanted="canary 50 %" by=ann reason="the support line rings"
	// in force: old
}

// A canary keeps every user on one side, in every replica, and growing it moves users only from old to
// new: whose bucket is below the share is on new.
func ExampleBucket() {
	onNew := func(share float64) (n int) {
		for i := range 1000 {
			if float64(migrate.Bucket("GET /accounts/:id", fmt.Sprint("user-", i))) < share*10000 {
				n++
			}
		}
		return n
	}
	fmt.Println(onNew(0.05), "of 1000 users at 5 %,", onNew(0.5), "at 50 %")
	// Output:
	// 44 of 1000 users at 5 %, 512 at 50 %
}

// Words lists an enumeration, so that an exporter has every series before something happens.
func ExampleWords() {
	fmt.Println(migrate.Words[migrate.Outcome]())
	// Output:
	// [answered refused failed panicked broken client-gone declined]
}
