package migrate

import (
	"context"
	"encoding/json"
	"iter"
	"log/slog"
	"slices"
)

// LogEvents is a ready Config.OnEvent: it writes one record per event. Trips are errors; kills, mismatches and shadows
// that were switched off are warnings; the rest is information. Nil means slog.Default at the time of the event.
func LogEvents(l *slog.Logger) func(Event) {
	return func(e Event) {
		logger := l
		if logger == nil {
			logger = slog.Default()
		}
		logger.LogAttrs(context.Background(), e.level(), "migration "+e.Kind.String(), e.attrs()...)
	}
}

func (e Event) level() slog.Level {
	switch e.Kind {
	case KindTrip:
		return slog.LevelError
	case KindKill, KindMismatch, KindShadowOff:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func (e Event) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("pair", e.Pair)}
	if e.From != e.To {
		attrs = append(attrs, slog.String("from", e.From.String()))
	}
	attrs = append(attrs, slog.String("plan", e.To.String()))
	if e.By != "" {
		attrs = append(attrs, slog.String("by", e.By))
	}
	if e.Reason != "" {
		attrs = append(attrs, slog.String("reason", e.Reason))
	}
	if t := e.Trip; t != nil {
		attrs = append(attrs, slog.String("rule", t.Reason.String()), slog.Any("new", t.New), slog.Any("old", t.Old))
	}
	if m := e.Mismatch; m != nil {
		attrs = append(attrs, slog.Uint64("count", m.Count), slog.String("shadow", m.Shadow.String()), slog.Any("differences", m.places()))
	}
	if s := e.Shadows; s != nil {
		attrs = append(attrs, slog.Uint64("offered", s.Offered), slog.Any("skipped", s.Skipped), slog.Any("results", s.Results))
	}
	if e.Lost > 0 {
		attrs = append(attrs, slog.Uint64("lost", e.Lost))
	}
	return attrs
}

// places are the differences in one word each: "body.items[*].price type number→string".
func (m *Mismatch) places() []string {
	var places []string
	for _, d := range m.Report.Diffs {
		places = append(places, d.Class+" "+d.Kind.String()+" "+d.Old+"→"+d.New)
	}
	return slices.Compact(places)
}

// Var is the state of some pairs as a JSON object by name. It is an expvar.Var; this package does not import expvar,
// because doing so opens /debug/vars on http.DefaultServeMux.
type Var struct{ pairs iter.Seq[*Pair] }

// Expvar returns a Var that reads the pairs each time it is printed, as in
//
//	expvar.Publish("migrations", migrate.Expvar(mux.Migrations()))
func Expvar(pairs iter.Seq[*Pair]) Var { return Var{pairs} }

// String is a JSON object: the Snapshot of each pair by its name.
func (v Var) String() string {
	all := make(map[string]Snapshot)
	for p := range v.pairs {
		all[p.Name()] = p.Snapshot()
	}
	text, err := json.Marshal(all)
	if err != nil { // numbers, names and words: cannot fail
		return "{}"
	}
	return string(text)
}
