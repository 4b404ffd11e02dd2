package planopenfeature_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/planopenfeature"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// A flag that is named like the pair says what to do with it.
func Example() {
	flags := map[string]memprovider.InMemoryFlag{"GET /users/:id": {
		State: memprovider.Enabled, DefaultVariant: "today",
		Variants: map[string]any{"today": map[string]any{"version": 1, "plan": map[string]any{"stage": "shadow"}, "by": "ada"}},
	}}
	if err := openfeature.SetNamedProviderAndWait("shop", memprovider.NewInMemoryProvider(flags)); err != nil {
		log.Fatal(err)
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Migrate("GET", "/users/:id",
			func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") },
			func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("new") })
	})
	if err != nil {
		log.Fatal(err)
	}
	source := planopenfeature.New(openfeature.NewClient("shop"), mux.Migrations())
	if err := mux.Follow(context.Background(), source, migrate.FollowConfig{}); err != nil {
		log.Fatal(err)
	}
	pair, _ := mux.Migration("GET /users/:id")
	for pair.Plan().Stage == migrate.Old {
		time.Sleep(time.Millisecond) // it is followed in the background
	}
	fmt.Println(pair.Plan(), "by", pair.Snapshot().By)
	if err := mux.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: shadow by ada
}
