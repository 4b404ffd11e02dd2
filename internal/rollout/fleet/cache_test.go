package fleet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

var inside = migrate.Internal(door.Key())

// A replica that starts again, with no source, does what it did.
func TestRestart(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	caching := func(c *fleet.Config) { c.Cache = cache }
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(7, directives{users: {Plan: canary(0.3), By: "ada"}, orders: {Plan: at(migrate.Live)}, keyless: {Plan: at(migrate.Live), Hold: "no"}}))
		r := start(t, m, caching)
		wait(time.Second)
		inside.TripByFleet(r.pairs[orders], migrate.Trip{At: time.Now(), Reason: migrate.TripErrors, New: migrate.Share{Bad: 9, Of: 10}})
		wait(2 * time.Second)
	})
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Cut(true)
		r := start(t, m, caching)
		// At once, before anything is heard of the source.
		r.wants("again", map[string]string{users: "canary 30 %", orders: "old", keyless: "old"})
		is := r.pairs[orders].Snapshot()
		if is.Latched == nil || is.Latched.Reason != migrate.TripErrors || is.Latched.New.Bad != 9 || is.Wanted != *at(migrate.Live) {
			t.Errorf("what had tripped: %+v", is)
		}
		if h := r.pairs[keyless].Snapshot().Document; h == nil || h.Reason != "no" {
			t.Errorf("what was held: %+v", h)
		}
		if f := r.followed(users); f.Version != 7 || f.Source != migrate.SourceUnheard && f.Source != migrate.SourceBroken || f.Wanted == nil {
			t.Errorf("it says %+v", f)
		}

		// An older document is older, also after a restart.
		m.Cut(false)
		m.Put(document(6, directives{users: {Plan: at(migrate.New)}}))
		wait(20 * time.Second)
		r.wants("an older document", map[string]string{users: "canary 30 %"})
		if f := r.followed(users); f.Source != migrate.SourceRewound {
			t.Errorf("it says %+v", f)
		}
		r.pairs[users].Kill("customers complain", "ann")
		wait(2 * time.Second)
		if err := r.pairs[orders].Reset("ann"); err != nil {
			t.Fatal(err)
		}
		wait(2 * time.Second)
	})
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(7, directives{users: {Plan: canary(0.3), By: "ada"}, orders: {Plan: at(migrate.Live)}, keyless: {Plan: at(migrate.Live), Hold: "no"}}))
		r := start(t, m, caching)
		wait(10 * time.Second)
		r.wants("a third time", map[string]string{users: "old", orders: "live", keyless: "old"})
		if h := r.pairs[users].Snapshot().Held; h == nil || h.Reason != "customers complain" || h.By != "ann" {
			t.Errorf("what was killed: %+v", h)
		}
		if f := r.followed(users); f.Source != migrate.SourceFresh {
			t.Errorf("the document of before: %+v", f)
		}
	})
	if left, _ := filepath.Glob(cache + ".*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// What waits for its dwell time waits on after a restart, and what the code wants is not in the
// cache.
func TestRestartWhileAPlanWaits(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	caching := func(c *fleet.Config) { c.Cache, c.Dwell = cache, time.Hour }
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(1, directives{users: {Plan: canary(0.1)}}))
		r := start(t, m, caching)
		wait(time.Second)
		m.Put(document(2, directives{users: {Plan: canary(0.2)}}))
		wait(2 * time.Second)
		r.wants("waiting", map[string]string{users: "canary 10 %"})
		if err := r.pairs[orders].Set(*at(migrate.Shadow), "the code"); err != nil {
			t.Fatal(err)
		}
		wait(2 * time.Second)
	})
	synctest.Test(t, func(t *testing.T) {
		r := start(t, mute{document(2, directives{users: {Plan: canary(0.2)}})}, caching)
		wait(time.Second)
		r.wants("again", map[string]string{users: "canary 20 %", orders: "old"})
	})
}

// Two builds may use one cache, one after the other: what only one of them knows is kept.
func TestCacheOfAnotherBuild(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	text := `{"version": 3, "pairs": {"GET /gone": {"wanted": {"stage": "live"}, "held": {"at": "2026-01-02T03:04:05Z", "reason": "kept"}}}}`
	if err := os.WriteFile(cache, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(4, directives{users: {Plan: canary(0.1)}}))
		start(t, m, func(c *fleet.Config) { c.Cache = cache })
		wait(3 * time.Second)
	})
	now, err := os.ReadFile(cache)
	if err != nil || !strings.Contains(string(now), `"reason":"kept"`) || !strings.Contains(string(now), `"version":4`) {
		t.Errorf("the cache is %s, %v", now, err)
	}
}

// What cannot be read of one pair takes no hold away from another one.
func TestCacheOfAPairThatCannotBeRead(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	text := `{"version": 3, "pairs": {"GET /users/:id": {"wanted": {"stage": "bananas"}}, "POST /orders": {"wanted": {"stage": "live"}, "held": {"at": "2026-01-02T03:04:05Z", "reason": "wrong totals"}}}}`
	if err := os.WriteFile(cache, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(4, directives{orders: {Plan: at(migrate.New)}, users: {Plan: canary(0.1)}}))
		r := start(t, m, func(c *fleet.Config) { c.Cache = cache })
		wait(3 * time.Second)
		r.wants("after the start", map[string]string{orders: "old", users: "canary 10 %"})
		if h := r.pairs[orders].Snapshot().Held; h == nil || h.Reason != "wrong totals" {
			t.Errorf("what was killed: %+v", h)
		}
	})
}

// A cache that cannot be read is as none, and one that cannot be written harms nobody.
func TestBadCaches(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "half": `{"version": 3, "pai`, "another": `[]`, "plan": `{"version": 1, "pairs": {"GET /users/:id": {"wanted": {"stage": "bananas"}}}}`,
		"share": `{"version": 1, "pairs": {"GET /users/:id": {"wanted": {"stage": "canary", "share": 7}, "said": {"stage": "canary", "share": 7}}}}`, "null": `null`} {
		dir := t.TempDir()
		cache := filepath.Join(dir, "plans.json")
		if err := os.WriteFile(cache, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			m := new(sourcetest.Memory)
			m.Put(document(2, directives{users: {Plan: canary(0.1)}}))
			r := start(t, m, func(c *fleet.Config) { c.Cache = cache })
			wait(3 * time.Second)
			r.wants(name, map[string]string{users: "canary 10 %"})
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			m.Put(document(3, directives{users: {Plan: at(migrate.Old)}}))
			wait(3 * time.Second)
			r.wants(name+", and its directory is gone", map[string]string{users: "old"})
		})
	}
}

// A build that knows a new pair does what the document says of it, also if it has seen that version
// before.
func TestNewBuildReadsTheSameDocument(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	if err := os.WriteFile(cache, []byte(`{"version": 7, "pairs": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		m := new(sourcetest.Memory)
		m.Put(document(7, directives{users: {Plan: canary(0.3)}}))
		r := start(t, m, func(c *fleet.Config) { c.Cache = cache })
		wait(time.Second)
		r.wants("a pair that was not known", map[string]string{users: "canary 30 %"})
	})
}

// What has changed in the last second before the end is in the cache, too.
func TestTheLastChangeIsCached(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "plans.json")
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(sourcetest.Memory), func(c *fleet.Config) { c.Cache = cache })
		wait(5 * time.Second)
		_ = r.pairs[users].Set(*canary(0.3), "ada")
		for { // until that is written
			if text, _ := os.ReadFile(cache); strings.Contains(string(text), "0.3") {
				break
			}
			wait(10 * time.Millisecond)
		}
		r.pairs[users].Kill("customers complain", "ann")
		r.stop()
		if text, err := os.ReadFile(cache); err != nil || !strings.Contains(string(text), "customers complain") {
			t.Errorf("the cache is %s, %v", text, err)
		}
	})
}
