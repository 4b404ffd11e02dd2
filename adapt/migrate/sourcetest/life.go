package sourcetest

// The checks of a watch's life: its signs, what a cut does to it, its end.

import (
	"context"
	"errors"
	"time"
)

// cuts reports whether the place can be cut off.
func cuts(p Place) bool { return p.Cut != nil && p.Restore != nil }

func givesSignsOfLife(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 1, 2)
		time.Sleep(time.Second) // what a change still brings about is not a sign
		before := len(w.seen())
		deadline := time.Now().Add(life + 2*time.Second)
		for time.Now().Before(deadline) {
			if seen := w.seen(); len(seen) > before {
				if sign := seen[before].was; !alike(sign, document(2)) {
					fail("while nothing changes %s is put, want %s again", show(sign), show(document(2)))
				}
				restless(ctx, w)
				return
			}
			select {
			case <-ctx.Done():
				fail("%w", ctx.Err())
			case <-time.After(20 * time.Millisecond):
			}
		}
		fail("nothing is put in %v while nothing changes: nobody can tell that from a source that is dead", life)
	})
}

// restless says that a source puts without a pause.
func restless(ctx context.Context, w *watch) {
	before := len(w.seen())
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
	if n := len(w.seen()) - before; n > 100 {
		fail("while nothing changes %d documents are put in a second", n)
	}
}

// A sign of life must come from what the source reads, so there is none in a cut; and what comes
// after it is not older than what was there before.
func comesBack(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		for round := range uint64(2) {
			writes(w, p, 10*round+1)
			must(p.Cut())
			before := len(w.seen())
			time.Sleep(time.Second) // for what is under way
			late := len(w.seen())
			time.Sleep(2 * time.Second)
			if n := len(w.seen()) - late; n > 200 {
				fail("during a cut %d documents are put in two seconds", n)
			}
			for i, d := range w.seen()[before:] {
				if d.was.Err == nil && (!alike(d.was, document(10*round+1)) || before+i >= late) {
					fail("during a cut, in which nothing can be read, %s is put", show(d.was))
				}
			}
			must(p.Restore())
			write(p, document(10*round+2))
			w.untilIs(4*p.patience(), document(10*round+2))
			for _, d := range w.seen()[before:] {
				if d.was.Err == nil && d.was.Version < 10*round+1 {
					fail("after a cut version %d is put, which had been replaced long before", d.was.Version)
				}
			}
		}
	})
}

func seesWhatWasWritten(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 1)
		must(p.Cut())
		time.Sleep(200 * time.Millisecond)
		write(p, document(2))
		must(p.Restore())
		w.untilIs(4*p.patience(), document(2))
	})
}

func endsDuringACut(ctx context.Context, p Place) {
	err := failed(func() {
		watched(ctx, p, func(w *watch) {
			writes(w, p, 1)
			must(p.Cut())
			time.Sleep(250 * time.Millisecond) // to end between two calls of Watch, of which each may fail
		})
	})
	must(errors.Join(err, p.Restore()))
}

func servesSeveral(ctx context.Context, p Place) {
	write(p, document(1))
	for round := range uint64(2) {
		first, second, third := document(2*round+1), document(2*round+2), document(2*round+3)
		watched(ctx, p, func(a *watch) {
			watched(ctx, p, func(b *watch) {
				a.untilIs(p.patience(), first)
				b.untilIs(p.patience(), first)
				write(p, second)
				a.untilIs(p.patience(), second)
				b.untilIs(p.patience(), second)
			})
			write(p, third) // the one that goes on still sees
			a.untilIs(p.patience(), third)
		})
	}
}

// ends cancels at many moments: before anything, while the first look is under way, and later.
func ends(ctx context.Context, p Place) {
	write(p, document(1))
	over, cancel := context.WithCancel(ctx)
	cancel()
	must(follow(over, p).end())
	for _, after := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 300 * time.Millisecond} {
		w := follow(ctx, p)
		time.Sleep(after)
		must(w.end())
	}
}

// silentAfterwards looks for what a subscription that was not ended would still put.
func silentAfterwards(ctx context.Context, p Place) {
	w := follow(ctx, p)
	must(errors.Join(failed(func() { writes(w, p, 1) }), w.end()))
	write(p, document(2))
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Second):
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	must(errors.Join(w.wrong...))
}
