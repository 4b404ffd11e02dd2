package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// balancer sends each request to the next replica that is up, and counts what clients get.
type balancer struct {
	replicas []*process
	next     atomic.Uint64
	served   atomic.Uint64
	hurt     atomic.Uint64 // clients that got a 5xx

	mu    sync.Mutex
	sides map[string]string // who has answered a user at the plan of now
	moved map[string]bool   // users who were answered by both
}

// order sends one request for a user and returns who has answered.
func (b *balancer) order(ctx context.Context, user string) (side string, err error) {
	for range b.replicas {
		url := b.replicas[b.next.Add(1)%uint64(len(b.replicas))].url.Load()
		if url == nil {
			continue
		}
		side, status, err := order(ctx, *url, user)
		if status == 0 {
			continue // it has just gone down: the next one
		}
		b.served.Add(1)
		if status >= 500 {
			b.hurt.Add(1)
		}
		return side, err
	}
	return "", nil
}

// run sends 250 requests a second of 500 users until ctx ends.
func (b *balancer) run(ctx context.Context) {
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	free := make(chan struct{}, 16)
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case free <- struct{}{}:
		default:
			continue // the machine is busy
		}
		user := fmt.Sprintf("user %d", i*7919%500)
		wg.Go(func() {
			defer func() { <-free }()
			if side, err := b.order(ctx, user); err == nil && side != "" {
				b.note(user, side)
			}
		})
	}
}

func (b *balancer) note(user, side string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if was := b.sides[user]; was != "" && was != side {
		b.moved[user] = true
	}
	b.sides[user] = side
}

// watch begins to note who answers whom.
func (b *balancer) watch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sides, b.moved = map[string]string{}, map[string]bool{}
}

// seen is how many users were answered by new, of how many, and how many by both.
func (b *balancer) seen() (ofNew, users, both int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, side := range b.sides {
		if side == "new" {
			ofNew++
		}
	}
	return ofNew, len(b.sides), len(b.moved)
}
