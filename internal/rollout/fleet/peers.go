package fleet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// What one replica learns slowly, all of them know together in a moment. Each publishes what it has
// counted once a second, and adds up what it hears by the rule of guard.Pool, so all come to the
// same end. Then one of them writes a hold into the document, by compare-and-set; where that cannot
// be, each takes its own pair back.

const (
	exchange   = time.Second
	quorumTime = time.Minute
	again      = 30 * time.Second // after which evidence counts anew against a pair that is free
	maxPeers   = 10_000           // replicas that are remembered for a pair
	attempts   = 5                // to write the hold
	writeTime  = 3 * time.Second  // for one of them: while a source hangs, new goes on failing
)

type peers struct {
	start uint64 // of this process: its epochs begin there
	pools map[string]*pool
	seen  map[string]seen // by replica
	told  time.Time       // when this one last said that it is there
	as    uint64          // the version that it told then
}

// pool is what the fleet knows of one pair.
type pool struct {
	*guard.Pool
	tripped map[string]trip // by replica
	done    time.Time       // when it was found to be against the pair
	sent    migrate.Counts
}

type trip struct {
	version uint64
	heard   time.Time
}

func (f *Follower) initPeers(now time.Time) {
	f.peers = peers{start: rand.Uint64() &^ 0xffffffff, pools: make(map[string]*pool, len(f.pairs)), seen: make(map[string]seen)}
	for _, p := range f.pairs {
		pool := new(pool)
		pool.begin()
		f.peers.pools[p.id] = pool
	}
}

func (p *peers) of(pair *following) *pool { return p.pools[pair.id] }

// begin forgets what was known: the document wants something else of the pair.
func (p *pool) begin() {
	p.Pool, p.tripped, p.done = guard.NewPool(guard.Config{}, time.Now()), make(map[string]trip), time.Time{}
}

// listen hears the others until ctx ends.
func (f *Follower) listen(ctx context.Context) {
	retry(ctx, func() (good bool) {
		err := contained(func() error {
			return f.Peers.Watch(ctx, func(c migrate.Counts) {
				good = true
				f.hear(c, time.Now())
			})
		})
		if err != nil && ctx.Err() == nil {
			f.Log.Warn("crossfade: nothing is heard of the other replicas", "error", err)
		}
		return good
	})
}

// hear takes what a replica has counted.
func (f *Follower) hear(c migrate.Counts, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.peers.saw(c, now)
	if pool := f.peers.pools[c.Pair]; pool != nil {
		pool.hear(c, now)
	}
}

func (p *pool) hear(c migrate.Counts, now time.Time) {
	p.Add(guard.Report{Replica: c.Replica, Epoch: c.Epoch, Block: guard.Block{Old: guard.Counts(c.Old), New: guard.Counts(c.New)}}, now)
	if !c.Tripped {
		delete(p.tripped, c.Replica)
	} else if len(p.tripped) < maxPeers {
		p.tripped[c.Replica] = trip{c.Version, now}
	}
}

// share tells the others, and looks at what is known, until ctx ends.
func (f *Follower) share(ctx context.Context) {
	tick := time.NewTicker(exchange)
	defer tick.Stop()
	told := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := contained(func() error {
			for _, c := range f.counted(time.Now()) {
				if err := f.Peers.Publish(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && ctx.Err() == nil && !told {
			f.Log.Warn("crossfade: the other replicas cannot be told what this one has counted", "error", err)
		}
		told = err != nil
		for p, why := range f.judge(time.Now()) {
			f.goBack(ctx, p, why)
		}
	}
}

// counted returns what this replica has to tell: of pairs that new has answered, when it has
// changed; and now and then, with the counts of the first pair, that it is there.
func (f *Follower) counted(now time.Time) (all []migrate.Counts) {
	f.mu.Lock()
	defer f.mu.Unlock()
	alive := f.peers.as != f.document.Version || now.Sub(f.peers.told) >= presence/2
	for _, p := range f.pairs {
		epoch, old, next := inside.Counts(p.Pair)
		c := migrate.Counts{Pair: p.id, Replica: f.Replica, Version: f.document.Version, Epoch: f.peers.start + epoch,
			Old: old, New: next, Tripped: registersOf(p.Pair).Latched != nil}
		pool := f.peers.of(p)
		pool.hear(c, now)
		if alive || c != pool.sent && (c.New.Of > 0 || c.Tripped || pool.sent.Tripped) {
			if alive {
				alive, f.peers.told, f.peers.as = false, now, f.document.Version
			}
			pool.sent = c
			all = append(all, c)
		}
	}
	return all
}

// judge returns the pairs that the evidence of all is against, and why.
func (f *Follower) judge(now time.Time) map[*following]migrate.Trip {
	f.mu.Lock()
	defer f.mu.Unlock()
	against := make(map[*following]migrate.Trip)
	for _, p := range f.pairs {
		pool := f.peers.of(p)
		if !pool.done.IsZero() {
			if now.Sub(pool.done) > again && !registersOf(p.Pair).holds() {
				pool.begin() // somebody has looked, and lets it go on
			}
			continue
		}
		if found := pool.Tick(now); found != nil {
			against[p] = migrate.Trip{At: now, Reason: migrate.TripFleet, New: migrate.Share(found.New), Old: migrate.Share(found.Old)}
		} else if pool.quorum(f.FleetTrip, f.document.Version, now) {
			against[p] = migrate.Trip{At: now, Reason: migrate.TripFleet}
		} else {
			continue
		}
		pool.done = now
	}
	return against
}

// quorum reports whether enough replicas have tripped lately, on this version.
func (p *pool) quorum(q migrate.Quorum, version uint64, now time.Time) bool {
	maps.DeleteFunc(p.tripped, func(_ string, t trip) bool { return now.Sub(t.heard) > quorumTime })
	k, n := enough(q, p.Replicas()), 0
	for _, t := range p.tripped {
		if t.version == version {
			n++
		}
	}
	return k > 0 && n >= k
}

// enough returns how many of n replicas that is; 0 while the quorum is off.
func enough(q migrate.Quorum, n int) int {
	if q == (migrate.Quorum{}) {
		return 0
	}
	return max(q.Least, int(q.Share*float64(n)+0.999999), 1)
}

// goBack takes the pair back for the whole fleet, or, where nobody can write the document, in this
// replica. There one that has a tick less to go by than the others has to learn the rest for
// itself. One that has tripped meanwhile writes all the same: if each had, nobody would, and
// replicas that start later would meet the storm anew.
func (f *Follower) goBack(ctx context.Context, p *following, why migrate.Trip) {
	source, writable := f.Source.(migrate.Writable)
	for range attempts {
		if !writable {
			break
		}
		if !sleep(ctx, rand.N(exchange)) { // one of many will be the first
			return
		}
		f.mu.Lock()
		d, good := f.document, f.read && f.state == migrate.SourceFresh
		is := registersOf(p.Pair)
		over := is.Held != nil || is.Document != nil || !f.peers.of(p).done.Equal(why.At)
		f.mu.Unlock()
		if over {
			return // somebody was first, or the document wants something else by now
		}
		if !good {
			break
		}
		next, err := held(d, p.Name(), f.Replica, why)
		if err == nil {
			err = contained(func() error {
				within, cancel := context.WithTimeout(ctx, writeTime)
				defer cancel()
				return source.Update(within, d.Version, next)
			})
		}
		switch {
		case err == nil, ctx.Err() != nil:
			return
		case !errors.Is(err, migrate.ErrVersion):
			f.Log.Warn("crossfade: the hold of the fleet cannot be written, so this replica goes back alone", "pair", p.Name(), "error", err)
			writable = false
		}
	}
	inside.TripByFleet(p.Pair, why)
}

// held returns the document with a hold of one pair.
func held(d migrate.Document, pair, by string, why migrate.Trip) (migrate.Document, error) {
	return edited(d, pair, func(directive *migrate.Directive) error {
		directive.Hold = fmt.Sprintf("fleet trip on version %d: new failed %d of %d, old %d of %d", d.Version, why.New.Bad, why.New.Of, why.Old.Bad, why.Old.Of)
		directive.Release, directive.By = "", by
		return nil
	})
}
