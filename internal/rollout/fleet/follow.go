package fleet

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Follower follows one source for the pairs of one mux.
type Follower struct {
	Config
	began time.Time

	mu       sync.Mutex
	over     bool
	document migrate.Document  // the last good one; its Version decides
	sum      [sha256.Size]byte // of the text of document; unknown while only the cache was read
	read     bool              // document was heard of the source, not only its version from the cache
	state    migrate.SourceState
	why      string
	heard    time.Time // when the source last had a good document
	pairs    []*following
	unknown  []string // names in document that no pair has
	cache    cache
	peers    peers
}

// following is what the document wants of one pair.
type following struct {
	*migrate.Pair
	id     string            // its name; of the second of that name and further ones, more
	last   migrate.Directive // the newest one
	said   *migrate.Plan     // by the newest directive with a plan; nil: it has never said
	by     string
	waits  bool      // said is not set yet
	raised time.Time // when said last raised the pair
	err    error     // what was wrong with the newest directive
	wrong  uint64    // directives that were wrong
}

// New checks the configuration and puts what is cached in force. The error tells every mistake.
func New(c Config) (*Follower, error) {
	c = c.withDefaults()
	now := time.Now()
	f := &Follower{Config: c, began: now, state: migrate.SourceUnheard, heard: now}
	named := make(map[string]int, len(c.Pairs))
	for _, p := range c.Pairs {
		id := p.Name()
		if named[id]++; named[id] > 1 {
			id += fmt.Sprintf(" (%d)", named[id])
		}
		f.pairs = append(f.pairs, &following{Pair: p, id: id})
	}
	if err := errors.Join(c.check(), f.checkCache()); err != nil {
		return nil, err
	}
	f.initPeers(now)
	f.load()
	for _, p := range f.pairs {
		inside.Follow(p.Pair, func() migrate.Followed { return f.followed(p) })
	}
	return f, nil
}

// take is called with every document that the source puts.
func (f *Follower) take(d migrate.Document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return
	}
	text, err := json.Marshal(d)
	if err = errors.Join(d.Err, err); err == nil && d.Version == 0 {
		err = errors.New("the document has no version")
	}
	sum := sha256.Sum256(text)
	switch is := f.document.Version; {
	case err != nil:
		f.say(migrate.SourceBroken, err.Error())
		return
	case d.Version < is:
		f.say(migrate.SourceRewound, fmt.Sprintf("it went back from version %d to %d; write it again with a version above %d", is, d.Version, is))
		return
	case d.Version == is && f.read && sum != f.sum:
		f.say(migrate.SourceForked, fmt.Sprintf("version %d has come with another content than before; write it again with a version above it", is))
		return
	}
	now := time.Now()
	f.heard = now
	f.say(migrate.SourceFresh, "")
	if d.Version > f.document.Version || !f.read {
		f.document, f.sum, f.read = d, sum, true
		f.obey(d)
	}
	f.settle(now)
}

// obey takes what a new document wants.
func (f *Follower) obey(d migrate.Document) {
	unknown := maps.Clone(d.Pairs)
	for _, p := range f.pairs {
		delete(unknown, p.Name())
		p.err = nil
		directive, named := d.Pairs[p.Name()]
		if !named {
			continue
		}
		if !same(directive, p.last) {
			p.last = directive
			f.peers.of(p).begin() // what was found out was about what was wanted before
		}
		if p.err = p.obey(directive, d.Version); p.err != nil {
			p.wrong++
			inside.TellSource(p.Pair, fmt.Sprintf("version %d of the document: %v; the pair keeps what it has", d.Version, p.err))
		}
	}
	was := f.unknown
	f.unknown = slices.Sorted(maps.Keys(unknown))
	if len(f.unknown) > 0 && !slices.Equal(f.unknown, was) {
		f.Log.Info("crossfade: the document names pairs that this build does not have: they are another build's, or misspelled",
			"version", d.Version, "pairs", f.unknown[:min(len(f.unknown), 20)])
	}
}

// same compares what two directives want.
func same(a, b migrate.Directive) bool {
	plans := a.Plan == b.Plan || a.Plan != nil && b.Plan != nil && *a.Plan == *b.Plan
	return plans && a.Hold == b.Hold && a.Release == b.Release
}

// obey returns what is wrong with the directive. A hold counts even so: it only goes towards Old.
func (p *following) obey(d migrate.Directive, version uint64) error {
	by := d.By
	if by == "" {
		by = fmt.Sprintf("version %d of the document", version)
	}
	if d.Release != "" && d.Release != d.Hold {
		inside.ReleaseByDocument(p.Pair, d.Release, by)
	}
	if is := registersOf(p.Pair).Document; d.Hold != "" && (is == nil || is.Reason != d.Hold) {
		inside.HoldByDocument(p.Pair, d.Hold, by)
	}
	if err := check(d); err != nil {
		return err
	}
	if d.Plan == nil || p.said != nil && *p.said == *d.Plan {
		return nil
	}
	if err := inside.Check(p.Pair, *d.Plan); err != nil {
		return err
	}
	plan := *d.Plan
	p.said, p.by, p.waits = &plan, by, true
	return nil
}

// check says what is wrong with the directive by itself; a pair may have reasons of its own to
// refuse its plan.
func check(d migrate.Directive) error {
	switch {
	case d.Err != nil:
		return d.Err
	case d.Hold != "" && d.Hold == d.Release:
		return fmt.Errorf("migrate: the directive holds and releases %q; leave one of them out", d.Hold)
	case d.Plan != nil:
		return d.Plan.Validate()
	}
	return nil
}

// settle sets what may be set now.
func (f *Follower) settle(now time.Time) {
	for _, p := range f.pairs {
		if !p.waits {
			continue
		}
		raises := inside.Raises(registersOf(p.Pair).Wanted, *p.said)
		if raises && (f.state != migrate.SourceFresh || f.dwells(p, now) > 0) {
			continue
		}
		if raises {
			p.raised = now
		}
		p.waits = false
		if err := p.Set(*p.said, p.by); err != nil && !errors.Is(err, migrate.ErrHeld) {
			p.err = err
		}
	}
}

// dwells returns how long the pair must stay where it is.
func (f *Follower) dwells(p *following, now time.Time) time.Duration {
	if p.raised.IsZero() {
		return 0
	}
	return f.Dwell - now.Sub(p.raised)
}

// say notes how the source is, and tells when that changes.
func (f *Follower) say(state migrate.SourceState, why string) {
	if f.state == state && f.why == why {
		return
	}
	changed := f.state != state
	f.state, f.why = state, why
	if !changed {
		return
	}
	text := "the source is " + string(state)
	if why != "" {
		text += ": " + why
	}
	if state == migrate.SourceFresh {
		f.Log.Info("crossfade: " + text)
	} else {
		f.Log.Warn("crossfade: " + text)
	}
	for _, p := range f.pairs {
		inside.TellSource(p.Pair, text)
	}
}

// tick does what is due by the clock.
func (f *Follower) tick(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if quiet := now.Sub(f.heard); quiet >= f.Stale && (f.state == migrate.SourceFresh || f.state == migrate.SourceUnheard) {
		f.say(migrate.SourceStale, fmt.Sprintf("nothing was heard of it for %v; nothing is raised until it is", f.Stale))
	}
	f.settle(now)
}

// followed says what the document wants of a pair, and why that is not in force.
func (f *Follower) followed(p *following) migrate.Followed {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	out := migrate.Followed{Version: f.document.Version, Source: f.state, Age: now.Sub(f.heard), Wrong: p.wrong}
	if p.said != nil {
		plan := *p.said
		out.Wanted = &plan
	}
	if p.err != nil {
		out.Error = p.err.Error()
	}
	is := registersOf(p.Pair)
	switch {
	case is.Held != nil:
		out.Why = "killed: " + is.Held.Reason
	case is.Latched != nil:
		out.Why = "tripped by " + string(is.Latched.Reason)
	case is.Document != nil:
		out.Why = "held: " + is.Document.Reason
	case p.err != nil:
		out.Why = out.Error
	case p.waits && f.state != migrate.SourceFresh:
		out.Why = "the source is " + string(f.state)
	case p.waits:
		out.Why = fmt.Sprintf("raised a while ago, so the next step waits for %v", f.dwells(p, now).Round(time.Millisecond))
	case p.said != nil && *p.said != is.Wanted:
		out.Why = "set otherwise in this replica by " + is.By
	}
	return out
}

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { f.watch(ctx) })
	wg.Go(func() { f.clock(ctx) })
	if f.Peers != nil {
		wg.Go(func() { f.listen(ctx) })
		wg.Go(func() { f.share(ctx) })
	}
	<-ctx.Done()
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
	wg.Wait()
	f.save()
}
