package migrateotel

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Register makes the counters of the pairs metrics of a meter. They are read from snapshots when
// the SDK collects, so nothing is added to the path of a request; every word of every enumeration
// is there from the start. Unregister the registration to end it.
func Register(m metric.Meter, pairs iter.Seq[*migrate.Pair]) (metric.Registration, error) {
	i := &instruments{meter: m}
	requests := i.counter("crossfade.requests", "{request}", "Requests of a side by how they ended; one that fell back counts on both sides.")
	fallbacks := i.counter("crossfade.fallbacks", "{request}", "Requests that new has failed, by whether old answered them, or why not.")
	shadows := i.counter("crossfade.shadows", "{shadow}", "Shadow runs that have ended, by their result.")
	skipped := i.counter("crossfade.shadows.skipped", "{request}", "Requests that were not shadowed although the plan wants it, by the reason.")
	comparisons := i.counter("crossfade.comparisons", "{comparison}", "Answers of old and new that were compared.")
	mismatches := i.counter("crossfade.mismatches", "{comparison}", "Comparisons in which new differed by more than noise.")
	trips := i.counter("crossfade.trips", "{trip}", "How often the guard went back to old.")
	kills := i.counter("crossfade.kills", "{kill}", "How often somebody called Kill.")
	lost := i.counter("crossfade.events.lost", "{event}", "Events that Config.OnEvent was too slow for.")
	wrong := i.counter("crossfade.plan.errors", "{directive}", "Directives for the pair that were wrong.")
	took := i.gauge("crossfade.answer.duration", "s", "How long about the last 4,000 answers of a side took.")
	stage := i.gauge("crossfade.stage", "1", "1 for the stage in force.")
	held := i.gauge("crossfade.held", "1", "1 for what keeps the pair on its old side.")
	sight := i.gauge("crossfade.guard", "1", "1 for what the guard sees.")
	blind := i.gauge("crossfade.guard.blind", "1", "1 for the reason why the guard is blind.")
	version := i.gauge("crossfade.plan.version", "1", "The version of the last good document that the pair follows.")
	age := i.gauge("crossfade.plan.age", "s", "How long nothing good was heard of the source.")
	source := i.gauge("crossfade.plan.source", "1", "1 for how the source is that the pair follows.")
	if i.err != nil {
		return nil, fmt.Errorf("migrateotel: %w", i.err)
	}
	return m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		named := make(map[string]int)
		for p := range pairs {
			is := p.Snapshot()
			name := is.Name
			if named[name]++; named[name] > 1 {
				name = fmt.Sprintf("%s (%d)", name, named[name]) // two pairs of one name are two
			}
			r := reading{o, attribute.String("crossfade.pair", name)}
			words(r, requests, is.Old, "outcome", attribute.String("side", "old"))
			words(r, requests, is.New, "outcome", attribute.String("side", "new"))
			words(r, fallbacks, is.Fallbacks, "verdict")
			words(r, shadows, is.Shadows.Results, "result")
			words(r, skipped, is.Shadows.Skipped, "reason")
			r.count(comparisons, is.Compared)
			r.count(mismatches, is.Mismatch)
			r.count(trips, is.Trips)
			r.count(kills, is.Kills)
			r.count(lost, is.LostEvents)
			for side, d := range map[string]migrate.Durations{"old": is.OldTook, "new": is.NewTook} {
				for part, value := range map[string]float64{"p50": d.P50.Seconds(), "p90": d.P90.Seconds(), "p99": d.P99.Seconds()} {
					r.value(took, value, attribute.String("side", side), attribute.String("part", part))
				}
			}
			for _, s := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Canary, migrate.Live, migrate.New} {
				r.flag(stage, is.Plan.Stage == s, "stage", s.String())
			}
			r.flag(held, is.Held != nil, "by", "kill")
			r.flag(held, is.Latched != nil, "by", "trip")
			r.flag(held, is.Document != nil, "by", "document")
			for _, word := range migrate.Words[migrate.Sight]() {
				r.flag(sight, is.Guard.Sight == word, "sight", string(word))
			}
			for _, why := range migrate.Words[migrate.Blindness]() {
				r.flag(blind, is.Guard.Why == why, "why", string(why))
			}
			var followed migrate.Followed
			if is.Followed != nil {
				followed = *is.Followed
			}
			r.count(wrong, followed.Wrong)
			r.value(version, float64(followed.Version))
			r.value(age, followed.Age.Seconds())
			for _, state := range migrate.Words[migrate.SourceState]() {
				r.flag(source, followed.Source == state, "state", string(state))
			}
		}
		return nil
	}, i.all...)
}

// instruments makes instruments, and keeps what is wrong with them.
type instruments struct {
	meter metric.Meter
	all   []metric.Observable
	err   error
}

func (i *instruments) counter(name, unit, help string) metric.Int64ObservableCounter {
	c, err := i.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(help))
	i.all, i.err = append(i.all, c), errors.Join(i.err, err)
	return c
}

func (i *instruments) gauge(name, unit, help string) metric.Float64ObservableGauge {
	g, err := i.meter.Float64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(help))
	i.all, i.err = append(i.all, g), errors.Join(i.err, err)
	return g
}

// reading observes the metrics of one pair.
type reading struct {
	metric.Observer
	pair attribute.KeyValue
}

func (r reading) with(more ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributes(append([]attribute.KeyValue{r.pair}, more...)...)
}

func (r reading) count(c metric.Int64Observable, n uint64, more ...attribute.KeyValue) {
	r.ObserveInt64(c, int64(n), r.with(more...))
}

func (r reading) value(g metric.Float64Observable, v float64, more ...attribute.KeyValue) {
	r.ObserveFloat64(g, v, r.with(more...))
}

func (r reading) flag(g metric.Float64Observable, on bool, key, word string) {
	v := 0.0
	if on {
		v = 1
	}
	r.value(g, v, attribute.String(key, word))
}

func words[W ~string](r reading, c metric.Int64Observable, counts map[W]uint64, key string, more ...attribute.KeyValue) {
	for word, n := range counts {
		r.count(c, n, append(more[:len(more):len(more)], attribute.String(key, string(word)))...)
	}
}
