package migrate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
)

// A file that is replaced by another one, one that is a ConfigMap, and one that is written in place.
// Their checks mostly wait, in a time of their own.
func TestFileIsASource(t *testing.T) {
	places := map[string]func() (sourcetest.Place, error){
		"renamed": func() (sourcetest.Place, error) {
			path := filepath.Join(t.TempDir(), "plans.json")
			write := func(text []byte) error {
				if err := os.WriteFile(path+".new", text, 0o600); err != nil {
					return err
				}
				return os.Rename(path+".new", path)
			}
			return sourcetest.Place{Source: migrate.File(path), Write: write, Remove: func() error { return os.Remove(path) }}, nil
		},
		"ConfigMap": func() (sourcetest.Place, error) {
			m := newConfigMap(t)
			return sourcetest.Place{Source: migrate.File(m.path()), Write: m.write}, nil
		},
		"written in place": func() (sourcetest.Place, error) {
			path := filepath.Join(t.TempDir(), "plans.json")
			write := func(text []byte) error { return os.WriteFile(path, text, 0o600) }
			return sourcetest.Place{Source: migrate.File(path), Write: write, Remove: func() error { return os.Remove(path) }}, nil
		},
	}
	for name, open := range places {
		synctest.Test(t, func(t *testing.T) { // looks are a second apart
			if err := sourcetest.Test(t.Context(), open); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// configMap is a directory as kubelet's AtomicWriter makes it: the file is a link into ..data,
// which is a link to a directory of its own for each version, and is swapped.
type configMap struct {
	dir string
	n   int
}

func newConfigMap(t *testing.T) *configMap {
	m := &configMap{dir: t.TempDir()}
	if err := os.Symlink(filepath.Join("..data", "plans.json"), m.path()); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *configMap) path() string { return filepath.Join(m.dir, "plans.json") }

func (m *configMap) write(text []byte) error {
	m.n++
	last, next := fmt.Sprintf("..version%d", m.n-1), fmt.Sprintf("..version%d", m.n)
	if err := os.Mkdir(filepath.Join(m.dir, next), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.dir, next, "plans.json"), text, 0o600); err != nil {
		return err
	}
	link, data := filepath.Join(m.dir, "..data_tmp"), filepath.Join(m.dir, "..data")
	if err := os.Symlink(next, link); err != nil {
		return err
	}
	if err := os.Rename(link, data); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(m.dir, last))
}

// A thousand swaps: whatever is seen is whole, in order, and the last one of each burst is seen.
func TestThousandSwaps(t *testing.T) {
	t.Parallel()
	m := newConfigMap(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	var last uint64
	seen := make(chan uint64, 100)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = migrate.File(m.path()).Watch(ctx, func(d migrate.Document) {
			mu.Lock()
			defer mu.Unlock()
			if d.Err != nil && last > 0 && !strings.Contains(d.Err.Error(), "no such file") {
				t.Errorf("after version %d: %v", last, d.Err) // a swap in the middle of a look finds a directory that is gone
			}
			if d.Err != nil || d.Version == last {
				return
			}
			if d.Version < last || len(d.Pairs) != 200 || d.Pairs["pair 199"].By != fmt.Sprint(d.Version) {
				t.Errorf("version %d with %d pairs after version %d", d.Version, len(d.Pairs), last)
			}
			if last = d.Version; last%50 == 0 {
				seen <- last
			}
		})
	})
	for version := uint64(1); version <= 1000; version++ {
		d := migrate.Document{Version: version, Pairs: map[string]migrate.Directive{}}
		for i := range 200 {
			d.Pairs[fmt.Sprintf("pair %d", i)] = migrate.Directive{By: fmt.Sprint(version)}
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.write(text); err != nil {
			t.Fatal(err)
		}
		if version%50 == 0 {
			select {
			case <-seen:
			case <-time.After(time.Minute):
				t.Fatalf("version %d was never seen", version)
			}
		}
	}
	cancel()
	wg.Wait()
}

func TestFileSaysWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, 8<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "is not a file", large: "larger than", filepath.Join(dir, "none"): "no such file"} {
		ctx, cancel := context.WithCancel(t.Context())
		err := migrate.File(path).Watch(ctx, func(d migrate.Document) {
			if d.Err == nil || !strings.Contains(d.Err.Error(), want) {
				t.Errorf("%s: %v, want %q", path, d.Err, want)
			}
			cancel()
		})
		if err != nil {
			t.Errorf("%s: Watch returns %v", path, err)
		}
	}
}
