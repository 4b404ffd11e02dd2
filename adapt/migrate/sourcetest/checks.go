package sourcetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// check is one rule of migrate.Source.
type check struct {
	name    string
	run     func(ctx context.Context, p Place) error
	applies func(p Place) bool // nil: always
}

var checks = []check{
	{"says what is there", saysWhatIsThere, nil},
	{"says that nothing is there", saysThatNothingIsThere, nil},
	{"says that it is gone", saysThatItIsGone, func(p Place) bool { return p.Remove != nil }},
	{"sees every change", seesEveryChange, nil},
	{"sees the last of many changes", seesTheLast, nil},
	{"keeps the order", keepsTheOrder, nil},
	{"passes on what goes back", passesOnWhatGoesBack, nil},
	{"passes on names and texts", passesOnNames, nil},
	{"passes on what is large", passesOnWhatIsLarge, nil},
	{"says what cannot be read, and goes on", saysWhatCannotBeRead, nil},
	{"says which directive is wrong", saysWhichDirective, nil},
	{"gives signs of life", givesSignsOfLife, nil},
	{"comes back after a cut", comesBack, func(p Place) bool { return p.Cut != nil && p.Restore != nil }},
	{"sees what was written during a cut", seesWhatWasWritten, func(p Place) bool { return p.Cut != nil && p.Restore != nil && p.WriteWhileCut }},
	{"ends when it is told to during a cut", endsDuringACut, func(p Place) bool { return p.Cut != nil && p.Restore != nil }},
	{"serves several at once and one after the other", servesSeveral, nil},
	{"ends when it is told to", ends, nil},
	{"is silent after its end", silentAfterwards, nil},
	{"updates", updates, writable},
	{"lets one of two updates win", oneWins, writable},
	{"keeps what cannot be read from an update", updatesNothingUnread, writable},
	{"updates where nothing is there", updatesNothing, writable},
	{"ends an update when it is told to", endsAnUpdate, writable},
}

// document is one of a version, whose content tells the version as well.
func document(version uint64) migrate.Document {
	return migrate.Document{Version: version, Pairs: map[string]migrate.Directive{
		"GET /users/:id": {Plan: &migrate.Plan{Stage: migrate.Canary, Share: float64(version%100) / 100}, By: fmt.Sprintf("version %d", version)},
		"POST /orders":   {Hold: fmt.Sprintf("hold %d", version)},
	}}
}

func write(p Place, d migrate.Document) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return p.Write(text)
}

func broken(d migrate.Document) bool { return d.Err != nil }

// watched runs steps under a watch and adds what is wrong with the watch itself.
func watched(ctx context.Context, p Place, steps func(w *watch) error) error {
	w := follow(ctx, p)
	err := steps(w)
	return errors.Join(err, w.end())
}

// writes writes documents and waits for each.
func writes(w *watch, p Place, versions ...uint64) error {
	for _, v := range versions {
		if err := write(p, document(v)); err != nil {
			return err
		}
		if err := w.untilIs(p.patience(), document(v)); err != nil {
			return err
		}
	}
	return nil
}

func saysWhatIsThere(ctx context.Context, p Place) error {
	if err := write(p, document(7)); err != nil {
		return err
	}
	return watched(ctx, p, func(w *watch) error { return w.untilIs(p.patience(), document(7)) })
}

func saysThatNothingIsThere(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := w.until(p.patience(), "one with Err, since nothing is there", broken); err != nil {
			return err
		}
		return writes(w, p, 1)
	})
}

func saysThatItIsGone(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 3); err != nil {
			return err
		}
		if err := p.Remove(); err != nil {
			return err
		}
		if err := w.until(4*p.patience(), "one with Err, since it was removed", broken); err != nil {
			return err
		}
		return writes(w, p, 3, 4) // the same as before is there again
	})
}

func seesEveryChange(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error { return writes(w, p, 1, 2, 3, 5, 8, 1000, 1<<53-1) })
}

func seesTheLast(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		for round := range uint64(5) {
			for v := range uint64(20) {
				if err := write(p, document(100*round+v+1)); err != nil {
					return err
				}
			}
			if err := w.untilIs(p.patience(), document(100*round+20)); err != nil {
				return err
			}
		}
		return nil
	})
}

func keepsTheOrder(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		for v := range uint64(100) {
			if err := write(p, document(v+1)); err != nil {
				return err
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err := w.untilIs(p.patience(), document(100)); err != nil {
			return err
		}
		last := uint64(0)
		for _, d := range w.seen() {
			if d.was.Err != nil {
				continue
			}
			if d.was.Version < last {
				return fmt.Errorf("version %d is put after version %d", d.was.Version, last)
			}
			if last = d.was.Version; !alike(d.was, document(last)) {
				return fmt.Errorf("version %d was never written like that: %s", last, show(d.was))
			}
		}
		return nil
	})
}

// Who follows refuses an older version and says so; it can do that only if it learns of it.
func passesOnWhatGoesBack(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 9, 5); err != nil {
			return err
		}
		same := document(5)
		same.Pairs = map[string]migrate.Directive{"GET /users/:id": {By: "the same version, another content"}}
		if err := write(p, same); err != nil {
			return err
		}
		return w.untilIs(p.patience(), same)
	})
}

func passesOnNames(ctx context.Context, p Place) error {
	d := migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{
		"GET /a.b/[...rest]":             {Hold: "line\nbreak, \"quotes\", \\ and \u2028", By: "Ada <ada@example.com>"},
		"GET /ünï/*":                     {Release: "日本語"},
		"":                               {},
		"PUT /items/:id with spaces > *": {Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.0001}},
		"old":                            {Plan: &migrate.Plan{}},
		"live":                           {Plan: &migrate.Plan{Stage: migrate.Live}, Hold: "h", Release: "r", By: "b"},
	}}
	if err := write(p, d); err != nil {
		return err
	}
	return watched(ctx, p, func(w *watch) error { return w.untilIs(p.patience(), d) })
}

func passesOnWhatIsLarge(ctx context.Context, p Place) error {
	// more than the 64 KiB that many readers have for a line or a packet
	d := migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{}}
	for i := range 1000 {
		d.Pairs[fmt.Sprintf("GET /services/%d/items/:id", i)] = migrate.Directive{Plan: &migrate.Plan{Stage: migrate.Canary, Share: float64(i%100) / 100}, By: "a controller"}
	}
	if err := write(p, d); err != nil {
		return err
	}
	return watched(ctx, p, func(w *watch) error { return w.untilIs(p.patience(), d) })
}

func saysWhatCannotBeRead(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		for i, text := range []string{"", "{", `{"version": 2}`, `{"version": 0, "pairs": {}}`, `[1, 2, 3]`, "\x00\xff\xfe", `{"version": 3, "pairs": {}} {}`,
			`{"version": 3, "pears": {}}`, `{"version": 3, "pairs": {"a": {}, "a": {}}}`} {
			if err := writes(w, p, uint64(10+i)); err != nil {
				return err
			}
			if err := p.Write([]byte(text)); err != nil {
				return err
			}
			if err := w.until(p.patience(), fmt.Sprintf("one with Err for the text %q", text), broken); err != nil {
				return err
			}
		}
		return writes(w, p, 18, 50) // the good one of before is there again
	})
}

func saysWhichDirective(ctx context.Context, p Place) error {
	text := `{"version": 4, "pairs": {"good": {"plan": {"stage": "shadow"}}, "stage": {"plan": {"stage": "bananas"}}, "type": 7,
		"member": {"holt": "x"}, "null": null}}`
	return watched(ctx, p, func(w *watch) error {
		if err := p.Write([]byte(text)); err != nil {
			return err
		}
		return w.until(p.patience(), "version 4, with Err in the directives that are wrong and in no other", func(d migrate.Document) bool {
			wrong := 0
			for _, name := range []string{"stage", "type", "member"} {
				if d.Pairs[name].Err != nil {
					wrong++
				}
			}
			good := d.Pairs["good"]
			return d.Err == nil && d.Version == 4 && wrong == 3 && good.Err == nil && good.Plan != nil && good.Plan.Stage == migrate.Shadow
		})
	})
}

func givesSignsOfLife(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 1); err != nil {
			return err
		}
		time.Sleep(time.Second) // what a change still brings about is not a sign
		before := len(w.seen())
		deadline := time.Now().Add(life + 2*time.Second)
		for time.Now().Before(deadline) {
			if seen := w.seen(); len(seen) > before {
				if last := seen[len(seen)-1].was; !alike(last, document(1)) {
					return fmt.Errorf("while nothing changes %s is put, want %s again", show(last), show(document(1)))
				}
				return restless(ctx, w)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
		return fmt.Errorf("nothing is put in %v while nothing changes: nobody can tell that from a source that is dead", life)
	})
}

// restless says that a source puts without a pause.
func restless(ctx context.Context, w *watch) error {
	before := len(w.seen())
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
	}
	if n := len(w.seen()) - before; n > 100 {
		return fmt.Errorf("while nothing changes %d documents are put in a second", n)
	}
	return nil
}

// A sign of life must come from what the source reads, so there is none in a cut; and what comes
// after it is not older than what was there before.
func comesBack(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		for round := range uint64(2) {
			if err := writes(w, p, 10*round+1); err != nil {
				return err
			}
			if err := p.Cut(); err != nil {
				return err
			}
			before := len(w.seen())
			time.Sleep(time.Second) // for what is under way
			late := len(w.seen())
			time.Sleep(2 * time.Second)
			for i, d := range w.seen()[before:] {
				if d.was.Err == nil && (!alike(d.was, document(10*round+1)) || before+i >= late) {
					return fmt.Errorf("during a cut, in which nothing can be read, %s is put", show(d.was))
				}
			}
			if err := p.Restore(); err != nil {
				return err
			}
			if err := write(p, document(10*round+2)); err != nil {
				return err
			}
			if err := w.untilIs(4*p.patience(), document(10*round+2)); err != nil {
				return err
			}
			for _, d := range w.seen()[before:] {
				if d.was.Err == nil && d.was.Version < 10*round+1 {
					return fmt.Errorf("after a cut version %d is put, which had been replaced long before", d.was.Version)
				}
			}
		}
		return nil
	})
}

func seesWhatWasWritten(ctx context.Context, p Place) error {
	return watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 1); err != nil {
			return err
		}
		if err := p.Cut(); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
		if err := write(p, document(2)); err != nil {
			return err
		}
		if err := p.Restore(); err != nil {
			return err
		}
		return w.untilIs(4*p.patience(), document(2))
	})
}

func endsDuringACut(ctx context.Context, p Place) error {
	err := watched(ctx, p, func(w *watch) error {
		if err := writes(w, p, 1); err != nil {
			return err
		}
		if err := p.Cut(); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
		return nil
	})
	return errors.Join(err, p.Restore())
}

func servesSeveral(ctx context.Context, p Place) error {
	if err := write(p, document(1)); err != nil {
		return err
	}
	for round := range uint64(2) {
		first, second, third := document(2*round+1), document(2*round+2), document(2*round+3)
		err := watched(ctx, p, func(a *watch) error {
			err := watched(ctx, p, func(b *watch) error {
				if err := errors.Join(a.untilIs(p.patience(), first), b.untilIs(p.patience(), first)); err != nil {
					return err
				}
				if err := write(p, second); err != nil {
					return err
				}
				return errors.Join(a.untilIs(p.patience(), second), b.untilIs(p.patience(), second))
			})
			if err != nil {
				return err
			}
			if err := write(p, third); err != nil { // the one that goes on still sees
				return err
			}
			return a.untilIs(p.patience(), third)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ends cancels at many moments: before anything, while the first look is under way, and later.
func ends(ctx context.Context, p Place) error {
	if err := write(p, document(1)); err != nil {
		return err
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := follow(over, p).end(); err != nil {
		return err
	}
	for _, after := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 300 * time.Millisecond} {
		w := follow(ctx, p)
		time.Sleep(after)
		if err := w.end(); err != nil {
			return err
		}
	}
	return nil
}

// silentAfterwards looks for what a subscription that was not ended would still put.
func silentAfterwards(ctx context.Context, p Place) error {
	w := follow(ctx, p)
	if err := errors.Join(writes(w, p, 1), w.end(), write(p, document(2))); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Second):
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.wrong...)
}
