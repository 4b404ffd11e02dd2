package fleet_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

func hold(text string) func(*migrate.Directive) error {
	return func(d *migrate.Directive) error { d.Hold, d.By = text, "ada"; return nil }
}

// What one replica writes all obey, and each knows who is there and who has not followed yet.
func TestWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, bus := new(sourcetest.Memory), new(bus)
		source.Put(document(3, map[string]migrate.Directive{users: {Plan: at(migrate.Live), By: "cron"}}))
		peers := func(name string, peers migrate.Peers) func(*fleet.Config) {
			return func(c *fleet.Config) { c.Replica, c.Peers = name, peers }
		}
		a := start(t, source, peers("a", bus))
		b := start(t, source, peers("b", bus))
		wait(3 * time.Second)
		if diff := cmp.Diff(map[string]uint64{"a": 3, "b": 3}, a.f.Replicas()); diff != "" {
			t.Errorf("replicas, before a request was counted (-want +got):\n%s", diff)
		}
		version, err := a.f.Write(t.Context(), users, hold("customers complain"))
		if version != 4 || err != nil {
			t.Errorf("the hold is version %d (%v), want 4", version, err)
		}
		wait(3 * time.Second)
		for _, r := range []*replica{a, b} {
			if s := r.pairs[users].Snapshot(); s.Document == nil || s.Document.Reason != "customers complain" || s.Wanted.Stage != migrate.Live {
				t.Errorf("the pair is %+v, wants %v; want it held, and the plan kept", s.Document, s.Wanted)
			}
			if diff := cmp.Diff(map[string]uint64{"a": 4, "b": 4}, r.f.Replicas()); diff != "" {
				t.Errorf("replicas afterwards (-want +got):\n%s", diff)
			}
		}
		b.cancel()
		wait(2 * time.Minute)
		if diff := cmp.Diff(map[string]uint64{"a": 4}, a.f.Replicas()); diff != "" {
			t.Errorf("replicas once b is gone (-want +got):\n%s", diff)
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := new(sourcetest.Memory)
		r := start(t, source, nil)
		wait(time.Second)
		if version, err := r.f.Write(t.Context(), users, hold("first")); version != 1 || err != nil {
			t.Errorf("the first document is version %d (%v)", version, err)
		}
		if _, err := r.f.Write(t.Context(), users, hold("too soon")); !errors.Is(err, migrate.ErrVersion) && err != nil {
			t.Errorf("a write that may have been overtaken: %v", err)
		}
		wait(time.Second)
		_ = source.Write([]byte(`{"version":10,"pairs":{"GET /health":{"plan":"?"}}}`))
		wait(2 * time.Second)
		if _, err := r.f.Write(t.Context(), users, hold("x")); err == nil {
			t.Error("a document with a directive that cannot be read is written over")
		}
		_ = source.Write([]byte(`{`))
		wait(2 * time.Second)
		if _, err := r.f.Write(t.Context(), users, hold("x")); err == nil {
			t.Error("a document that cannot be read is written over")
		}
		only := start(t, struct{ migrate.Source }{source}, nil)
		if _, err := only.f.Write(t.Context(), users, hold("x")); err == nil || only.f.Writable() {
			t.Errorf("a source that is read only is written: %v", err)
		}
	})
}
