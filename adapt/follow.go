package adapt

// A mux can follow a document of plans, as all its replicas do. What that means is decided in
// internal/rollout/fleet; here it is tied to the life of a mux.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

// following is whether a mux follows a source.
type following struct {
	mu   sync.Mutex
	over bool // Shutdown was called
	stop context.CancelFunc
	done chan struct{} // closed when it has ended; nil: it follows nothing

	follower *fleet.Follower
}

var (
	errSecondFollow = errors.New("adapt: the mux follows a source already; put all plans into one document")
	errFollowLate   = errors.New("adapt: Follow was called after Shutdown")
)

// Follow makes the pairs of the mux do what the document of a source says, as every other replica
// does. Plans and holds of the cache are in force when it returns. It does not wait for the source,
// and follows it in the background until ctx ends or Shutdown is called. The error tells every
// mistake in the configuration. A mux follows at most one source, and only once.
//
// The newest version decides, never a clock. A step towards Old is in force at once, a step towards
// New at most once per FollowConfig.Dwell. While the source is silent, broken or has gone back to
// an older version everything stays as it is, nothing is raised, and each pair says so in an event
// (KindSource) and in its Snapshot, which also tells what is wanted and why it is not in force. A
// directive that is wrong changes nothing for its pair; the others follow. Kill needs none of it.
func (m *Mux) Follow(ctx context.Context, s migrate.Source, c migrate.FollowConfig) error {
	f := &m.following
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.over:
		return errFollowLate
	case f.done != nil:
		return errSecondFollow
	}
	follower, err := fleet.New(fleet.Config{FollowConfig: c, Source: s, Pairs: slices.Collect(m.Migrations()),
		Log: internal{}.Logger(m), Replica: replica()})
	if err != nil {
		return err
	}
	ctx, f.stop = context.WithCancel(ctx)
	f.follower, f.done = follower, make(chan struct{})
	go func() {
		defer close(f.done)
		follower.Run(ctx)
	}()
	return nil
}

// end stops following and waits until that has ended.
func (f *following) end(ctx context.Context) error {
	f.mu.Lock()
	f.over = true
	stop, done := f.stop, f.done
	f.mu.Unlock()
	if done == nil {
		return nil
	}
	stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("adapt: the source that the mux follows has not ended: %w", context.Cause(ctx))
	}
}

// replica names this process among its peers: another one after each start.
func replica() string {
	host, err := os.Hostname()
	if err != nil {
		host = "replica"
	}
	return fmt.Sprintf("%s-%08x", host, rand.Uint32())
}
