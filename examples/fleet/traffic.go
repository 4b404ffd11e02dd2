package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const allUsers = 500

// balancer sends each request to the next replica that is up, and counts what clients get.
type balancer struct {
	replicas []*process
	next     atomic.Uint64
	served   atomic.Uint64
	hurt     atomic.Uint64 // clients that got a 5xx

	mu    sync.Mutex
	round int               // of watching
	sides map[string]string // who has answered a user in this round
	moved map[string]bool   // users who were answered by both
}

// order sends one request for a user, and notes who has answered: but for one that began in an
// earlier round, or while the replica was killed by hand.
func (b *balancer) order(ctx context.Context, user string) {
	round := b.now()
	for range b.replicas {
		p := b.replicas[b.next.Add(1)%uint64(len(b.replicas))]
		url, kills := p.url.Load(), p.kills.Load()
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
		if err == nil && side != "" && kills%2 == 0 && kills == p.kills.Load() {
			b.note(round, user, side)
		}
		return
	}
}

// run sends 250 requests a second of all users, one after the other, until ctx ends.
func (b *balancer) run(ctx context.Context) {
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	free := make(chan struct{}, 16)
	for i := 0; ; {
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
		user := fmt.Sprintf("user %d", i%allUsers)
		i++
		wg.Go(func() {
			defer func() { <-free }()
			b.order(ctx, user)
		})
	}
}

func (b *balancer) now() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.round
}

func (b *balancer) note(round int, user, side string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if round != b.round {
		return
	}
	if was := b.sides[user]; was != "" && was != side {
		b.moved[user] = true
	}
	b.sides[user] = side
}

// watch begins to note who answers whom.
func (b *balancer) watch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.round++
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
