// Package graph answers the queries of the schema. This file is written by hand, the other one by
// gqlgen.
package graph

import (
	"context"
	"fmt"
	"sync"
)

// Cocktail is the type of the schema; what it says of who asks is a resolver's.
type Cocktail struct {
	Name string

	mu      sync.Mutex
	likedBy map[string]bool
}

// Likes is how many people like it.
func (c *Cocktail) Likes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.likedBy)
}

// Mine is whether the user of ctx likes it.
func (c *Cocktail) Mine(ctx context.Context) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.likedBy[UserOf(ctx)]
}

// Bar is what there is to drink. It is the root of the resolvers.
type Bar map[string]*Cocktail

// NewBar returns a bar that has these cocktails.
func NewBar(names ...string) Bar {
	bar := Bar{}
	for _, name := range names {
		bar[name] = &Cocktail{Name: name, likedBy: map[string]bool{}}
	}
	return bar
}

// Query is part of the generated ResolverRoot.
func (b Bar) Query() QueryResolver { return queries{b} }

// Mutation is part of the generated ResolverRoot.
func (b Bar) Mutation() MutationResolver { return mutations{b} }

type queries struct{ Bar }

func (q queries) Cocktail(_ context.Context, name string) (*Cocktail, error) { return q.Bar[name], nil }

type mutations struct{ Bar }

func (m mutations) Like(ctx context.Context, name string) (*Cocktail, error) {
	c := m.Bar[name]
	if c == nil {
		return nil, fmt.Errorf("there is no %q here", name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.likedBy[UserOf(ctx)] = true
	return c, nil
}

type userKey struct{}

// WithUser returns a context of a request of user.
func WithUser(ctx context.Context, user string) context.Context {
	return context.WithValue(ctx, userKey{}, user)
}

// UserOf is who asks.
func UserOf(ctx context.Context) string {
	user, _ := ctx.Value(userKey{}).(string)
	return user
}
