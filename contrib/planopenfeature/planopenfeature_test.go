package planopenfeature_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/contrib/planopenfeature"
)

// service is a flag service in memory: each change is another in-memory provider of the SDK, which
// tells that it is ready.
type service struct {
	domain string
	mu     sync.Mutex
	names  map[string]bool
}

var domains atomic.Uint64

func newService() *service {
	return &service{domain: fmt.Sprint("domain ", domains.Add(1)), names: map[string]bool{"GET /users/:id": true}}
}

func (s *service) set(flags map[string]memprovider.InMemoryFlag) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range flags {
		s.names[name] = true
	}
	return openfeature.SetNamedProviderAndWait(s.domain, memprovider.NewInMemoryProvider(flags))
}

// pairs are those that have ever had a flag. All flags change at once here, so none does during a
// look.
func (s *service) pairs() iter.Seq[*migrate.Pair] {
	return func(yield func(*migrate.Pair) bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, name := range slices.Sorted(maps.Keys(s.names)) {
			p, err := migrate.NewPair(migrate.Config{Name: name})
			if err != nil {
				panic(err)
			}
			if !yield(p) {
				return
			}
		}
	}
}

func flag(value any) memprovider.InMemoryFlag {
	return memprovider.InMemoryFlag{State: memprovider.Enabled, DefaultVariant: "on", Variants: map[string]any{"on": value}}
}

// write makes flags of a document: the first pair has its version, the others have 0. A text that
// is no document is a flag that is not an object.
func (s *service) write(text []byte) error {
	broken := map[string]memprovider.InMemoryFlag{"GET /users/:id": flag("broken")}
	if migrate.ParseDocument(text).Err != nil {
		return s.set(broken)
	}
	var raw struct {
		Version uint64         `json:"version"`
		Pairs   map[string]any `json:"pairs"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	flags := make(map[string]memprovider.InMemoryFlag)
	for _, name := range slices.Sorted(maps.Keys(raw.Pairs)) {
		value := map[string]any{}
		switch v := raw.Pairs[name].(type) {
		case map[string]any:
			value = v
		case nil:
		default:
			value["not an object"] = v
		}
		value["version"] = raw.Version
		raw.Version = 0
		flags[name] = flag(value)
	}
	return s.set(flags)
}

func TestSource(t *testing.T) {
	sourcetest.Run(t, func(*testing.T) sourcetest.Place {
		s := newService()
		return sourcetest.Place{
			Source: planopenfeature.New(openfeature.NewClient(s.domain), s.pairs()),
			Write:  s.write,
			Remove: func() error { return s.set(nil) },
		}
	})
}

// One pair's version alone moves the document on, and a flag that goes back takes it back.
func TestVersionIsTheSum(t *testing.T) {
	s := newService()
	source := planopenfeature.New(openfeature.NewClient(s.domain), s.pairs())
	for _, c := range []struct {
		a, b int
		want uint64
	}{{3, 4, 7}, {3, 5, 8}, {2, 5, 7}} {
		if err := s.set(map[string]memprovider.InMemoryFlag{"a": flag(map[string]any{"version": c.a}), "b": flag(map[string]any{"version": c.b})}); err != nil {
			t.Fatal(err)
		}
		if d := first(t, source); d.Err != nil || d.Version != c.want {
			t.Errorf("versions %d and %d: %+v, want %d", c.a, c.b, d, c.want)
		}
	}
}

// What is wrong with a version is wrong with the whole, since nobody could tell what is newer.
func TestBadVersions(t *testing.T) {
	s := newService()
	source := planopenfeature.New(openfeature.NewClient(s.domain), s.pairs())
	for _, version := range []any{nil, "3", -1, 1.5, true, []int{1}} {
		if err := s.set(map[string]memprovider.InMemoryFlag{"a": flag(map[string]any{"version": version}), "b": flag(map[string]any{"version": 1})}); err != nil {
			t.Fatal(err)
		}
		if d := first(t, source); d.Err == nil || !strings.Contains(d.Err.Error(), `"a"`) {
			t.Errorf("version %v: %+v", version, d)
		}
	}
}

// first is the first document that a source puts.
func first(t *testing.T, s migrate.Source) (d migrate.Document) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var once sync.Once
	if err := s.Watch(ctx, func(put migrate.Document) {
		once.Do(func() { d = put })
		cancel()
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

// A provider that fails says so, and is asked again.
func TestProviderThatFails(t *testing.T) {
	client := openfeature.NewClient("nobody has set a provider for this one")
	p, err := migrate.NewPair(migrate.Config{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	d := first(t, planopenfeature.New(client, func(yield func(*migrate.Pair) bool) { yield(p) }))
	if d.Err == nil || errors.Is(d.Err, context.Canceled) {
		t.Errorf("%+v", d)
	}
}
