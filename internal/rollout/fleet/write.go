package fleet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// What a person decides for all replicas is written into the document, by compare-and-set against
// the version that this replica knows.

// presence is how long a replica counts as there after it was last heard of. Each says something at
// least every half of it.
const presence = time.Minute

// seen is what was last heard of a replica.
type seen struct {
	version uint64
	heard   time.Time
}

var (
	errReadOnly = errors.New("the source that this service follows cannot be written from here")
	errUnsure   = errors.New("the document cannot be read now, so it is not written either")
)

// Writable reports whether the source can be written.
func (f *Follower) Writable() bool {
	_, writable := f.Source.(migrate.Writable)
	return writable
}

// Write changes the directive for one pair in the document, and returns the version that it has
// then. It is an ErrVersion when somebody else has changed the document meanwhile. An error of
// change changes nothing.
func (f *Follower) Write(ctx context.Context, pair string, change func(*migrate.Directive) error) (uint64, error) {
	source, writable := f.Source.(migrate.Writable)
	if !writable {
		return 0, errReadOnly
	}
	f.mu.Lock()
	d, none := f.document, f.document.Version == 0
	good := f.read && f.state == migrate.SourceFresh || none
	f.mu.Unlock()
	if !good {
		return 0, errUnsure
	}
	d, err := edited(d, pair, change)
	if err == nil {
		err = contained(func() error { return source.Update(ctx, d.Version, d) })
	}
	return d.Version + 1, err
}

// edited returns the document with another directive for one pair. A document with a directive that
// nobody could read is not written again, since what is wrong with it would be lost.
func edited(d migrate.Document, pair string, change func(*migrate.Directive) error) (migrate.Document, error) {
	for name, directive := range d.Pairs {
		if directive.Err != nil {
			return d, fmt.Errorf("the directive for %q cannot be read: %w", name, directive.Err)
		}
	}
	if d.Pairs = maps.Clone(d.Pairs); d.Pairs == nil {
		d.Pairs = make(map[string]migrate.Directive)
	}
	directive := d.Pairs[pair]
	if err := change(&directive); err != nil {
		return d, err
	}
	d.Pairs[pair] = directive
	return d, nil
}

// Replicas are those that are there, this one too, with the version of the document that each
// follows. Without Peers nobody else is known.
func (f *Follower) Replicas() map[string]uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, all := time.Now(), map[string]uint64{f.Replica: f.document.Version}
	for name, s := range f.peers.seen {
		if now.Sub(s.heard) <= presence && name != f.Replica {
			all[name] = s.version
		}
	}
	return all
}

// saw notes that a replica is there.
func (p *peers) saw(c migrate.Counts, now time.Time) {
	if len(p.seen) >= maxPeers {
		maps.DeleteFunc(p.seen, func(_ string, s seen) bool { return now.Sub(s.heard) > presence })
	}
	if s, known := p.seen[c.Replica]; known && c.Version >= s.version || !known && len(p.seen) < maxPeers {
		p.seen[c.Replica] = seen{c.Version, now}
	}
}
