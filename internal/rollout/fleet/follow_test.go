package fleet_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

type directives = map[string]migrate.Directive

// What a document wants is in force, pair by pair; what is wrong with one is its own matter.
func TestDirectives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		r := start(t, m, nil)
		wait(time.Second)
		m.Put(document(1, directives{users: {Plan: canary(0.2), By: "ada"}, orders: {Plan: at(migrate.Shadow)}, "GET /of/another/build": {Plan: at(migrate.New)}}))
		wait(time.Second)
		r.wants("at first", map[string]string{users: "canary 20 %", orders: "shadow", keyless: "old"})
		if is := r.pairs[users].Snapshot(); is.By != "ada" || is.Followed.Version != 1 || is.Followed.Source != migrate.SourceFresh || *is.Followed.Wanted != *canary(0.2) || is.Followed.Why != "" {
			t.Errorf("the snapshot says %+v, %+v", is, is.Followed)
		}

		// A document without a pair changes nothing for it.
		wait(10 * time.Second)
		m.Put(document(2, directives{orders: {Plan: canary(1)}}))
		wait(time.Second)
		r.wants("one pair moves", map[string]string{users: "canary 20 %", orders: "canary 100 %"})

		// Mistakes of one pair leave the others alone.
		wait(10 * time.Second)
		_ = m.Write([]byte(`{"version": 3, "pairs": {"GET /users/:id": {"plan": {"stage": "canary", "share": 7}}, "GET /health": {"plan": {"stage": "canary", "share": 0.1}},
			"POST /orders": {"plan": {"stage": "live"}}}}`))
		wait(time.Second)
		r.wants("mistakes", map[string]string{users: "canary 20 %", keyless: "old", orders: "live"})
		for name, want := range map[string]string{users: "outside 0 to 1", keyless: "needs Config.Key"} {
			if f := r.followed(name); !strings.Contains(f.Error, want) || f.Wrong != 1 || f.Why == "" {
				t.Errorf("%s: %+v, want an error with %q", name, f, want)
			}
			if e := r.told(name, migrate.KindSource); len(e) == 0 || !strings.Contains(e[len(e)-1].Reason, want) {
				t.Errorf("%s: told %+v, want %q", name, e, want)
			}
		}
		m.Put(document(4, directives{users: {Plan: canary(0.1)}}))
		wait(time.Second)
		r.wants("mended", map[string]string{users: "canary 10 %"})
		if f := r.followed(keyless); f.Error != "" || f.Wrong != 1 {
			t.Errorf("a mistake that is not in the document any more: %+v", f)
		}
	})
}

// A name that no pair has is told once, and a source that is well is not a warning.
func TestLogOfTheDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log, events bytes.Buffer
		p, err := migrate.NewPair(migrate.Config{Name: users, OnEvent: migrate.LogEvents(slog.New(slog.NewTextHandler(&events, nil)))})
		if err != nil {
			t.Fatal(err)
		}
		m := new(sourcetest.Memory)
		r := start(t, m, func(c *fleet.Config) {
			c.Pairs, c.Log = append(c.Pairs, p), slog.New(slog.NewTextHandler(&log, nil))
		})
		for version := range uint64(3) {
			m.Put(document(version+1, directives{"GET /user/:id": {Plan: at(migrate.Shadow)}, orders: {Plan: at(migrate.Shadow)}}))
			wait(10 * time.Second)
		}
		r.stop()
		_ = p.Shutdown(context.Background())
		if got := log.String(); strings.Count(got, `pairs="[GET /user/:id]"`) != 1 || strings.Contains(got, orders) {
			t.Errorf("the log does not name just what no pair has, once:\n%s", got)
		}
		if got := events.String(); !strings.Contains(got, "level=INFO msg=\"migration source\"") || strings.Contains(got, "WARN") {
			t.Errorf("a source that is well is a warning, or not told:\n%s", got)
		}
	})
}

// A hold of the document holds until its release, whatever else is said.
func TestHoldsOfTheDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		r := start(t, m, nil)
		p := r.pairs[users]
		version := uint64(0)
		put := func(d migrate.Directive) {
			t.Helper()
			version++
			m.Put(document(version, directives{users: d}))
			wait(10 * time.Second)
		}
		put(migrate.Directive{Plan: canary(0.5)})
		put(migrate.Directive{Hold: "wrong totals", By: "bob"})
		r.wants("held", map[string]string{users: "old"})
		if h := p.Snapshot().Document; h == nil || h.Reason != "wrong totals" || h.By != "bob" {
			t.Errorf("held by %+v", h)
		}
		if err := p.Reset("ada"); !errors.Is(err, migrate.ErrHeld) {
			t.Errorf("Reset of a pair that the document holds: %v", err)
		}
		put(migrate.Directive{Plan: at(migrate.Live)})
		put(migrate.Directive{Release: "another text"})
		m.Put(document(version, directives{}))
		r.wants("a plan, and the release of another text", map[string]string{users: "old"})
		if f := r.followed(users); f.Why != "held: wrong totals" || *f.Wanted != *at(migrate.Live) {
			t.Errorf("it says %+v", f)
		}
		// A directive that is half wrong holds all the same.
		put(migrate.Directive{Release: "wrong totals"})
		r.wants("released", map[string]string{users: "live"})
		put(migrate.Directive{Plan: canary(7), Hold: "again"})
		r.wants("held beside a plan that is wrong", map[string]string{users: "old"})
		put(migrate.Directive{Hold: "again", Release: "again"})
		r.wants("held and released in one breath", map[string]string{users: "old"})
		if f := r.followed(users); !strings.Contains(f.Error, "holds and releases") {
			t.Errorf("it says %+v", f)
		}
		put(migrate.Directive{Hold: "more", Release: "again"})
		if h := p.Snapshot().Document; h == nil || h.Reason != "more" {
			t.Errorf("held by %+v, want more", h)
		}

		// A Kill outlives every document.
		p.Kill("customers complain", "ann")
		put(migrate.Directive{Release: "more"})
		r.wants("killed", map[string]string{users: "old"})
		if err := p.Reset("ann"); err != nil {
			t.Error(err)
		}
		r.wants("reset", map[string]string{users: "live"})
	})
}

// From a source that is not well nothing is raised, and each pair says why.
func TestSourcesThatAreNotWell(t *testing.T) {
	for name, c := range map[string]struct {
		ill   func(m *sourcetest.Memory)
		state migrate.SourceState
		why   string
	}{
		"cut":     {func(m *sourcetest.Memory) { m.Cut(true) }, migrate.SourceBroken, "cut off"},
		"removed": {func(m *sourcetest.Memory) { _ = m.Write(nil) }, migrate.SourceBroken, "nothing was written"},
		"corrupt": {func(m *sourcetest.Memory) { _ = m.Write([]byte(`{"version": 9, "pairs": {`)) }, migrate.SourceBroken, "ends too soon"},
		"rewound": {func(m *sourcetest.Memory) { m.Put(document(3, directives{users: {Plan: at(migrate.New)}})) }, migrate.SourceRewound, "from version 5 to 3"},
		"forked":  {func(m *sourcetest.Memory) { m.Put(document(5, directives{users: {Plan: at(migrate.New)}})) }, migrate.SourceForked, "another content"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := new(sourcetest.Memory)
				m.Put(document(4, directives{users: {Plan: canary(0.1)}}))
				r := start(t, m, func(c *fleet.Config) { c.Dwell = time.Minute })
				wait(time.Second)
				m.Put(document(5, directives{users: {Plan: canary(0.5)}, orders: {Plan: canary(0.1)}})) // users waits for its dwell time
				wait(time.Second)
				r.wants("well", map[string]string{users: "canary 10 %", orders: "canary 10 %"})
				if f := r.followed(users); !strings.Contains(f.Why, "waits") {
					t.Errorf("before its dwell time is over it says %+v", f)
				}
				c.ill(m)
				wait(5 * time.Minute)
				r.wants("ill", map[string]string{users: "canary 10 %", orders: "canary 10 %"})
				f := r.followed(users)
				if f.Source != c.state || f.Version != 5 || f.Age < 4*time.Minute || !strings.Contains(f.Why, string(c.state)) {
					t.Errorf("it says %+v, want %s", f, c.state)
				}
				told := r.told(orders, migrate.KindSource)
				if last := told[len(told)-1]; !strings.Contains(last.Reason, c.why) || len(told) > 3 {
					t.Errorf("told %d times, last %q; want %q", len(told), last.Reason, c.why)
				}

				// Kill and Set need no source.
				r.pairs[orders].Kill("now", "ann")
				if err := r.pairs[users].Set(migrate.Plan{}, "ann"); err != nil || r.plan(users) != "old" || r.plan(orders) != "old" {
					t.Errorf("Set: %v; %s, %s", err, r.plan(users), r.plan(orders))
				}

				m.Cut(false)
				m.Put(document(6, directives{users: {Plan: canary(0.7)}}))
				wait(20 * time.Second)
				r.wants("well again", map[string]string{users: "canary 70 %", orders: "old"})
				if f := r.followed(users); f.Source != migrate.SourceFresh || f.Age > time.Minute {
					t.Errorf("it says %+v", f)
				}
			})
		})
	}
}

// mute is a source that has one document to say.
type mute struct{ migrate.Document }

func (m mute) Watch(ctx context.Context, put func(migrate.Document)) error {
	put(m.Document)
	<-ctx.Done()
	return nil
}

func TestStaleSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, mute{document(1, directives{users: {Plan: canary(0.1)}})}, nil)
		wait(119 * time.Second)
		if f := r.followed(users); f.Source != migrate.SourceFresh {
			t.Errorf("before two minutes are over the source is %s", f.Source)
		}
		wait(2 * time.Second)
		if f := r.followed(users); f.Source != migrate.SourceStale || r.plan(users) != "canary 10 %" || f.Age < 2*time.Minute {
			t.Errorf("after two minutes: %+v at %s", f, r.plan(users))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := start(t, mute{}, func(c *fleet.Config) { c.Stale = 10 * time.Second }) // a document without a version
		wait(time.Second)
		if f := r.followed(users); f.Source != migrate.SourceBroken || f.Version != 0 || f.Wanted != nil {
			t.Errorf("a document without a version: %+v", f)
		}
	})
}

// rude is a source that does what none should.
type rude struct {
	how func(ctx context.Context) error
}

func (r rude) Watch(ctx context.Context, _ func(migrate.Document)) error { return r.how(ctx) }

func TestRudeSources(t *testing.T) {
	for name, how := range map[string]func(ctx context.Context) error{
		"panics":           func(context.Context) error { panic("oh") },
		"gives up":         func(context.Context) error { return nil },
		"fails":            func(context.Context) error { return errors.New("no") },
		"ends with an err": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			r := start(t, rude{func(ctx context.Context) error { calls++; return how(ctx) }}, nil)
			wait(5 * time.Minute)
			if f := r.followed(users); f.Source != migrate.SourceBroken && f.Source != migrate.SourceStale {
				t.Errorf("%s: %+v", name, f)
			}
			if calls > 60 {
				t.Errorf("%s: called %d times in five minutes", name, calls)
			}
		})
	}
}

// A document that flaps a hundred times a second raises at most once per dwell time, and lowers at
// once.
func TestFlappingDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		r := start(t, m, nil)
		for version := uint64(1); version <= 6000; version++ {
			plan := canary(0.5)
			if version%2 == 0 {
				plan = canary(0.1)
			}
			m.Put(document(version, directives{users: {Plan: plan}}))
			wait(10 * time.Millisecond)
			if version%2 == 0 && r.plan(users) != "canary 10 %" {
				t.Fatalf("version %d lowers, and the pair is at %s", version, r.plan(users))
			}
		}
		raises := 0
		for _, e := range r.told(users, migrate.KindSet) {
			if e.To.Share > e.From.Share {
				raises++
			}
		}
		if raises > 13 || raises < 3 {
			t.Errorf("raised %d times in a minute, with a dwell time of 5 s", raises)
		}
		m.Put(document(7000, directives{users: {Plan: canary(0.9)}}))
		wait(6 * time.Second)
		r.wants("the last word", map[string]string{users: "canary 90 %"})
	})
}

// What somebody has set in one replica stays until the document wants something else of that pair.
func TestSetInOneReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{users: {Plan: canary(0.5)}}))
		r := start(t, m, nil)
		wait(10 * time.Second)
		if err := r.pairs[users].Set(migrate.Plan{}, "ann"); err != nil {
			t.Fatal(err)
		}
		m.Put(document(2, directives{users: {Plan: canary(0.5)}, orders: {Plan: canary(0.5)}}))
		wait(10 * time.Second)
		r.wants("another pair moves", map[string]string{users: "old", orders: "canary 50 %"})
		if f := r.followed(users); !strings.Contains(f.Why, "by ann") {
			t.Errorf("it says %+v", f)
		}
		m.Put(document(3, directives{users: {Plan: canary(0.6)}}))
		wait(10 * time.Second)
		r.wants("this pair moves", map[string]string{users: "canary 60 %"})
	})
}

// Two pairs of one name do the same.
func TestPairsOfOneName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{users: {Plan: at(migrate.Shadow)}}))
		var twin *migrate.Pair
		r := start(t, m, func(c *fleet.Config) {
			twin, _ = migrate.NewPair(migrate.Config{Name: users})
			c.Pairs = append(c.Pairs, twin)
		})
		wait(time.Second)
		if r.plan(users) != "shadow" || twin.Plan().String() != "shadow" {
			t.Errorf("%s and %s", r.plan(users), twin.Plan())
		}
	})
}

func TestMistakesOfTheConfiguration(t *testing.T) {
	_, err := fleet.New(fleet.Config{FollowConfig: migrate.FollowConfig{Cache: "/no/such/directory/plans.json", Stale: -1, Dwell: -1}, Log: silent})
	for _, want := range []string{"no Source", "Cache", "Stale", "Dwell"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %q", err, want)
		}
	}
	if _, err := fleet.New(fleet.Config{Source: mute{}, FollowConfig: migrate.FollowConfig{Cache: t.TempDir()}, Log: silent}); err == nil {
		t.Error("a directory is taken for a cache")
	}
}

// After the end nothing is obeyed, also where a source is slow to end.
func TestNothingAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, watching(func(ctx context.Context, put func(migrate.Document)) error {
			put(document(1, directives{users: {Plan: at(migrate.Shadow)}}))
			<-ctx.Done()
			time.Sleep(time.Second)
			put(document(2, directives{users: {Plan: at(migrate.New)}}))
			return nil
		}), nil)
		wait(10 * time.Second)
		r.stop()
		r.wants("after the end", map[string]string{users: "shadow"})
	})
}

// watching is a source of one function.
type watching func(ctx context.Context, put func(migrate.Document)) error

func (w watching) Watch(ctx context.Context, put func(migrate.Document)) error { return w(ctx, put) }
