package migrate_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// A hook that blocks holds up nobody; what finds the queue full is counted, and the next event says so.
func TestSlowHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var got, lost uint64
		p := newPair(t, migrate.Config{OnEvent: func(e migrate.Event) {
			<-release
			got++
			lost += e.Lost
		}})
		const kills = 1000
		for range kills {
			p.Kill("again") // returns although the hook does not
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "OnEvent") {
			t.Errorf("Shutdown beside a hook that blocks: %v", err)
		}
		close(release)
		synctest.Wait()
		p.Kill("last")
		if err := p.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		dropped := p.Snapshot().LostEvents
		if got+lost != kills+1 || lost != dropped || got > 260 || got < 256 {
			t.Errorf("%d events delivered, %d told lost, %d counted lost, of %d", got, lost, dropped, kills+1)
		}
	})
}

func TestHookThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, fail := range map[string]func(){"panics": func() { panic("x") }, "exits": runtime.Goexit} {
			calls := 0
			p := newPair(t, migrate.Config{OnEvent: func(migrate.Event) { calls++; fail() }})
			for range 3 {
				p.Kill("x")
			}
			if err := p.Shutdown(t.Context()); err != nil || calls != 3 {
				t.Errorf("a hook that %s got %d of 3 events; Shutdown: %v", name, calls, err)
			}
			p.Kill("x")
			synctest.Wait()
			if calls != 4 {
				t.Errorf("a hook that %s is not called any more", name)
			}
		}
	})
}

// A hook may use the pair it hears of.
func TestHookMayActOnThePair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kinds []string
		var p *migrate.Pair
		p = newPair(t, migrate.Config{OnEvent: func(e migrate.Event) {
			kinds = append(kinds, string(e.Kind))
			p.Snapshot()
			if e.Kind == migrate.KindSet {
				p.Kill("I do not like it")
			}
		}})
		if err := p.Set(migrate.Plan{Stage: migrate.New}, "ann"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := strings.Join(kinds, " "); got != "set kill" || p.Plan().Stage != migrate.Old {
			t.Errorf("events %q, plan %v", got, p.Plan())
		}
	})
}
