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

func updates(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 7); err != nil {
			return err
		}
		next := document(3) // whatever version it says
		delete(next.Pairs, "POST /orders")
		want := clone(next)
		if err := update(ctx, p, 7, next); err != nil {
			return fmt.Errorf("Writable.Update of version 7, which is there: %w", err)
		}
		if !alike(next, want) {
			return fmt.Errorf("Writable.Update changes the document that it is given: it was %s, and is %s", show(want), show(next))
		}
		want.Version = 8
		if err := w.untilIs(p.patience(), want); err != nil {
			return err
		}
		for _, version := range []uint64{7, 9, 0} {
			if err := update(ctx, p, version, document(99)); !errors.Is(err, migrate.ErrVersion) {
				return fmt.Errorf("Writable.Update of version %d, where 8 is there, returns %v, want ErrVersion", version, err)
			}
		}
		time.Sleep(300 * time.Millisecond)
		return w.untilIs(p.patience(), want)
	})
}

func oneWins(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 1); err != nil {
			return err
		}
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
					return fmt.Errorf("of 8 updates at once one returns %w, want nil or ErrVersion", err)
				}
			}
			if wins != 1 {
				return fmt.Errorf("of 8 updates of version %d at once %d succeed, want one", version, wins)
			}
			want := document(winner)
			want.Version = version + 1
			if err := w.untilIs(p.patience(), want); err != nil {
				return err
			}
		}
		return nil
	})
}

func updatesNothing(ctx context.Context, p Place) error {
	if err := update(ctx, p, 1, document(2)); !errors.Is(err, migrate.ErrVersion) {
		return fmt.Errorf("Writable.Update of version 1, where nothing is there, returns %v, want ErrVersion", err)
	}
	if err := update(ctx, p, 0, document(2)); err != nil {
		return fmt.Errorf("Writable.Update of version 0, where nothing is there: %w", err)
	}
	want := document(2)
	want.Version = 1
	return watched(ctx, p, func(w *watch) error { return w.untilIs(p.patience(), want) })
}

// What somebody has written and mistyped is not lost, and nobody could say of which version it is.
func updatesNothingUnread(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := p.Write([]byte(`{"version": 4, "pairs": {`)); err != nil {
			return err
		}
		if err := w.until(p.patience(), "one with Err", broken); err != nil {
			return err
		}
		for _, version := range []uint64{0, 4} {
			if err := update(ctx, p, version, document(5)); !errors.Is(err, migrate.ErrVersion) {
				return fmt.Errorf("Writable.Update of version %d, where what is there cannot be read, returns %v, want ErrVersion", version, err)
			}
		}
		return w.until(p.patience(), "one with Err", broken)
	})
}

func endsAnUpdate(ctx context.Context, p Place) error {
	if err := write(p, document(1)); err != nil {
		return err
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	switch err := update(over, p, 1, document(2)); {
	case err == nil:
		return errors.New("Writable.Update returns nil although its context had ended")
	case errors.Is(err, errUpdate):
		return err
	}
	return nil
}
