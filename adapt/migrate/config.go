package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// ErrNoKey is returned by NewPair and Set for a Canary without Config.Key: without a key nobody
// could be kept on one side.
var ErrNoKey = errors.New("migrate: a canary needs Config.Key, which tells whose request this is (a user, a tenant, a session)")

// Config describes one pair. The zero value is useful: old serves until somebody calls Set.
type Config struct {
	// Name is the salt of the buckets and the label in events. Package adapt fills in "GET
	// /pattern". Two pairs of one name send the same keys to new; a pair that is renamed draws its
	// canary anew.
	Name string
	// Plan is in force from the start. The zero value is Old.
	Plan Plan
	// Key tells whose request this is, so that a canary keeps everybody on one side; false serves
	// old. It runs on the path of every canary request. What the route has matched are the
	// request's Pattern and PathValue, which cost it two allocations; HeaderKey and CookieKey do
	// without. A panic in it counts as false. Its results are never logged or stored.
	Key func(*http.Request) (key string, ok bool)
	// Rules say where the answers of the two sides may differ.
	Rules parity.Rules
	// KeepValues leaves the values of answers in mismatches: in memory, in events and so in logs.
	// By default there are only places, kinds and types.
	KeepValues bool
	// Mismatches is the number of the last notable ones that Pair.Mismatches keeps; 0 means 32,
	// below 0 none.
	Mismatches int
	// Fallback says which failures of new old answers for.
	Fallback FallbackPolicy
	// Shadow bounds the shadow runs.
	Shadow ShadowConfig
	// Guard tunes the automatic roll-back.
	Guard GuardConfig
	// OnEvent receives what happens to the pair, one event at a time, on a goroutine of its own: it
	// may be slow, block or panic without harm to a request. Changes of state come before
	// mismatches, and each in order. At most 64 changes and 256 mismatches wait: then the oldest
	// change other than a trip or a kill makes room, or the new mismatch is dropped, and the next
	// event tells of the loss. A scope's OnEvent is called by all its pairs, so by several
	// goroutines. Nil means none. LogEvents makes one for log/slog.
	OnEvent func(Event)
}

// ShadowConfig bounds the shadow runs of one pair. The zero value shadows every eligible request
// for which there is room: at most 8 MiB are kept for the requests of one pair that are under way,
// and beyond what each may keep of one, 64 MiB for those of all.
type ShadowConfig struct {
	// MaxConcurrent is the number of shadows of this pair that run at a time. 0 means one of its
	// own, and beyond it what is free of max(1, GOMAXPROCS/4) - 1 slots that all pairs of the
	// process share, because they share the processors. A candidate that outlives its time is
	// replaced, but not more than MaxConcurrent or four of them: then KindShadowOff follows after
	// 30 s.
	MaxConcurrent int
	// MaxBody bounds the request body that may be copied, and each of the two answers. 0 means 64
	// KiB.
	MaxBody int64
	// Timeout ends the context of the candidate. 0 means 10 s.
	Timeout time.Duration
	// Sample is the part of the eligible requests to run, up to 1. 0 means all. Below 0 no request
	// is offered at all.
	Sample float64
	// Control is the part of the runs that compare old with itself, to learn what differs without
	// cause. They take place only where old serves. 0 means 0.02, below 0 none.
	Control float64
	// MaxSchedLatency sheds shadows while goroutines wait longer than this for a processor, at the
	// 99th percentile of about a second. They are counted as SkipOverload, and the first under a
	// plan is told by an event (KindSummary). 0 means 10 ms, below 0 never: for a test, or a quiet
	// look at a busy machine.
	MaxSchedLatency time.Duration
	// AllowUnsafe is the written reason why requests of every method may run twice; it stands in
	// the Snapshot. Empty shadows GET, HEAD and OPTIONS only.
	AllowUnsafe string
	// Detach may replace what the context of the candidate carries, such as state of a middleware
	// that is written through the context: it returns a context derived from the one given. It runs
	// on the goroutine of the shadow, and a panic in it counts as one of the candidate. Nil keeps
	// all values.
	Detach func(context.Context) context.Context
}

// inherit returns the configuration with every zero field taken from the one given, also inside
// Shadow and Guard: how a scope passes its Migration on to its routes. The name is not inherited.
// Because a zero field inherits, a false, an Old or a nil cannot take back what the outer one says.
// Rules add up.
func (c Config) inherit(from Config) Config {
	name, rules := c.Name, addRules(from.Rules, c.Rules)
	inheritFields(reflect.ValueOf(&c).Elem(), reflect.ValueOf(from))
	c.Name, c.Rules = name, rules
	return c
}

func inheritFields(to, from reflect.Value) {
	for i := range to.NumField() {
		switch field := to.Field(i); field.Interface().(type) {
		case parity.Rules: // add up
		case ShadowConfig, GuardConfig:
			inheritFields(field, from.Field(i))
		default:
			if field.IsZero() {
				field.Set(from.Field(i))
			}
		}
	}
}

// validate reports every mistake in the configuration at once.
func (c Config) validate() error {
	var errs []error
	refuse := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, named(fmt.Errorf("migrate: "+format, args...), c.Name))
		}
	}
	s, g := c.Shadow, c.Guard
	refuse(c.Fallback > FallbackOff, "Fallback %d is not a policy; use FallbackSafe, FallbackDeclined or FallbackOff", c.Fallback)
	refuse(s.MaxConcurrent < 0, "Shadow.MaxConcurrent is %d; to shadow nothing, stay at stage Old or set Sample below 0", s.MaxConcurrent)
	refuse(s.MaxBody < 0, "Shadow.MaxBody is %d; it is a number of bytes", s.MaxBody)
	refuse(s.Timeout < 0, "Shadow.Timeout is %v; a shadow must end, so it needs a time", s.Timeout)
	refuse(math.IsNaN(s.Sample) || s.Sample > 1, "Shadow.Sample %v is above 1, which is every request", s.Sample)
	refuse(math.IsNaN(s.Control) || s.Control > 1, "Shadow.Control %v is above 1, which is every run", s.Control)
	refuse(!(g.Margin >= 0 && g.Margin < 1), "Guard.Margin %v is outside 0 to 1 (one percentage point is 0.01)", g.Margin)
	refuse(g.Dwell < 0, "Guard.Dwell is %v; it is how long new must be worse, such as 2.5 s", g.Dwell)
	refuse(math.IsNaN(g.Slower) || g.Slower > 0 && g.Slower < 1, "Guard.Slower %v is below 1: new would have to be faster than old; below 0 is off", g.Slower)
	refuse(!(g.MaxMismatch >= 0 && g.MaxMismatch <= 1), "Guard.MaxMismatch %v is outside 0 to 1 (5 percent is 0.05)", g.MaxMismatch)
	refuse(!(g.Ceiling < 1), "Guard.Ceiling %v is not below 1, which is every request; below 0 is off", g.Ceiling)
	refuse(!(g.Holdback >= 0 && g.Holdback < 1), "Guard.Holdback %v is outside 0 to 1 (one percent is 0.01)", g.Holdback)
	refuse(g.Holdback > 0 && c.Key == nil, "Guard.Holdback keeps keys on old, so it needs Config.Key")
	for _, err := range []error{c.Plan.check(c.Key != nil), c.Rules.Validate()} {
		if err != nil {
			errs = append(errs, named(err, c.Name))
		}
	}
	return errors.Join(errs...)
}

// withDefaults fills in what zero stands for.
func (c Config) withDefaults() Config {
	c.Mismatches = cmp.Or(c.Mismatches, 32)
	s := &c.Shadow
	s.MaxBody = cmp.Or(s.MaxBody, 64<<10)
	s.Timeout = cmp.Or(s.Timeout, 10*time.Second)
	s.Sample = cmp.Or(s.Sample, 1)
	s.Control = cmp.Or(s.Control, 0.02)
	s.MaxSchedLatency = cmp.Or(s.MaxSchedLatency, 10*time.Millisecond)
	return c
}
