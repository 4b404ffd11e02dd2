package migrate

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
)

// LogEvents is a ready Config.OnEvent: it writes one record per event. Trips are errors; kills,
// holds, mismatches, what is wrong with a document or its source, a guard that is blind, candidates
// that do not end and shadows that were switched off or are left out are warnings; the rest is
// information. Nil means slog.Default at the time of the event.
func LogEvents(l *slog.Logger) func(Event) {
	return func(e Event) {
		logger := l
		if logger == nil {
			logger = slog.Default()
		}
		logger.LogAttrs(context.Background(), e.level(), "migration "+string(e.Kind), e.attrs()...)
	}
}

func (e Event) level() slog.Level {
	switch k := e.Kind; {
	case k == KindTrip:
		return slog.LevelError
	case k == KindKill, k == KindHold, k == KindMismatch, k == KindStuck, k == KindShadowOff,
		k == KindSource && e.Reason != sourceFresh, k == KindSummary && e.Reason != "", k == KindGuard && e.Guard != nil && e.Guard.Sight == SightBlind:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func (e Event) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("pair", e.Pair)}
	add := func(said bool, more ...slog.Attr) {
		if said {
			attrs = append(attrs, more...)
		}
	}
	add(e.From != e.To, slog.String("from", e.From.String()))
	add(true, slog.String("plan", e.To.String()))
	add(e.Wanted != e.To, slog.String("wanted", e.Wanted.String()))
	add(e.By != "", slog.String("by", e.By))
	add(e.Reason != "", slog.String("reason", e.Reason))
	if t := e.Trip; t != nil {
		add(true, slog.String("rule", string(t.Reason)), slog.String("new", t.New.text()), slog.String("old", t.Old.text()))
	}
	if v := e.Guard; v != nil {
		add(true, slog.String("guard", v.text()))
	}
	if m := e.Mismatch; m != nil {
		add(true, slog.Uint64("count", m.Count), slog.String("shadow", string(m.Shadow)), slog.Any("differences", m.places()))
	}
	if s := e.Shadows; s != nil {
		add(true, slog.Uint64("offered", s.Offered), slog.Any("skipped", counted(s.Skipped)), slog.Any("results", counted(s.Results)))
	}
	add(e.Lost > 0, slog.Uint64("lost", e.Lost))
	return attrs
}

// text is "5 of 50".
func (s Share) text() string { return fmt.Sprintf("%d of %d", s.Bad, s.Of) }

// counted leaves out the words that count zero, which a person need not read.
func counted[W comparable](counts map[W]uint64) map[W]uint64 {
	counts = maps.Clone(counts)
	maps.DeleteFunc(counts, func(_ W, n uint64) bool { return n == 0 })
	return counts
}

// places returns the differences in one word each: "body.items[*].price type number→string".
func (m *Mismatch) places() []string {
	var places []string
	for _, d := range m.Report.Diffs {
		places = append(places, d.Class+" "+d.Kind.String()+" "+d.Old+"→"+d.New)
	}
	return slices.Compact(places)
}

// Expvar returns a variable for expvar.Publish, which reads the pairs each time it is printed, as
// in
//
//	expvar.Publish("migrations", migrate.Expvar(mux.Migrations()))
//
// It is a JSON array of Snapshots, so that two pairs of one name do not hide each other. This
// package does not import expvar, because doing so opens /debug/vars on http.DefaultServeMux.
func Expvar(pairs iter.Seq[*Pair]) fmt.Stringer { return variable{pairs} }

type variable struct{ pairs iter.Seq[*Pair] }

func (v variable) String() string {
	all := []Snapshot{}
	for p := range v.pairs {
		all = append(all, p.Snapshot())
	}
	text, err := json.Marshal(all)
	if err != nil { // numbers, names and words: cannot fail
		return "[]"
	}
	return string(text)
}
