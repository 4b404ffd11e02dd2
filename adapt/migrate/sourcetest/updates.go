package sourcetest

// The checks of a migrate.Writable.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

func writable(p Place) bool {
	_, ok := p.Source.(migrate.Writable)
	return ok
}

// errUpdate is not an error of Update's: it does not return, or panics.
var errUpdate = errors.New("Writable.Update")

// update calls Update, which may be as faulty as it likes.
func update(ctx context.Context, p Place, version uint64, d migrate.Document) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- fmt.Errorf("%w panics: %v", errUpdate, v)
			}
		}()
		done <- p.Source.(migrate.Writable).Update(ctx, version, d)
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(2 * p.patience()):
		return fmt.Errorf("%w does not return within %v", errUpdate, 2*p.patience())
	}
}

// refuses wants the version to be another than the one that is there.
func refuses(ctx context.Context, p Place, version uint64, where string) {
	if err := update(ctx, p, version, document(99)); !errors.Is(err, migrate.ErrVersion) {
		fail("Writable.Update of version %d, where %s, returns %v, want ErrVersion", version, where, err)
	}
}

func updates(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 7)
		next := document(3) // whatever version it says
		delete(next.Pairs, "POST /orders")
		want := clone(next)
		if err := update(ctx, p, 7, next); err != nil {
			fail("Writable.Update of version 7, which is there: %w", err)
		}
		if !alike(next, want) {
			fail("Writable.Update changes the document that it is given: it was %s, and is %s", show(want), show(next))
		}
		want.Version = 8
		w.untilIs(p.patience(), want)
		for _, version := range []uint64{7, 9, 0} {
			refuses(ctx, p, version, "8 is there")
		}
		time.Sleep(300 * time.Millisecond)
		w.untilIs(p.patience(), want)
	})
}

func updatesWithAnything(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		for version, d := range []migrate.Document{odd(), large(), {}, document(4)} {
			want := clone(d)
			want.Version = uint64(version + 1)
			if err := update(ctx, p, uint64(version), d); err != nil {
				fail("Writable.Update with %s: %w", show(d), err)
			}
			for name := range d.Pairs { // the caller may do with it what it likes
				d.Pairs[name] = migrate.Directive{Hold: "changed after Update"}
			}
			w.untilIs(p.patience(), want)
			time.Sleep(300 * time.Millisecond) // for one that keeps what it was given
			w.untilIs(p.patience(), want)
		}
	})
}

func oneWins(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 1)
		for round := range uint64(5) {
			version := round + 1
			var wg sync.WaitGroup
			results := make([]error, 8)
			for i := range results {
				wg.Go(func() { results[i] = update(ctx, p, version, document(uint64(i+1))) })
			}
			wg.Wait()
			winner, wins := uint64(0), 0
			for i, err := range results {
				switch {
				case err == nil:
					winner, wins = uint64(i+1), wins+1
				case !errors.Is(err, migrate.ErrVersion):
					fail("of 8 updates at once one returns %w, want nil or ErrVersion", err)
				}
			}
			if wins != 1 {
				fail("of 8 updates of version %d at once %d succeed, want one", version, wins)
			}
			want := document(winner)
			want.Version = version + 1
			w.untilIs(p.patience(), want)
		}
	})
}

func updatesNothing(ctx context.Context, p Place) {
	refuses(ctx, p, 1, "nothing is there")
	if err := update(ctx, p, 0, document(2)); err != nil {
		fail("Writable.Update of version 0, where nothing is there: %w", err)
	}
	want := document(2)
	want.Version = 1
	watched(ctx, p, func(w *watch) { w.untilIs(p.patience(), want) })
}

// What somebody has written and mistyped is not lost, and nobody could say of which version it is.
func updatesNothingUnread(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		must(p.Write([]byte(`{"version": 4, "pairs": {`)))
		w.until(p.patience(), "one with Err", broken)
		for _, version := range []uint64{0, 4} {
			refuses(ctx, p, version, "what is there cannot be read")
		}
		w.until(p.patience(), "one with Err", broken)
	})
}

func endsAnUpdate(ctx context.Context, p Place) {
	write(p, document(1))
	over, cancel := context.WithCancel(ctx)
	cancel()
	switch err := update(over, p, 1, document(2)); {
	case err == nil:
		fail("Writable.Update returns nil although its context had ended")
	case errors.Is(err, errUpdate):
		fail("%w", err)
	}
	time.Sleep(300 * time.Millisecond)
	watched(ctx, p, func(w *watch) { w.untilIs(p.patience(), document(1)) }) // nothing was written
}
