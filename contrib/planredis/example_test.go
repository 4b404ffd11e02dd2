package planredis_test

import (
	"context"
	"log"

	"github.com/redis/go-redis/v9"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/planredis"
)

// A controller moves a pair, against the version that it has seen.
func Example() {
	client := redis.NewClient(&redis.Options{Addr: "redis:6379"})
	source := planredis.New(client, planredis.Config{Key: "crossfade:shop"})
	err := source.Update(context.Background(), 12, migrate.Document{Pairs: map[string]migrate.Directive{
		"GET /users/:id": {Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.2}, By: "ada"},
	}})
	if err != nil {
		log.Fatal(err) // migrate.ErrVersion: somebody else was first
	}
}
