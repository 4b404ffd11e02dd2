package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// faults plays what goes wrong in a fleet, with n replicas as processes, each behind a link of its
// own that can be cut and can hang, and a clock that can be moved. In each state one replica is
// killed by hand, after which no request may reach its new handler; and nothing that is said here
// takes the word of a clock.
func faults(ctx context.Context, out io.Writer, n int) error {
	links := make([]*link, n)
	defer func() {
		for _, l := range links {
			if l != nil {
				l.close()
			}
		}
	}()
	var unmoved error
	as := func(p *process) (err error) {
		i := p.number - 1
		if links[i], err = newLink(p.as.NATS); err != nil {
			return err
		}
		p.as.NATS, p.as.Poll, p.clocked = links[i].url(), time.Second, unmoved == nil
		if p.number == n {
			return nil // it starts later, without a source
		}
		if err = p.start(); err != nil && p.number == 1 {
			unmoved, p.clocked = err, false
			err = p.start()
		}
		return err
	}
	return tell(ctx, out, n, as, func(t *tale) {
		f := &fleet{tale: t, links: links, unmoved: unmoved}
		t.say("%d replicas serve %s, and one is yet to start", n-1, pairName)
		f.move()
		f.sick(3)
		f.away()
		f.frozen()
		f.partition()
		f.corrupt()
		f.rewound()
		f.flapping()
		f.controllers()
		f.times()
		defer f.clocks()()
		f.deploy()
		f.storm()
	})
}

// fleet is a tale with links.
type fleet struct {
	*tale
	links   []*link
	unmoved error // why clocks cannot be moved here
}

var half = migrate.Plan{Stage: migrate.Canary, Share: 0.5}

func plan(share float64) migrate.Plan { return migrate.Plan{Stage: migrate.Canary, Share: share} }

func notFresh(s migrate.Snapshot) bool { return s.Followed.Source != migrate.SourceFresh }

func fresh(s migrate.Snapshot) bool { return !notFresh(s) }

// is reports whether each holds of a snapshot.
func is(all ...func(migrate.Snapshot) bool) func(migrate.Snapshot) bool {
	return func(s migrate.Snapshot) bool {
		for _, f := range all {
			if !f(s) {
				return false
			}
		}
		return true
	}
}

func source(state migrate.SourceState) func(migrate.Snapshot) bool {
	return func(s migrate.Snapshot) bool { return s.Followed.Source == state }
}

// each does something with each replica of which the filter is true, at the same time.
func (f *fleet) each(of func(*process) bool, do func(*process) error) {
	f.do(func() error {
		errs := make([]error, len(f.replicas))
		var wg sync.WaitGroup
		for i, p := range f.replicas {
			if of(p) {
				wg.Go(func() { errs[i] = do(p) })
			}
		}
		wg.Wait()
		return errors.Join(errs...)
	})
}

// third is every third replica.
func third(p *process) bool { return p.number%3 == 0 && p.up() }

func but3(p *process) bool { return p.number%3 != 0 && p.up() }

// link does something with the links of some replicas.
func (f *fleet) link(of func(*process) bool, do func(*link)) {
	f.do(func() error {
		for i, p := range f.replicas {
			if of(p) {
				do(f.links[i])
			}
		}
		return nil
	})
}

func everyLink(*process) bool { return true }

// killed kills a replica by hand, and lets 50 users ask it whom the plan would give to either side.
func (f *fleet) killed(state string, number int) {
	f.do(func() error {
		p := f.replicas[number-1]
		p.kills.Add(1)
		defer p.kills.Add(1)
		before, err := p.snapshot(f.ctx, pairName)
		if err != nil {
			return err
		}
		if err := p.put(f.ctx, "/kill"); err != nil {
			return err
		}
		for i := range 50 {
			switch side, status, err := order(f.ctx, *p.url.Load(), fmt.Sprintf("user %d", i)); {
			case err != nil:
				return err
			case side != "old":
				return fmt.Errorf("%s: replica %d is killed, and user %d is answered by %q, %d", state, number, i, side, status)
			}
		}
		// Where the document holds the pair too, the reset says so; it lifts the kill even so.
		if err := p.put(f.ctx, "/reset"); err != nil && before.Document == nil {
			return err
		}
		after, err := p.snapshot(f.ctx, pairName)
		if err == nil && (after.Plan != before.Plan || after.Held != nil) {
			err = fmt.Errorf("%s: replica %d was at %v before the kill, and is at %v after the reset, held by %v", state, number, before.Plan, after.Plan, after.Held)
		}
		f.say("   a kill in this state: 50 of 50 requests behind it are old's")
		return err
	})
}

func (f *fleet) move() {
	f.put(migrate.Directive{Plan: &migrate.Plan{Stage: migrate.Shadow}})
	f.until("shadow", every, at(migrate.Plan{Stage: migrate.Shadow}))
	f.put(migrate.Directive{Plan: &half})
	f.until("a canary of 50 %", every, at(half))
	f.killed("all is well", 1)
}

func (f *fleet) sick(number int) {
	p := f.replicas[number-1]
	others := func(p *process) bool { return p.up() && p.number != number }
	f.do(func() error { return p.put(f.ctx, "/failing/100") })
	f.until(fmt.Sprintf("replica %d is sick, and goes back alone", number), only(number), func(s migrate.Snapshot) bool { return s.Latched != nil && s.Plan.Stage == migrate.Old })
	f.killed("one replica is sick", number-1)
	f.pause(2 * time.Second)
	f.until("the others stay", others, func(s migrate.Snapshot) bool { return s.Plan == half && s.Document == nil })
	f.do(func() error { return p.put(f.ctx, "/failing/0") })
	f.do(func() error { return p.put(f.ctx, "/reset") })
	f.until("it was mended and reset", only(number), at(half))
}

// away stops the server. The last replica starts meanwhile, with nothing to go by.
func (f *fleet) away() {
	last := len(f.replicas)
	f.do(func() error {
		f.bus.stop()
		return f.replicas[last-1].start()
	})
	f.until("the source is killed: all say so, and go on", func(p *process) bool { return p.up() && p.number != last }, is(at(half), notFresh))
	f.until(fmt.Sprintf("replica %d starts without a source, and serves what the code says", last), only(last), at(migrate.Plan{}))
	f.killed("the source is away", 4)
	f.each(only(5), func(p *process) error { p.crash(); return p.start() })
	f.until("replica 5 crashes and starts again: at the plan of before", only(5), at(half))
	f.do(f.bus.start)
	f.until("the source is back: all are at its plan, the last one too", every, is(at(half), fresh))
}

func (f *fleet) frozen() {
	f.link(everyLink, (*link).hang)
	f.until("the source is frozen: all say so, and go on", every, is(at(half), notFresh))
	f.killed("the source is frozen", 6)
	f.link(everyLink, (*link).mend)
	f.until("it is heard again", every, is(at(half), fresh))
}

// partition cuts a third of the replicas off, while the plan is raised and lowered.
func (f *fleet) partition() {
	more, less := plan(0.6), plan(0.4)
	f.link(third, (*link).cut)
	f.until("a third of the replicas is cut off", third, notFresh)
	f.put(migrate.Directive{Plan: &more})
	f.until("60 % is for those that hear of it", but3, at(more))
	f.until("the others stay", third, at(half))
	f.killed("a replica is cut off", 9)
	f.put(migrate.Directive{Plan: &less})
	f.until("so is 40 %", but3, at(less))
	f.link(everyLink, (*link).mend)
	f.until("the partition is mended: all are at 40 %", every, is(at(less), fresh))
	f.put(migrate.Directive{Plan: &half})
	f.until("and at 50 %", every, at(half))
}

func (f *fleet) corrupt() {
	f.do(func() error { return f.bus.raw(f.ctx, []byte(`{"version": 9999, "pairs": {"POST /ord`)) })
	f.until("the document is cut in the middle: all say so, and go on", every, is(at(half), source(migrate.SourceBroken)))
	f.killed("the document is corrupt", 7)
	f.repair()
}

// repair writes a good document, as a person would, above all versions that were seen.
func (f *fleet) repair() {
	f.do(func() error {
		f.bus.version++
		return f.bus.document(f.ctx, f.bus.version, half)
	})
	f.until("a good document again", every, is(at(half), fresh))
}

func (f *fleet) rewound() {
	f.do(func() error { return f.bus.document(f.ctx, 1, migrate.Plan{Stage: migrate.New}) })
	f.until("a backup of version 1 comes back, and wants new: all refuse it", every, is(at(half), source(migrate.SourceRewound)))
	f.killed("the document is rewound", 8)
	f.do(func() error { return f.bus.document(f.ctx, f.bus.version, migrate.Plan{Stage: migrate.New}) })
	f.until("the same version with another content: all refuse it", every, is(at(half), source(migrate.SourceForked)))
	f.repair()
}

// flapping changes the document a hundred times a second, and ends where it began.
func (f *fleet) flapping() {
	f.do(func() error {
		for i := range 200 {
			share := 0.2 + 0.3*float64(i%2)
			f.bus.version++
			if err := f.bus.document(f.ctx, f.bus.version, plan(share)); err != nil {
				return err
			}
			select {
			case <-f.ctx.Done():
				return f.ctx.Err()
			case <-time.After(10 * time.Millisecond):
			}
		}
		return nil
	})
	f.until("", only(10), is(at(half), func(s migrate.Snapshot) bool { return s.Followed.Version == f.bus.version }))
	f.killed("the document flaps", 10)
	f.until("200 documents in two seconds: all come to where the last one is", every, is(at(half), fresh))
}

// controllers lets two of them write at once, each against the version that it has seen.
func (f *fleet) controllers() {
	const writes = 20
	var lost [2]int
	f.do(func() error {
		begin := f.bus.version
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() {
				seen, share := begin, 0.3+0.2*float64(i)
				for done := 0; done < writes && errs[i] == nil; seen++ {
					p := plan(share)
					switch err := f.bus.source.Update(f.ctx, seen, migrate.Document{Pairs: map[string]migrate.Directive{pairName: {Plan: &p, By: fmt.Sprint("controller ", i)}}}); {
					case err == nil:
						done++
					case errors.Is(err, migrate.ErrVersion):
						lost[i]++ // the other one was first: look again
					default:
						errs[i] = err
					}
				}
			})
		}
		wg.Wait()
		f.bus.version = begin + 2*writes
		return errors.Join(errs...)
	})
	f.put(migrate.Directive{Plan: &half})
	f.until(fmt.Sprintf("two controllers write 20 times each, refused %d times: 40 versions, and all follow", lost[0]+lost[1]), every,
		func(s migrate.Snapshot) bool { return s.Plan == half && s.Followed.Version == f.bus.version })
	f.killed("two controllers write", 11)
}

var aTime = regexp.MustCompile(`"(\d{4})(-\d\d-\d\dT[^"]*)"`)

// times lets replicas start with what a clock has written that was wrong by years, and with nothing
// else to go by.
func (f *fleet) times() {
	f.do(func() error { return f.replicas[5].put(f.ctx, "/kill") }) // the end writes it into the cache
	f.each(third, func(p *process) error {
		p.stop()
		f.links[p.number-1].cut()
		text, err := os.ReadFile(p.as.Cache)
		if err != nil {
			return err
		}
		years, moved := 30, 0
		if p.number%2 == 0 {
			years = -30
		}
		text = aTime.ReplaceAllFunc(text, func(b []byte) []byte {
			m := aTime.FindSubmatch(b)
			year, _ := strconv.Atoi(string(m[1]))
			moved++
			return fmt.Appendf(nil, "%q", strconv.Itoa(year+years)+string(m[2]))
		})
		then := time.Now().AddDate(years, 0, 0)
		if err := errors.Join(os.WriteFile(p.as.Cache, text, 0o600), os.Chtimes(p.as.Cache, then, then)); err != nil {
			return err
		}
		if p.number == 6 && moved == 0 {
			return errors.New("the cache of a replica that is killed has no time to be moved")
		}
		return p.start()
	})
	f.until("a third starts with times of 30 years ago, or to come: where it was", func(p *process) bool { return third(p) && p.number != 6 }, at(half))
	f.until("and the one that was killed still is", only(6), func(s migrate.Snapshot) bool { return s.Held != nil && s.Plan.Stage == migrate.Old })
	f.killed("the times are wrong by years", 9)
	f.link(everyLink, (*link).mend)
	f.do(func() error { return f.replicas[5].put(f.ctx, "/reset") })
	f.until("they hear the source again", every, is(at(half), fresh))
}

// clocks moves the clocks of the processes while they serve, and goes on with that until it is told
// to end.
func (f *fleet) clocks() (end func()) {
	if f.unmoved != nil {
		f.do(func() error { f.say("no clock is moved here: %v", f.unmoved); return nil })
		return func() {}
	}
	f.do(func() error {
		for i, p := range f.replicas {
			by := time.Duration(i-len(f.replicas)/2) * 10 * time.Hour
			if err := p.clock.Load().move(by); err != nil {
				return err
			}
			if is, err := p.ahead(f.ctx); err != nil || (is-by).Abs() > patience {
				return fmt.Errorf("the clock of replica %d is %v ahead, %v; want %v", p.number, is, err, by)
			}
		}
		f.say("the clocks of all replicas were moved, and jump by days ten times a second from now on")
		return nil
	})
	ctx, cancel := context.WithCancel(f.ctx)
	var jumps sync.WaitGroup
	jumps.Go(func() {
		for sleep(ctx, 100*time.Millisecond) == nil {
			for _, p := range f.replicas {
				if k := p.clock.Load(); k != nil {
					_ = k.move(time.Duration(rand.IntN(400)-200) * time.Hour) // it may have just ended
				}
			}
		}
	})
	more := plan(0.6)
	f.put(migrate.Directive{Plan: &more})
	f.until("the plan is raised to 60 %", every, at(more))
	f.put(migrate.Directive{Plan: &half})
	f.until("and lowered to 50 %", every, at(half))
	f.killed("the clocks jump", 14)
	f.sick(15)
	f.link(third, (*link).cut)
	f.until("a third of the replicas is cut off, and says so", third, is(at(half), notFresh))
	f.link(everyLink, (*link).mend)
	f.until("they hear the source again", every, is(at(half), fresh))
	return func() {
		cancel()
		jumps.Wait()
	}
}

// deploy replaces every replica by one of the next build, which has one more pair.
func (f *fleet) deploy() {
	live := migrate.Plan{Stage: migrate.Canary, Share: 0.3}
	f.do(func() error {
		f.bus.version++
		return f.bus.write(f.ctx, f.bus.version, map[string]migrate.Directive{pairName: {Plan: &half}, laterOne: {Plan: &live}})
	})
	f.do(func() error { f.balancer.watch(); return nil })
	replace := func(p *process) error {
		p.stop()
		p.as.Build = 2
		return p.start()
	}
	first := func(p *process) bool { return p.number <= len(f.replicas)/2 }
	f.each(first, replace)
	f.until("half of the replicas are of the next build, which knows one more pair", every, is(at(half), fresh))
	f.killed("two builds serve", 12)
	f.killed("two builds serve", 2)
	f.each(func(p *process) bool { return !first(p) }, replace)
	f.until("all of them are", every, is(at(half), fresh))
	f.do(func() error {
		for _, p := range f.replicas {
			s, err := p.snapshot(f.ctx, laterOne)
			if err != nil || s.Plan != live {
				return fmt.Errorf("replica %d: %s is at %v, %v; want %v", p.number, laterOne, s.Plan, err, live)
			}
		}
		return nil
	})
	f.each(only(1), func(p *process) error { p.stop(); p.as.Build = 1; return p.start() })
	f.until("one goes back to the build of before", every, is(at(half), fresh))
	_, users, both := f.balancer.seen()
	f.expect(both == 0, "%d of %d users were answered by both sides during the deploys", both, users)
	f.do(func() error { f.say("%d users, none of whom was answered by both sides meanwhile", users); return nil })
}

// storm breaks new everywhere, and lets every replica crash and start in the middle of it, with no
// source.
func (f *fleet) storm() {
	f.pause(3 * time.Second)
	before := f.balancer.hurt.Load()
	f.each(every, func(p *process) error { return p.put(f.ctx, "/failing/100") })
	f.until("a storm: new fails everywhere, and all go back", every, func(s migrate.Snapshot) bool { return s.Plan.Stage == migrate.Old })
	f.do(func() error { f.say("%d clients were hurt", f.balancer.hurt.Load()-before); return nil })
	if f.heldByAll() == "" {
		return // each has found out for itself, before there was enough that all of them knew
	}
	f.killed("the fleet is held", 13)
	f.each(every, func(p *process) error { return f.cached(p, "document") })
	f.link(everyLink, (*link).cut)
	f.each(every, func(p *process) error { p.crash(); return p.start() })
	f.each(every, func(p *process) error { return p.put(f.ctx, "/failing/100") })
	hurt := f.balancer.hurt.Load()
	f.until("all crash and start with no source, in the storm: they are held", every, func(s migrate.Snapshot) bool {
		return s.Plan.Stage == migrate.Old && (s.Document != nil || s.Latched != nil)
	})
	f.killed("all have crashed, and the source is away", 12)
	f.pause(2 * time.Second)
	f.do(func() error {
		if now := f.balancer.hurt.Load(); now != hurt {
			return fmt.Errorf("%d clients were hurt by a second storm", now-hurt)
		}
		f.say("no client is hurt by a second storm")
		return nil
	})
	f.each(every, func(p *process) error { return p.put(f.ctx, "/failing/0") })
	f.link(everyLink, (*link).mend)
	f.release()
}

// raw puts a text in the place of the document, as somebody with access to the store can.
func (b *bus) raw(ctx context.Context, text []byte) error {
	_, err := b.kv.Put(ctx, "plans", text)
	return err
}

func (b *bus) document(ctx context.Context, version uint64, p migrate.Plan) error {
	return b.write(ctx, version, map[string]migrate.Directive{pairName: {Plan: &p, By: "ada"}})
}

func (b *bus) write(ctx context.Context, version uint64, pairs map[string]migrate.Directive) error {
	text, err := json.Marshal(migrate.Document{Version: version, Pairs: pairs})
	if err != nil {
		return err
	}
	return b.raw(ctx, text)
}
