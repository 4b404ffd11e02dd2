package fleet_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

func TestMain(m *testing.M) { leak.Main(m) }

// replica is a process with two pairs, a canary of which has keys, and a third without.
type replica struct {
	t      *testing.T
	config fleet.Config
	f      *fleet.Follower
	pairs  map[string]*migrate.Pair
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	events []migrate.Event
}

const users, orders, keyless = "GET /users/:id", "POST /orders", "GET /health"

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// start starts a replica. Change may change its configuration first.
func start(t *testing.T, s migrate.Source, change func(*fleet.Config)) *replica {
	t.Helper()
	r := &replica{t: t, config: fleet.Config{Source: s, Log: silent, Replica: "a"}, pairs: map[string]*migrate.Pair{}}
	for _, name := range []string{users, orders, keyless} {
		c := migrate.Config{Name: name, OnEvent: r.note}
		if name != keyless {
			c.Key = migrate.HeaderKey("Key")
		}
		p, err := migrate.NewPair(c)
		if err != nil {
			t.Fatal(err)
		}
		r.pairs[name] = p
		r.config.Pairs = append(r.config.Pairs, p)
	}
	if change != nil {
		change(&r.config)
	}
	r.run()
	t.Cleanup(r.stop)
	return r
}

func (r *replica) run() {
	r.t.Helper()
	f, err := fleet.New(r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.f, r.cancel, r.done = f, cancel, make(chan struct{})
	go func() {
		defer close(r.done)
		f.Run(ctx)
	}()
}

func (r *replica) stop() {
	r.cancel()
	<-r.done
	for _, p := range r.pairs {
		_ = p.Shutdown(context.Background())
	}
}

func (r *replica) note(e migrate.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// told are the events of a kind of a pair.
func (r *replica) told(pair string, kind migrate.Kind) (all []migrate.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e.Pair == pair && e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

func (r *replica) plan(pair string) string { return r.pairs[pair].Plan().String() }

func (r *replica) followed(pair string) migrate.Followed { return *r.pairs[pair].Snapshot().Followed }

// wait lets what is under way end, and so much time pass.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// wants fails unless the pairs are at these plans.
func (r *replica) wants(when string, plans map[string]string) {
	r.t.Helper()
	for name, want := range plans {
		if got := r.plan(name); got != want {
			r.t.Errorf("%s: %s is at %s (%+v), want %s", when, name, got, r.followed(name), want)
		}
	}
}

func canary(share float64) *migrate.Plan { return &migrate.Plan{Stage: migrate.Canary, Share: share} }

func at(s migrate.Stage) *migrate.Plan { return &migrate.Plan{Stage: s} }

func document(version uint64, pairs map[string]migrate.Directive) migrate.Document {
	return migrate.Document{Version: version, Pairs: pairs}
}

// bus carries counts between the replicas of a test.
type bus struct {
	mu   sync.Mutex
	puts map[int]func(migrate.Counts)
	n    int
	cut  bool
}

func (b *bus) Publish(_ context.Context, c migrate.Counts) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut {
		return fmt.Errorf("the bus is cut")
	}
	for _, put := range b.puts {
		put(c)
	}
	return nil
}

func (b *bus) Watch(ctx context.Context, put func(migrate.Counts)) error {
	b.mu.Lock()
	if b.puts == nil {
		b.puts = map[int]func(migrate.Counts){}
	}
	b.n++
	id := b.n
	b.puts[id] = put
	b.mu.Unlock()
	<-ctx.Done()
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.puts, id)
	return nil
}
