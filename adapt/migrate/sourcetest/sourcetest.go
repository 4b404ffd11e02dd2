// Package sourcetest tests that a source of plans does what migrate.Source asks, as
// testing/slogtest does for handlers of log/slog. A source that passes can be followed by any
// number of replicas.
//
//	func TestSource(t *testing.T) {
//		sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
//			path := filepath.Join(t.TempDir(), "plans.json")
//			return sourcetest.Place{
//				Source: migrate.File(path),
//				Write:  func(text []byte) error { return replace(path, text) },
//				Remove: func() error { return os.Remove(path) },
//			}
//		})
//	}
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Place is where a source reads, in the hands of a test. It is new for each check, and empty: no
// document is there.
type Place struct {
	// Source is what is tested. If it is a migrate.Writable, Update is tested as well.
	Source migrate.Source
	// Write makes text, which may be anything, what the source finds from now on, past the source
	// itself.
	Write func(text []byte) error
	// Remove takes away what was written; nil where that cannot be.
	Remove func() error
	// Cut keeps the source from what it reads, as a network that fails or a server that is stopped,
	// and Restore lets it in again. Write is not called between them unless WriteWhileCut is set.
	// Nil where nothing can be cut.
	Cut, Restore func() error
	// WriteWhileCut says that Write works between Cut and Restore.
	WriteWhileCut bool
	// Patience is how long a change may take to be seen; 0 means 10 seconds. After a cut, and when
	// the document is removed, it may take four times as long.
	Patience time.Duration
	// Close ends what was opened for this place; nil: nothing.
	Close func()
}

func (p Place) patience() time.Duration {
	if p.Patience > 0 {
		return p.Patience
	}
	return 10 * time.Second
}

// life is how long a source may be silent.
const life = 30 * time.Second

// Run runs every check as a subtest of t. Open makes a place for each.
func Run(t *testing.T, open func(t *testing.T) Place) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			place := open(t)
			if place.Close != nil {
				t.Cleanup(place.Close)
			}
			if c.applies != nil && !c.applies(place) {
				t.Skip("the place offers no way to do that")
			}
			if err := failed(func() { c.run(t.Context(), place) }); err != nil {
				t.Error(err)
			}
		})
	}
}

// Test runs every check without package testing, and returns what is wrong, all at once. Open makes
// a place for each.
func Test(ctx context.Context, open func() (Place, error)) error {
	var wrong []error
	for _, c := range checks {
		place, err := open()
		if err == nil {
			if c.applies == nil || c.applies(place) {
				err = failed(func() { c.run(ctx, place) })
			}
			if place.Close != nil {
				place.Close()
			}
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(wrong...)
}
