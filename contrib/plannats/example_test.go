package plannats_test

import (
	"context"
	"log"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/plannats"
)

// Every replica follows one key, and learns what the others have counted.
func Example() {
	ctx := context.Background()
	nc, err := nats.Connect(nats.DefaultURL, nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true))
	if err != nil {
		log.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		log.Fatal(err)
	}
	mux, err := adapt.New()
	if err != nil {
		log.Fatal(err)
	}
	source := plannats.New(js, plannats.Config{Bucket: "crossfade", Key: "shop"})
	if err := mux.Follow(ctx, source, migrate.FollowConfig{Peers: plannats.Peers(nc, "crossfade.shop")}); err != nil {
		log.Fatal(err)
	}

	// A controller moves a pair, against the version that it has seen.
	err = source.Update(ctx, 12, migrate.Document{Pairs: map[string]migrate.Directive{
		"GET /users/:id": {Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.2}, By: "ada"},
	}})
	if err != nil {
		log.Fatal(err) // migrate.ErrVersion: somebody else was first
	}
}
