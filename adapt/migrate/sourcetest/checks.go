package sourcetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// check is one rule of migrate.Source. What it finds wrong ends it; see fail.
type check struct {
	name    string
	run     func(ctx context.Context, p Place)
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
	{"comes back after a cut", comesBack, cuts},
	{"sees what was written during a cut", seesWhatWasWritten, func(p Place) bool { return cuts(p) && p.WriteWhileCut }},
	{"ends when it is told to during a cut", endsDuringACut, cuts},
	{"serves several at once and one after the other", servesSeveral, nil},
	{"ends when it is told to", ends, nil},
	{"is silent after its end", silentAfterwards, nil},
	{"updates", updates, writable},
	{"updates with whatever a document can say", updatesWithAnything, writable},
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

// failure is what a check panics with.
type failure struct{ err error }

func fail(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

func must(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// failed returns the failure of steps.
func failed(steps func()) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case failure:
			err = v.err
		default:
			panic(v)
		}
	}()
	steps()
	return nil
}

func write(p Place, d migrate.Document) {
	text, err := json.Marshal(d)
	must(err)
	must(p.Write(text))
}

func broken(d migrate.Document) bool { return d.Err != nil }

// watched runs steps under a watch and adds what is wrong with the watch itself.
func watched(ctx context.Context, p Place, steps func(w *watch)) {
	w := follow(ctx, p)
	must(errors.Join(failed(func() { steps(w) }), w.end()))
}

// writes writes documents and waits for each.
func writes(w *watch, p Place, versions ...uint64) {
	for _, v := range versions {
		write(p, document(v))
		w.untilIs(p.patience(), document(v))
	}
}

func saysWhatIsThere(ctx context.Context, p Place) {
	write(p, document(7))
	watched(ctx, p, func(w *watch) { w.untilIs(p.patience(), document(7)) })
}

func saysThatNothingIsThere(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		w.until(p.patience(), "one with Err, since nothing is there", broken)
		writes(w, p, 1)
		w.goesOn("a place where nothing is")
	})
}

func saysThatItIsGone(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 3)
		must(p.Remove())
		w.until(4*p.patience(), "one with Err, since it was removed", broken)
		writes(w, p, 3, 4) // the same as before is there again
	})
}

func seesEveryChange(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) { writes(w, p, 1, 2, 3, 5, 8, 1000, 1<<53-1) })
}

func seesTheLast(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		for round := range uint64(5) {
			for v := range uint64(20) {
				write(p, document(100*round+v+1))
			}
			w.untilIs(p.patience(), document(100*round+20))
		}
	})
}

func keepsTheOrder(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		for v := range uint64(100) {
			write(p, document(v+1))
			time.Sleep(5 * time.Millisecond)
		}
		w.untilIs(p.patience(), document(100))
		last, wrong := uint64(0), 0
		for _, d := range w.seen() {
			if d.was.Err != nil {
				if last > 0 {
					wrong++ // one may be of a store that was slow to answer
				}
				if wrong > 5 {
					fail("while good documents are written, again and again %s is put", show(d.was))
				}
				continue
			}
			if d.was.Version < last {
				fail("version %d is put after version %d", d.was.Version, last)
			}
			if last = d.was.Version; !alike(d.was, document(last)) {
				fail("version %d was never written like that: %s", last, show(d.was))
			}
		}
	})
}

// Who follows refuses an older version and says so; it can do that only if it learns of it.
func passesOnWhatGoesBack(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		writes(w, p, 9, 5)
		same, names := document(5), document(5)
		same.Pairs = map[string]migrate.Directive{"GET /users/:id": {By: "the same version, another content"}}
		names.Pairs = map[string]migrate.Directive{"GET /users/:id": {Hold: "and with the same names"}}
		for _, d := range []migrate.Document{same, names} {
			write(p, d)
			w.untilIs(p.patience(), d)
		}
	})
}

func passesOnNames(ctx context.Context, p Place) {
	write(p, odd())
	watched(ctx, p, func(w *watch) { w.untilIs(p.patience(), odd()) })
}

// odd returns a document of version 1 with what a store may not keep.
func odd() migrate.Document {
	return migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{
		"GET /a.b/[...rest]":             {Hold: "line\nbreak, \"quotes\", \\ and \u2028", By: "Ada <ada@example.com>"},
		"GET /ünï/*":                     {Release: "日本語"},
		"":                               {},
		"PUT /items/:id with spaces > *": {Plan: &migrate.Plan{Stage: migrate.Canary, Share: 0.0001}},
		"old":                            {Plan: &migrate.Plan{}},
		"live":                           {Plan: &migrate.Plan{Stage: migrate.Live}, Hold: "h", Release: "r", By: "b"},
	}}
}

func passesOnWhatIsLarge(ctx context.Context, p Place) {
	write(p, large())
	watched(ctx, p, func(w *watch) { w.untilIs(p.patience(), large()) })
}

// large returns a document of version 1 with 1,000 pairs: more than the 64 KiB that many readers
// have for a line or a packet.
func large() migrate.Document {
	d := migrate.Document{Version: 1, Pairs: map[string]migrate.Directive{}}
	for i := range 1000 {
		d.Pairs[fmt.Sprintf("GET /services/%d/items/:id", i)] = migrate.Directive{Plan: &migrate.Plan{Stage: migrate.Canary, Share: float64(i%100) / 100}, By: "a controller"}
	}
	return d
}

func saysWhatCannotBeRead(ctx context.Context, p Place) {
	watched(ctx, p, func(w *watch) {
		for i, text := range []string{"", "{", `{"version": 2}`, `{"version": 0, "pairs": {}}`, `[1, 2, 3]`, "\x00\xff\xfe", `{"version": 3, "pairs": {}} {}`,
			`{"version": 3, "pears": {}}`, `{"version": 3, "pairs": {"a": {}, "a": {}}}`} {
			writes(w, p, uint64(10+i))
			must(p.Write([]byte(text)))
			w.until(p.patience(), fmt.Sprintf("one with Err for the text %q", text), broken)
		}
		writes(w, p, 18, 50) // the good one of before is there again
		w.goesOn("a text that cannot be read")
	})
}

func saysWhichDirective(ctx context.Context, p Place) {
	text := `{"version": 4, "pairs": {"good": {"plan": {"stage": "shadow"}}, "stage": {"plan": {"stage": "bananas"}}, "type": 7,
		"member": {"holt": "x"}, "null": null}}`
	watched(ctx, p, func(w *watch) {
		must(p.Write([]byte(text)))
		w.until(p.patience(), "version 4, with Err in the directives that are wrong and in no other", func(d migrate.Document) bool {
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
