package sourcetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
)

// faulty is a source in memory with one fault planted in it.
type faulty struct {
	*sourcetest.Memory
	watch  func(ctx context.Context, m *sourcetest.Memory, put func(migrate.Document)) error
	update func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error
}

func (f faulty) Watch(ctx context.Context, put func(migrate.Document)) error {
	if f.watch == nil {
		return f.Memory.Watch(ctx, put)
	}
	return f.watch(ctx, f.Memory, put)
}

func (f faulty) Update(ctx context.Context, version uint64, d migrate.Document) error {
	if f.update == nil {
		return f.Memory.Update(ctx, version, d)
	}
	return f.update(ctx, f.Memory, version, d)
}

type (
	putter  = func(migrate.Document)
	watcher = func(ctx context.Context, m *sourcetest.Memory, put putter) error
)

// changing is a Watch whose documents go through f.
func changing(f func() func(d migrate.Document, put putter)) watcher {
	return func(ctx context.Context, m *sourcetest.Memory, put putter) error {
		g := f()
		return m.Watch(ctx, func(d migrate.Document) { g(d, put) })
	}
}

// directives is a Watch whose directives are not what was written.
func directives(f func(migrate.Directive) migrate.Directive) watcher {
	return changing(func() func(migrate.Document, putter) {
		return func(d migrate.Document, put putter) {
			for name, directive := range d.Pairs {
				d.Pairs[name] = f(directive)
			}
			put(d)
		}
	})
}

func rounded(d migrate.Directive) migrate.Directive {
	if d.Plan != nil {
		plan := *d.Plan
		plan.Share = math.Round(100*plan.Share) / 100
		d.Plan = &plan
	}
	return d
}

// current is the document that is there.
func current(m *sourcetest.Memory) (is migrate.Document) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_ = m.Watch(ctx, func(d migrate.Document) { is = d; cancel() })
	return is
}

// Every fault that is planted is found, and the complaint says what is wrong.
func TestFaultsAreFound(t *testing.T) {
	faults := map[string]struct {
		faulty
		want string // in the complaint
	}{
		"says nothing before the first change": {faulty{watch: changing(func() func(migrate.Document, putter) {
			first := true
			return func(d migrate.Document, put putter) {
				if !first {
					put(d)
				}
				first = false
			}
		})}, ""},
		"keeps what is broken to itself": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				if d.Err == nil {
					put(d)
				}
			}
		})}, "Err"},
		"keeps what goes back to itself": {faulty{watch: changing(func() func(migrate.Document, putter) {
			last := uint64(0)
			return func(d migrate.Document, put putter) {
				if d.Err != nil || d.Version >= last {
					last = d.Version
					put(d)
				}
			}
		})}, "version 5"},
		"keeps what has the same version to itself": {faulty{watch: changing(func() func(migrate.Document, putter) {
			var last migrate.Document
			return func(d migrate.Document, put putter) {
				if d.Err == nil && last.Version == d.Version {
					d = last
				}
				last = d
				put(d)
			}
		})}, "the same version"},
		"takes the same names for the same": {faulty{watch: changing(func() func(migrate.Document, putter) {
			var last migrate.Document
			return func(d migrate.Document, put putter) {
				if d.Err == nil && d.Version == last.Version && maps.EqualFunc(d.Pairs, last.Pairs, func(_, _ migrate.Directive) bool { return true }) {
					d = last
				}
				last = d
				put(d)
			}
		})}, "the same names"},
		"repeats the first one as its sign of life": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			var first migrate.Document
			last := ""
			return m.Watch(ctx, func(d migrate.Document) {
				if first.Version == 0 {
					first = d
				}
				if now := asText(d); now == last {
					put(first)
				} else {
					last = now
					put(d)
				}
			})
		}}, "while nothing changes version 1"},
		"puts what it has read in the middle of a write": {faulty{watch: changing(func() func(migrate.Document, putter) {
			last := uint64(0)
			return func(d migrate.Document, put putter) {
				if d.Err == nil && last > 0 && d.Version > last {
					put(migrate.Document{Err: errors.New("half of it")})
				}
				last = d.Version
				put(d)
			}
		})}, "while good documents are written"},
		"waits where its context has ended before": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			if ctx.Err() != nil {
				time.Sleep(3 * time.Second)
			}
			return m.Watch(ctx, put)
		}}, "has not returned"},
		"gives up over a text that it cannot read": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			over, cancel := context.WithCancelCause(ctx)
			defer cancel(nil)
			good := false
			err := m.Watch(over, func(d migrate.Document) {
				if put(d); d.Err != nil && good {
					cancel(d.Err)
				}
				good = d.Err == nil
			})
			if err == nil && ctx.Err() == nil {
				err = context.Cause(over)
			}
			return err
		}}, "and to go on"},
		"gives up where nothing is": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			if d := current(m); d.Err != nil && strings.Contains(d.Err.Error(), "nothing was written") {
				put(d)
				return d.Err
			}
			return m.Watch(ctx, put)
		}}, "and to go on"},
		"puts without a pause in a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			for ctx.Err() == nil {
				if err := m.Watch(ctx, put); err != nil {
					put(migrate.Document{Err: err})
				}
			}
			return nil
		}}, "during a cut"},
		"gives no sign of life": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			last := ""
			return m.Watch(ctx, func(d migrate.Document) {
				if now := asText(d); now != last {
					last = now
					put(d)
				}
			})
		}}, "nothing changes"},
		"is a second late, and loses the last": {faulty{watch: changing(func() func(migrate.Document, putter) {
			seen := 0
			return func(d migrate.Document, put putter) {
				if seen++; seen%7 != 0 && d.Version%20 != 0 {
					put(d)
				}
			}
		})}, "want version"},
		"swaps two": {faulty{watch: changing(func() func(migrate.Document, putter) {
			var before migrate.Document
			return func(d migrate.Document, put putter) {
				put(d)
				if before.Version > 0 && d.Version > before.Version {
					put(before)
					put(d)
				}
				before = d
			}
		})}, "is put after version"},
		"ends with an error of its context": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			if err := m.Watch(ctx, put); err != nil {
				return err
			}
			return ctx.Err()
		}}, "want nil"},
		"does not end": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			time.AfterFunc(20*time.Second, func() {})
			err := m.Watch(ctx, put)
			time.Sleep(3 * time.Second)
			return err
		}}, "has not returned"},
		"gives up after the first document": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			return m.Watch(over, func(d migrate.Document) { put(d); cancel() })
		}}, "returns nil although"},
		"puts from two goroutines": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			var wg sync.WaitGroup
			errs := make([]error, 4)
			for i := range errs {
				wg.Go(func() { errs[i] = m.Watch(ctx, put) })
			}
			wg.Wait()
			return errors.Join(errs...)
		}}, "two goroutines at once"},
		"puts after its end": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			err := m.Watch(ctx, put)
			time.AfterFunc(10*time.Millisecond, func() { put(migrate.Document{Version: 1}) })
			return err
		}}, "after Watch has returned"},
		"leaves a goroutine behind": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			go time.Sleep(6 * time.Second)
			return m.Watch(ctx, put)
		}}, "goroutines behind"},
		"changes what it has put": {faulty{watch: changing(func() func(migrate.Document, putter) {
			pairs := map[string]migrate.Directive{}
			return func(d migrate.Document, put putter) {
				clear(pairs)
				for name, directive := range d.Pairs {
					pairs[name] = directive
				}
				d.Pairs = pairs
				put(d)
			}
		})}, "changed after it was put"},
		"loses the names with a dot": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				for name := range d.Pairs {
					if strings.Contains(name, ".") {
						delete(d.Pairs, name)
					}
				}
				put(d)
			}
		})}, "a.b"},
		"drops a bad directive": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				for name, directive := range d.Pairs {
					if directive.Err != nil {
						delete(d.Pairs, name)
					}
				}
				put(d)
			}
		})}, "directives that are wrong"},
		"takes a bad directive for a bad document": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				for _, directive := range d.Pairs {
					if directive.Err != nil {
						d = migrate.Document{Err: directive.Err}
					}
				}
				put(d)
			}
		})}, "directives that are wrong"},
		"is dead after a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			if err := m.Watch(ctx, put); err == nil {
				return nil
			}
			<-ctx.Done()
			return nil
		}}, "want version"},
		"panics in a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			if err := m.Watch(ctx, put); err != nil {
				panic(err)
			}
			return nil
		}}, "panics"},
		"puts without a pause": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			return m.Watch(ctx, func(d migrate.Document) {
				for range 500 {
					put(d)
				}
			})
		}}, "in a second"},
		"takes the next version only": {faulty{watch: changing(func() func(migrate.Document, putter) {
			last := uint64(0)
			return func(d migrate.Document, put putter) {
				if d.Err != nil || last == 0 || d.Version <= last+1 {
					last = max(last, d.Version)
					put(d)
				}
			}
		})}, "want version"},
		"is full after 50": {faulty{watch: changing(func() func(migrate.Document, putter) {
			seen := 0
			return func(d migrate.Document, put putter) {
				if seen++; seen <= 50 {
					put(d)
				}
			}
		})}, "want version"},
		"loses who it was by": {faulty{watch: directives(func(d migrate.Directive) migrate.Directive { d.By = ""; return d })}, "want version"},
		"loses releases":      {faulty{watch: directives(func(d migrate.Directive) migrate.Directive { d.Release = ""; return d })}, "want version 1 with 6 pairs"},
		"rounds a share":      {faulty{watch: directives(rounded)}, "want version 1 with 6 pairs"},
		"takes old for no plan": {faulty{watch: directives(func(d migrate.Directive) migrate.Directive {
			if d.Plan != nil && *d.Plan == (migrate.Plan{}) {
				d.Plan = nil
			}
			return d
		})}, "want version 1 with 6 pairs"},
		"loses a hold beside a plan": {faulty{watch: directives(func(d migrate.Directive) migrate.Directive {
			if d.Plan != nil {
				d.Hold = ""
			}
			return d
		})}, "want version 1 with 6 pairs"},
		"takes names in lower case": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				pairs := map[string]migrate.Directive{}
				for name, directive := range d.Pairs {
					pairs[strings.ToLower(name)] = directive
				}
				d.Pairs = pairs
				put(d)
			}
		})}, "want version"},
		"cuts what is large": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				for name := range d.Pairs {
					if len(d.Pairs) > 500 {
						delete(d.Pairs, name)
					}
				}
				put(d)
			}
		})}, "1000 pairs"},
		"says that nothing is there by an empty document": {faulty{watch: changing(func() func(migrate.Document, putter) {
			return func(d migrate.Document, put putter) {
				if d.Err != nil && strings.Contains(d.Err.Error(), "nothing was written") {
					d = migrate.Document{}
				}
				put(d)
			}
		})}, "nothing is there"},
		"repeats the last good one for what is broken": {faulty{watch: changing(func() func(migrate.Document, putter) {
			var good migrate.Document
			return func(d migrate.Document, put putter) {
				if d.Err == nil {
					good = d
				} else if good.Version > 0 {
					d = good
				}
				put(d)
			}
		})}, "one with Err"},
		"overlooks that the good one is there again": {faulty{watch: changing(func() func(migrate.Document, putter) {
			last, bad := "", false
			return func(d migrate.Document, put putter) {
				text := asText(d)
				if d.Err == nil && bad && text == last {
					return
				}
				if bad = d.Err != nil; !bad {
					last = text
				}
				put(d)
			}
		})}, "says what cannot be read, and goes on: after"},
		"shows signs of life in a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			var last migrate.Document
			for {
				err := m.Watch(ctx, func(d migrate.Document) { last = d; put(d) })
				if err == nil || last.Version == 0 {
					return err
				}
				put(last)
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(time.Second):
				}
			}
		}}, "in which nothing can be read"},
		"begins with what it saw first": {faulty{watch: func() watcher {
			var mu sync.Mutex
			all := map[*sourcetest.Memory]migrate.Document{}
			return func(ctx context.Context, m *sourcetest.Memory, put putter) error {
				return m.Watch(ctx, func(d migrate.Document) {
					mu.Lock()
					first := all[m]
					if d.Err == nil && first.Version == 0 {
						all[m] = d
					}
					mu.Unlock()
					if first.Version > 0 {
						put(first)
					}
					put(d)
				})
			}
		}()}, "which had been replaced long before"},
		"goes silent when another watch ends": {faulty{watch: func() watcher {
			var ended sync.Map
			return func(ctx context.Context, m *sourcetest.Memory, put putter) error {
				defer ended.Store(m, true)
				return m.Watch(ctx, func(d migrate.Document) {
					if _, over := ended.Load(m); !over {
						put(d)
					}
				})
			}
		}()}, "serves several"},
		"can be watched once": {faulty{watch: func() watcher {
			var used sync.Map
			return func(ctx context.Context, m *sourcetest.Memory, put putter) error {
				if _, before := used.LoadOrStore(m, true); before {
					return errors.New("it is watched already")
				}
				return m.Watch(ctx, put)
			}
		}()}, "serves several"},
		"ends with an error in a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			err := m.Watch(ctx, put)
			if err != nil {
				<-ctx.Done()
			}
			return err
		}}, "ends when it is told to during a cut"},
		"leaves a goroutine behind in a cut": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			err := m.Watch(ctx, put)
			if err != nil {
				go time.Sleep(40 * time.Second)
			}
			return err
		}}, "goroutines behind"},
		"an update with an error of its own": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if err := m.Update(ctx, version, d); err != nil {
				return errors.New("conflict")
			}
			return nil
		}}, "want ErrVersion"},
		"an update that looks, and then writes": {faulty{update: func() func(context.Context, *sourcetest.Memory, uint64, migrate.Document) error {
			return func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
				if is := current(m); is.Version != version || is.Err != nil && version > 0 {
					return migrate.ErrVersion
				}
				time.Sleep(time.Millisecond)
				d.Version = version + 1
				m.Put(d)
				return ctx.Err()
			}
		}()}, "want one"},
		"an update that adds to what is there": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			pairs := map[string]migrate.Directive{}
			maps.Copy(pairs, current(m).Pairs)
			maps.Copy(pairs, d.Pairs)
			d.Pairs = pairs
			return m.Update(ctx, version, d)
		}}, "updates: after"},
		"an update that writes into what it is given": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			for name, directive := range d.Pairs {
				directive.By = "me"
				d.Pairs[name] = directive
			}
			return m.Update(ctx, version, d)
		}}, "changes the document that it is given"},
		"an update that writes what it refuses": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			err := m.Update(ctx, version, d)
			if errors.Is(err, migrate.ErrVersion) && version > 0 {
				d.Version = current(m).Version + 1
				m.Put(d)
			}
			return err
		}}, "want ErrVersion"},
		"an update of what cannot be read": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if is := current(m); is.Err != nil && version == 0 {
				d.Version = 1
				m.Put(d)
				return ctx.Err()
			}
			return m.Update(ctx, version, d)
		}}, "cannot be read"},
		"puts the next change after its end": {faulty{watch: func(ctx context.Context, m *sourcetest.Memory, put putter) error {
			err := m.Watch(ctx, put)
			time.AfterFunc(time.Second, func() { put(current(m)) })
			return err
		}}, "is silent after its end: put is called after"},
		"an update that loses releases": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			d.Pairs = maps.Clone(d.Pairs)
			for name, directive := range d.Pairs {
				directive.Release = ""
				d.Pairs[name] = directive
			}
			return m.Update(ctx, version, d)
		}}, "updates with whatever"},
		"an update that leaves out what says nothing": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			d.Pairs = maps.Clone(d.Pairs)
			maps.DeleteFunc(d.Pairs, func(_ string, directive migrate.Directive) bool { return directive == migrate.Directive{} })
			return m.Update(ctx, version, d)
		}}, "updates with whatever"},
		"an update that takes no large document": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if len(asText(d)) > 64<<10 {
				return errors.New("too large")
			}
			return m.Update(ctx, version, d)
		}}, "too large"},
		"an update that needs pairs": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if d.Pairs == nil {
				return m.Write([]byte(`{"version": 3, "pairs": null}`))
			}
			return m.Update(ctx, version, d)
		}}, "updates with whatever"},
		"an update that is written after its end": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			err := m.Update(context.WithoutCancel(ctx), version, d)
			return errors.Join(err, ctx.Err())
		}}, "ends an update when it is told to: after"},
		"an update that panics": {faulty{update: func(_ context.Context, m *sourcetest.Memory, _ uint64, _ migrate.Document) error {
			panic(current(m).Version)
		}}, "Update panics"},
		"an update that never returns": {faulty{update: func(_ context.Context, _ *sourcetest.Memory, _ uint64, _ migrate.Document) error {
			time.Sleep(30 * time.Second)
			return nil
		}}, "Update does not return"},
		"an update that waits for ever": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if ctx.Err() != nil {
				time.Sleep(20 * time.Second)
			}
			return m.Update(ctx, version, d)
		}}, "does not return"},
		"an update that compares nothing": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			d.Version = version + 1
			m.Put(d)
			return ctx.Err()
		}}, "want ErrVersion"},
		"an update that keeps the version it is given": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			keep := d.Version
			if err := m.Update(ctx, version, d); err != nil {
				return err
			}
			d.Version = keep
			m.Put(d)
			return nil
		}}, "want version 8"},
		"an update that says nothing of who came first": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if err := m.Update(ctx, version, d); err != nil && !errors.Is(err, migrate.ErrVersion) {
				return err
			}
			return nil
		}}, "want ErrVersion"},
		"an update that needs something to be there": {faulty{update: func(ctx context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			if version == 0 {
				return migrate.ErrVersion
			}
			return m.Update(ctx, version, d)
		}}, "Update of version 0"},
		"an update that does not look at its context": {faulty{update: func(_ context.Context, m *sourcetest.Memory, version uint64, d migrate.Document) error {
			return m.Update(context.Background(), version, d)
		}}, "its context had ended"},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // they mostly wait
				err := sourcetest.Test(t.Context(), func() (sourcetest.Place, error) {
					p, f := memory(), f.faulty
					f.Memory = p.Source.(*sourcetest.Memory)
					p.Source, p.Patience = f, time.Second
					return p, nil
				})
				if err == nil || !strings.Contains(err.Error(), f.want) {
					t.Errorf("the complaint is %v, want one about %q", err, f.want)
				}
				time.Sleep(time.Minute) // no bubble ends before what a source leaves behind
			})
		})
	}
}

func asText(d migrate.Document) string {
	text, err := json.Marshal(d)
	return fmt.Sprint(string(text), err, d.Err)
}
