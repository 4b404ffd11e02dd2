package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

const patience = 60 * time.Second // for what takes a second or two on a machine that is not busy

// tale is the story as it is told.
type tale struct {
	ctx      context.Context
	out      io.Writer
	began    time.Time
	replicas []*process
	bus      *bus
	balancer *balancer
	err      error
}

func (t *tale) say(format string, args ...any) {
	fmt.Fprintf(t.out, "%6.1fs  %s\n", time.Since(t.began).Seconds(), fmt.Sprintf(format, args...))
}

// do does something, unless something went wrong before.
func (t *tale) do(f func() error) {
	if t.err == nil {
		t.err = f()
	}
}

// until waits until every replica for which the filter is true is as it should be.
func (t *tale) until(what string, of func(p *process) bool, is func(s migrate.Snapshot) bool) {
	t.do(func() error {
		last := ""
		for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
			good := true
			for _, p := range t.replicas {
				if !of(p) {
					continue
				}
				s, err := p.snapshot(t.ctx, pairName)
				if err != nil || !is(s) {
					good = false
					last = fmt.Sprintf("replica %d: %v, %+v, held by %+v, %+v; %v", p.number, s.Plan, s.Followed, s.Document, s.Latched, err)
				}
			}
			switch {
			case good && what == "":
				return nil
			case good:
				t.say("%s", what)
				return nil
			case time.Now().After(deadline):
				return fmt.Errorf("not seen within %v: %s; %s", patience, what, last)
			case t.ctx.Err() != nil:
				return t.ctx.Err()
			}
		}
	})
}

func (t *tale) expect(ok bool, format string, args ...any) {
	t.do(func() error {
		if !ok {
			return fmt.Errorf(format, args...)
		}
		return nil
	})
}

func (t *tale) put(d migrate.Directive) { t.do(func() error { return t.bus.put(t.ctx, d) }) }

func (t *tale) all(path string) {
	for _, p := range t.replicas {
		t.do(func() error { return p.put(t.ctx, path) })
	}
}

func (t *tale) pause(d time.Duration) {
	t.do(func() error {
		select {
		case <-t.ctx.Done():
			return t.ctx.Err()
		case <-time.After(d):
			return nil
		}
	})
}

// cached waits until the cache of a replica says that this register holds the pair.
func (t *tale) cached(p *process, register string) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(p.as.Cache)
		switch {
		case strings.Contains(string(text), `"`+register+`":`):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("the cache of replica %d says nothing of %q: %s, %v", p.number, register, text, err)
		case t.ctx.Err() != nil:
			return t.ctx.Err()
		}
	}
}

func every(p *process) bool { return p.up() }

func only(n int) func(*process) bool { return func(p *process) bool { return p.number == n } }

func but(n int) func(*process) bool { return func(p *process) bool { return p.number != n } }

func at(plan migrate.Plan) func(migrate.Snapshot) bool {
	return func(s migrate.Snapshot) bool { return s.Plan == plan }
}

// tell makes n replicas, which as starts or leaves for later, a server and a balancer with clients, and
// lets the teller tell.
func tell(ctx context.Context, out io.Writer, n int, as func(*process) error, teller func(*tale)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := &tale{ctx: ctx, out: out, began: time.Now()}
	if t.bus, err = newBus(ctx, dir); err != nil {
		return err
	}
	defer t.bus.stop()
	defer t.bus.nc.Close()
	defer func() {
		var ends sync.WaitGroup
		for _, p := range t.replicas {
			ends.Go(p.stop)
		}
		ends.Wait()
	}()
	for i := range n {
		p := newProcess(i+1, dir, t.bus.url())
		t.replicas = append(t.replicas, p)
		if err := as(p); err != nil {
			return err
		}
	}
	t.balancer = &balancer{replicas: t.replicas}
	t.balancer.watch()
	var wg sync.WaitGroup
	wg.Go(func() { t.balancer.run(ctx) })
	defer wg.Wait()
	defer cancel()
	teller(t)
	if t.err == nil {
		t.say("%d requests were served; %d clients were hurt", t.balancer.served.Load(), t.balancer.hurt.Load())
	}
	return t.err
}

// story tells it.
func story(ctx context.Context, out io.Writer) error {
	return tell(ctx, out, 5, (*process).start, func(t *tale) {
		t.say("five replicas serve %s, which nobody may run twice: a failure of new hurts a client", pairName)
		t.together()
		t.sick()
		t.without()
		t.storm()
		t.finish()
	})
}

var canary = migrate.Plan{Stage: migrate.Canary, Share: 0.2}

func (t *tale) together() {
	t.put(migrate.Directive{Plan: &migrate.Plan{Stage: migrate.Shadow}})
	t.until("one document moves all of them to shadow", every, at(migrate.Plan{Stage: migrate.Shadow}))
	t.put(migrate.Directive{Plan: &canary})
	t.until("and to a canary of 20 %", every, at(canary))
	t.balancer.watch()
	ofNew, users, both := t.allUsers()
	t.say("new answers %d of %d users; %d were answered by both sides, whichever replica they met", ofNew, users, both)
	t.expect(both == 0 && ofNew > users/10 && ofNew < users*3/10, "the canary is not what it should be")
}

// allUsers waits until each user has been answered, most of them more than once.
func (t *tale) allUsers() (ofNew, users, both int) {
	t.do(func() error {
		served := t.balancer.served.Load()
		for deadline := time.Now().Add(2 * patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			ofNew, users, both = t.balancer.seen()
			if users == allUsers && t.balancer.served.Load()-served > 2*allUsers || t.ctx.Err() != nil {
				break
			}
		}
		return t.ctx.Err()
	})
	return ofNew, users, both
}

func (t *tale) sick() {
	t.do(func() error { return t.replicas[2].put(t.ctx, "/failing/100") })
	t.until("replica 3 is sick, and goes back alone", only(3), func(s migrate.Snapshot) bool { return s.Latched != nil && s.Plan.Stage == migrate.Old })
	t.pause(3 * time.Second)
	t.until("the others stay", but(3), func(s migrate.Snapshot) bool { return s.Plan == canary && s.Document == nil })
	t.do(func() error { return t.replicas[2].put(t.ctx, "/failing/0") })
	t.do(func() error { return t.replicas[2].put(t.ctx, "/reset") })
	t.until("it was mended and reset", only(3), at(canary))
}

func (t *tale) without() {
	t.do(func() error {
		t.bus.stop()
		return nil
	})
	t.until("NATS is stopped: every replica says so, and goes on", every, func(s migrate.Snapshot) bool { return s.Plan == canary && s.Followed.Source != migrate.SourceFresh })
	t.do(func() error { return t.replicas[0].put(t.ctx, "/kill") })
	t.until("replica 1 is killed by hand, which needs nobody", only(1), func(s migrate.Snapshot) bool { return s.Held != nil && s.Plan.Stage == migrate.Old })
	t.do(func() error { return t.cached(t.replicas[0], "held") })
	t.do(func() error {
		t.replicas[0].crash()
		t.replicas[1].crash()
		if err := t.replicas[0].start(); err != nil {
			return err
		}
		return t.replicas[1].start()
	})
	t.until("replicas 1 and 2 crash and start without a source: 1 is held as before", only(1), func(s migrate.Snapshot) bool { return s.Held != nil && s.Plan.Stage == migrate.Old })
	t.until("and 2 is at the plan of before", only(2), at(canary))
	t.do(t.bus.start)
	t.until("NATS is back, and heard by all", every, func(s migrate.Snapshot) bool { return s.Followed.Source == migrate.SourceFresh })
	t.do(func() error { return t.replicas[0].put(t.ctx, "/reset") })
	t.until("replica 1 was reset", every, at(canary))
}

func (t *tale) storm() {
	t.pause(2 * time.Second)
	before := t.balancer.hurt.Load()
	t.all("/failing/50")
	t.until("a storm: half of what new answers fails everywhere, and the sum of all takes back all", every, func(s migrate.Snapshot) bool {
		return s.Plan.Stage == migrate.Old && (s.Document != nil || s.Latched != nil)
	})
	hurt := t.balancer.hurt.Load() - before
	t.say("%d clients were hurt in the storm", hurt)
	t.all("/failing/0")
}

// heldByAll waits until the hold of the fleet is known to all, and returns its text: "" where each
// replica had found out for itself before there was enough that all of them knew.
func (t *tale) heldByAll() (text string) {
	t.until("", every, func(s migrate.Snapshot) bool {
		return s.Plan.Stage == migrate.Old && (s.Document != nil || s.Latched != nil)
	})
	t.do(func() error {
		for deadline := time.Now().Add(patience / 3); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			all := true
			for _, p := range t.replicas {
				s, err := p.snapshot(t.ctx, pairName)
				if err != nil {
					return err
				}
				if all = all && s.Document != nil; all {
					text = s.Document.Reason
				}
			}
			if all {
				t.say("the hold stands in the document")
				return nil
			}
		}
		if text = ""; t.alone() {
			return nil
		}
		return errors.New("some replicas are held by the document, and others are not")
	})
	return text
}

// alone reports whether no replica is held by the document.
func (t *tale) alone() bool {
	for _, p := range t.replicas {
		if s, err := p.snapshot(t.ctx, pairName); err != nil || s.Document != nil {
			return false
		}
	}
	return true
}

// release lifts the hold of the fleet, and what single replicas have found out before.
func (t *tale) release() {
	if text := t.heldByAll(); text != "" {
		t.put(migrate.Directive{Release: text})
		t.until("somebody has looked, and releases it", every, func(s migrate.Snapshot) bool { return s.Document == nil })
	}
	for _, p := range t.replicas { // those that had tripped alone before the fleet did
		t.do(func() error {
			s, err := p.snapshot(t.ctx, pairName)
			if err == nil && s.Latched != nil {
				err = p.put(t.ctx, "/reset")
			}
			return err
		})
	}
}

func (t *tale) finish() {
	t.release()
	t.until("the canary goes on", every, at(canary))
	t.put(migrate.Directive{Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.9}})
	t.until("90 %", every, at(migrate.Plan{Stage: migrate.Canary, Share: 0.9}))
	t.pause(1500 * time.Millisecond)
	t.put(migrate.Directive{Plan: &migrate.Plan{Stage: migrate.New}})
	t.until("all of them are at new: the old handler may be deleted", every, at(migrate.Plan{Stage: migrate.New}))
}
