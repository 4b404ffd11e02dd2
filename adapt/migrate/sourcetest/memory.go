package sourcetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Memory is a source in the memory of a test: a migrate.Writable that can be cut off. The zero
// value is empty and ready. Its methods are safe for any number of goroutines.
type Memory struct {
	mu   sync.Mutex
	text []byte
	cut  bool
	news chan struct{} // closed at each change
}

var (
	errEmpty = errors.New("sourcetest: nothing was written")
	errCut   = errors.New("sourcetest: the source is cut off")
)

// Write makes text what Watch finds, also while the source is cut off; nil takes away what was
// written.
func (m *Memory) Write(text []byte) error {
	m.set(func() { m.text = bytes.Clone(text) })
	return nil
}

// Put writes a document as JSON.
func (m *Memory) Put(d migrate.Document) {
	text, err := json.Marshal(d)
	if err != nil {
		panic(fmt.Sprintf("sourcetest: a document that JSON cannot hold: %v", err))
	}
	_ = m.Write(text)
}

// Cut lets every Watch and Update fail, or work again.
func (m *Memory) Cut(off bool) {
	m.set(func() { m.cut = off })
}

func (m *Memory) set(change func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
	if m.news != nil {
		close(m.news)
		m.news = nil
	}
}

// now returns the document, what is closed at the next change, and an error while the source is cut
// off.
func (m *Memory) now() (migrate.Document, <-chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.news == nil {
		m.news = make(chan struct{})
	}
	switch {
	case m.cut:
		return migrate.Document{}, m.news, errCut
	case m.text == nil:
		return migrate.Document{Err: errEmpty}, m.news, nil
	}
	return migrate.ParseDocument(m.text), m.news, nil
}

// Watch implements migrate.Source.
func (m *Memory) Watch(ctx context.Context, put func(migrate.Document)) error {
	life := time.NewTicker(time.Second)
	defer life.Stop()
	for {
		d, news, err := m.now()
		if err != nil {
			return err
		}
		put(d)
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		case <-life.C:
		}
	}
}

// Update implements migrate.Writable.
func (m *Memory) Update(ctx context.Context, version uint64, d migrate.Document) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.Version = version + 1
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	m.set(func() {
		is, unread := uint64(0), error(nil)
		if m.text != nil {
			there := migrate.ParseDocument(m.text)
			is, unread = there.Version, there.Err
		}
		switch {
		case m.cut:
			err = errCut
		case unread != nil:
			err = fmt.Errorf("%w: what is there cannot be read: %w", migrate.ErrVersion, unread)
		case is != version:
			err = fmt.Errorf("%w: it is of version %d, not %d", migrate.ErrVersion, is, version)
		default:
			m.text = text
		}
	})
	return err
}
