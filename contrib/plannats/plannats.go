// Package plannats follows a document of plans in a key of NATS JetStream, and carries what
// replicas have counted over a NATS subject.
//
//	js, err := jetstream.New(nc)
//	…
//	source := plannats.New(js, plannats.Config{Bucket: "crossfade", Key: "shop"})
//	err = mux.Follow(ctx, source, migrate.FollowConfig{
//		Cache: "/var/lib/shop/plans.json",
//		Peers: plannats.Peers(nc, "crossfade.shop"),
//	})
//
// The whole document is one key, so that a change of several pairs is one change, and names of
// pairs need no encoding. The bucket must exist; `nats kv add crossfade --history 64` makes one
// that keeps the last documents. To write the document use Update, or `nats kv put`.
//
// A watcher of a key can be 20 seconds late after the server was restarted, since its consumer is
// only made anew when heartbeats are missed. So whenever the connection comes back the key is
// looked up and watched anew; and it is looked up every ten seconds, which is the sign of life that
// migrate.Source asks for as well.
package plannats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Config says where the document is.
type Config struct {
	Bucket string        // of the key-value store
	Key    string        // of the document; empty means "plans"
	Poll   time.Duration // until the key is looked up although no change was told; 0 means 10 seconds, and 20 are the most
}

// New returns the source. It is a migrate.Writable. It connects to nothing itself, and does not
// close the connection of js; the server may be away, also at the start.
func New(js jetstream.JetStream, c Config) migrate.Writable {
	if c.Key == "" {
		c.Key = "plans"
	}
	if c.Poll <= 0 || c.Poll > 20*time.Second {
		c.Poll = 10 * time.Second
	}
	return &source{js, c}
}

type source struct {
	js jetstream.JetStream
	Config
}

const patience = 5 * time.Second // for one answer of the server

// Watch implements migrate.Source.
func (s *source) Watch(ctx context.Context, put func(migrate.Document)) error {
	nc := s.js.Conn()
	back := nc.StatusChanged(nats.CONNECTED)
	defer nc.RemoveStatusListener(back)
	poll := time.NewTicker(s.Poll)
	defer poll.Stop()
	w := watch{source: s, put: put}
	defer w.stop()
	for {
		w.look(ctx)
		for looks := false; !looks; {
			select {
			case <-ctx.Done():
				return nil
			case <-back:
				w.stop() // its consumer may be gone, which it would learn late
				looks = true
			case <-poll.C:
				looks = true
			case entry, open := <-w.changes():
				if !open {
					w.stop() // and begin another at the next look
				} else if entry != nil {
					w.see(entry)
				}
			}
		}
		if nc.IsClosed() {
			return nats.ErrConnectionClosed
		}
	}
}

// watch is one call of Watch.
type watch struct {
	*source
	put     func(migrate.Document)
	watcher jetstream.KeyWatcher
	last    uint64 // revision that was put
	lower   uint64 // revision below last that the last look has found
}

// look looks the key up and puts what is there. The look is right where the watcher is not: that
// one may be late, and a look may meet a server of the cluster that is. So a revision below the
// last counts when two looks in a row have found it, as after a backup was restored.
func (w *watch) look(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	kv, entry, err := w.get(within)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		w.last = 0
		w.put(migrate.Document{Err: fmt.Errorf("plannats: bucket %q, key %q: %w", w.Bucket, w.Key, err)})
	case entry.Revision() < w.last && entry.Revision() != w.lower:
		w.lower = entry.Revision()
	default:
		w.last, w.lower = entry.Revision(), 0
		w.put(migrate.ParseDocument(entry.Value()))
	}
	if kv != nil && w.watcher == nil && ctx.Err() == nil {
		w.watcher, _ = kv.Watch(ctx, w.Key) // without it there are the looks
	}
}

// see puts what a watcher tells.
func (w *watch) see(entry jetstream.KeyValueEntry) {
	if entry.Revision() <= w.last {
		return
	}
	w.last = entry.Revision()
	if entry.Operation() == jetstream.KeyValuePut {
		w.put(migrate.ParseDocument(entry.Value()))
	} else {
		w.put(migrate.Document{Err: fmt.Errorf("plannats: bucket %q: key %q was deleted", w.Bucket, w.Key)})
	}
}

// changes are those of the watcher; nil while there is none.
func (w *watch) changes() <-chan jetstream.KeyValueEntry {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Updates()
}

func (w *watch) stop() {
	if w.watcher != nil {
		_ = w.watcher.Stop() // fails where the server is away, which has forgotten it then
		w.watcher = nil
	}
}

func (s *source) get(ctx context.Context) (jetstream.KeyValue, jetstream.KeyValueEntry, error) {
	kv, err := s.js.KeyValue(ctx, s.Bucket)
	if err != nil {
		return nil, nil, err
	}
	entry, err := kv.Get(ctx, s.Key)
	return kv, entry, err
}

// Update implements migrate.Writable, by the compare-and-set of the bucket.
func (s *source) Update(ctx context.Context, version uint64, d migrate.Document) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d.Version = version + 1
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("plannats: %w", err)
	}
	kv, entry, err := s.get(ctx)
	is := uint64(0)
	switch {
	case kv != nil && errors.Is(err, jetstream.ErrKeyNotFound):
		err = nil
	case err == nil:
		there := migrate.ParseDocument(entry.Value())
		if there.Err != nil {
			return fmt.Errorf("plannats: %w: what is there cannot be read: %w", migrate.ErrVersion, there.Err)
		}
		is = there.Version
	}
	switch {
	case err != nil:
		return fmt.Errorf("plannats: %w", err)
	case is != version:
		return fmt.Errorf("plannats: %w: it is of version %d, not %d", migrate.ErrVersion, is, version)
	case entry == nil:
		_, err = kv.Create(ctx, s.Key, text)
	default:
		_, err = kv.Update(ctx, s.Key, text, entry.Revision())
	}
	if errors.Is(err, jetstream.ErrKeyExists) { // the error for a revision that is not the last
		return fmt.Errorf("plannats: %w: %w", migrate.ErrVersion, err)
	}
	if err != nil {
		return fmt.Errorf("plannats: %w", err)
	}
	return nil
}
