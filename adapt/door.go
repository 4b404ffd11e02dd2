package adapt

import (
	"cmp"
	"fmt"
	"log/slog"

	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

// Internal is for the packages of this module that show what a mux does. Nobody else can make the
// key that it takes.
func Internal(key door.Of) internal {
	key.Open()
	return internal{}
}

type internal struct{}

// Follower is what the mux follows a source with, or nil.
func (internal) Follower(m *Mux) *fleet.Follower {
	m.following.mu.Lock()
	defer m.following.mu.Unlock()
	return m.following.follower
}

// Apps are how far the legacy apps have come, as in Progress.
func (internal) Apps(m *Mux) (all []AppCount) {
	for _, a := range m.apps {
		all = append(all, m.count(a))
	}
	return all
}

// Logger is that of the mux.
func (internal) Logger(m *Mux) *slog.Logger { return cmp.Or(m.config.Logger, slog.Default()) }

// watcher is a handler that wants to know the mux that it is mounted in, as the page about its
// migrations does: Watch is called when the mux is built, before its first request, and stop by
// Shutdown.
type watcher interface {
	Watch(key door.Of, m *Mux) (stop func(), err error)
}

// watch tells what is mounted the mux.
func (m *Mux) watch() error {
	for _, e := range m.entries {
		w, ok := e.target.line.http.(watcher)
		if !ok {
			continue
		}
		stop, err := w.Watch(door.Key(), m)
		if err != nil {
			m.unwatch()
			return fmt.Errorf("%s: %w", e.Source, err)
		}
		m.watchers = append(m.watchers, stop)
	}
	return nil
}

// unwatch stops what watches the mux. It may be called again.
func (m *Mux) unwatch() {
	for _, stop := range m.watchers {
		stop()
	}
}
