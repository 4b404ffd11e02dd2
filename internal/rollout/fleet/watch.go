package fleet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// A source that fails is called again after a while, and after a longer one each time, so that a
// thousand replicas do not all come back at once when it does.

const (
	firstWait   = 100 * time.Millisecond
	longestWait = 15 * time.Second
)

// watch calls the source until ctx ends.
func (f *Follower) watch(ctx context.Context) {
	retry(ctx, func() (good bool) {
		before := f.lastHeard()
		err := contained(func() error { return f.Source.Watch(ctx, f.take) })
		if ctx.Err() == nil {
			f.lost(err)
		}
		return f.lastHeard() != before
	})
}

// retry calls f until ctx ends, with pauses between that grow as long as f does no good.
func retry(ctx context.Context, f func() (good bool)) {
	for wait := firstWait; ctx.Err() == nil; wait = min(2*wait, longestWait) {
		if f() {
			wait = firstWait
		}
		if !sleep(ctx, wait/2+rand.N(wait/2)) {
			return
		}
	}
}

// sleep reports whether the time has passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// contained turns a panic of somebody's source into an error: a replica must not die of it.
func contained(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it panicked: %v", v)
		}
	}()
	return f()
}

func (f *Follower) lastHeard() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.heard
}

// lost notes that the source cannot go on. What is in force stays.
func (f *Follower) lost(err error) {
	if err == nil {
		err = errors.New("it ended without a reason")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.say(migrate.SourceBroken, err.Error())
}

// clock does what is due by the clock until ctx ends.
func (f *Follower) clock(ctx context.Context) {
	tick := time.NewTicker(max(10*time.Millisecond, min(f.Dwell/4, f.Stale/4, 250*time.Millisecond)))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			f.tick(now)
			f.save()
		}
	}
}
