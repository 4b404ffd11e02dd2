package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// The cache is a file with what is in force: the next start begins with it, before the source is
// heard of, so that a replica that restarts in a storm does not meet the storm anew. It is written
// at most once a second, whole, under another name, and then renamed.

type cache struct {
	version uint64
	written time.Time
	last    map[string]cached // as it was written
	failed  bool              // the last write, which was told
}

// cacheFile is the file.
type cacheFile struct {
	Version uint64            `json:"version"` // of the document
	Pairs   map[string]cached `json:"pairs"`   // by following.id
}

type cached struct {
	registers
	Said  *migrate.Plan `json:"said,omitempty"`  // by the document; nil: Wanted is that of the code
	Waits bool          `json:"waits,omitempty"` // Said was not set yet
}

const cacheEvery = time.Second

// checkCache says what is wrong with the path.
func (f *Follower) checkCache() error {
	if f.Cache == "" {
		return nil
	}
	dir := filepath.Dir(f.Cache)
	switch is, err := os.Stat(dir); {
	case err != nil:
		return fmt.Errorf("migrate: FollowConfig.Cache: its directory must exist: %w", err)
	case !is.IsDir():
		return fmt.Errorf("migrate: FollowConfig.Cache: %s is not a directory", dir)
	}
	if is, err := os.Stat(f.Cache); err == nil && !is.Mode().IsRegular() {
		return fmt.Errorf("migrate: FollowConfig.Cache: %s is not a file", f.Cache)
	}
	return nil
}

// load puts what is cached in force. What cannot be read of it is told.
func (f *Follower) load() {
	if f.Cache == "" {
		return
	}
	file, err := read(f.Cache)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.Log.Warn("crossfade: the cache of plans cannot be read; a pair of which it says nothing begins with its Config.Plan", "file", f.Cache, "error", err)
	}
	f.document.Version = file.Version
	f.cache.version, f.cache.last = file.Version, file.Pairs
	for _, p := range f.pairs {
		c, there := file.Pairs[p.id]
		if !there {
			continue
		}
		if c.Said != nil && inside.Check(p.Pair, c.Wanted) == nil {
			p.said, p.waits, p.by = c.Said, c.Waits, c.By
			_ = p.Set(c.Wanted, c.By) // nothing holds the pair yet
		}
		if c.holds() {
			inside.Restore(p.Pair, c.Held, c.Document, c.Latched)
		}
	}
}

// read reads a cache. A pair that cannot be read, as one at a stage of another build, is left out,
// and is in the error: the holds of the others must not be lost with it.
func read(path string) (file cacheFile, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return file, err
	}
	var raw struct {
		Version uint64                     `json:"version"`
		Pairs   map[string]json.RawMessage `json:"pairs"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return file, err
	}
	file = cacheFile{raw.Version, make(map[string]cached, len(raw.Pairs))}
	for id, text := range raw.Pairs {
		var c cached
		if wrong := json.Unmarshal(text, &c); wrong != nil {
			err = errors.Join(err, fmt.Errorf("pair %q: %w", id, wrong))
			continue
		}
		file.Pairs[id] = c
	}
	return file, err
}

// save writes the cache if something has changed.
func (f *Follower) save() {
	if f.Cache == "" {
		return
	}
	f.mu.Lock()
	now := time.Now()
	pairs := make(map[string]cached, len(f.pairs))
	maps.Copy(pairs, f.cache.last) // also those that another build knows
	changed := f.cache.failed || f.cache.version != f.document.Version
	for _, p := range f.pairs {
		c := cached{registersOf(p.Pair), p.said, p.waits}
		changed = changed || !c.same(f.cache.last[p.id])
		pairs[p.id] = c
	}
	if !changed || !f.over && now.Sub(f.cache.written) < cacheEvery {
		f.mu.Unlock()
		return
	}
	file := cacheFile{f.document.Version, pairs}
	f.cache.version, f.cache.written, f.cache.last = file.Version, now, pairs
	f.mu.Unlock()

	err := write(f.Cache, file)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil && !f.cache.failed {
		f.Log.Warn("crossfade: the cache of plans cannot be written, so a restart will not know them", "file", f.Cache, "error", err)
	}
	f.cache.failed = err != nil
}

// same compares what is written.
func (c cached) same(d cached) bool {
	plan := func(p *migrate.Plan) migrate.Plan {
		if p == nil {
			return migrate.Plan{}
		}
		return *p
	}
	return c.Wanted == d.Wanted && c.By == d.By && c.Waits == d.Waits && (c.Said == nil) == (d.Said == nil) && plan(c.Said) == plan(d.Said) &&
		sameHold(c.Held, d.Held) && sameHold(c.Document, d.Document) &&
		(c.Latched == nil) == (d.Latched == nil) && (c.Latched == nil || c.Latched.At.Equal(d.Latched.At))
}

func sameHold(a, b *migrate.Hold) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Reason == b.Reason && a.At.Equal(b.At))
}

// write replaces a file by another one.
func write(path string, file cacheFile) (err error) {
	text, err := json.Marshal(file)
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(next.Name()))
		}
	}()
	_, err = next.Write(text)
	if err = errors.Join(err, next.Sync(), next.Close()); err != nil {
		return err
	}
	return os.Rename(next.Name(), path)
}
