package migrate

import (
	"context"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/outbox"
	"github.com/crossfade-go/crossfade/internal/slots"
)

// Internal is for the packages of this module: what registers a pair, and what runs it. Nobody else
// can make the key that it takes.
func Internal(key door.Of) internal {
	key.Open()
	return internal{}
}

type internal struct{}

// NewPair is NewPair for a route: unsafe says that its method is not one that may run twice.
func (internal) NewPair(c Config, unsafe bool) (*Pair, error) { return newPair(c, unsafe) }

// Inherit returns the configuration with every zero field taken from that of the scope around.
func (internal) Inherit(c, from Config) Config { return c.inherit(from) }

// Config is the configuration of p with the defaults filled in. It is read only.
func (internal) Config(p *Pair) *Config { return &p.config }

// Alone reports whether new serves, and nothing else happens.
func (internal) Alone(p *Pair) bool {
	d := &p.state.Load().decision
	return d.New && !d.Watched
}

// DecideByKey decides for a request of a plan by which both sides serve.
func (i internal) DecideByKey(p *Pair, d decision.Decision, r *http.Request) decision.Decision {
	key, ok := i.Key(p, r)
	return i.DecideFor(p, d, key, ok)
}

// KeyOfHead reports whether the key of a request is made of headers alone.
func (internal) KeyOfHead(p *Pair) bool { return p.keyOfHead }

// Baseline records what old came to as the shadow of new: what the guard holds new against.
func (internal) Baseline(p *Pair, d decision.Decision, out guard.Outcome) {
	p.weigh(d, guard.Observation{Side: guard.OldSide, Outcome: out, Role: guard.Shadowed, End: time.Now()})
}

// OldHealthy says who is asked whether the old side can answer, before p has its first request.
// While it cannot, nothing is evidence: neither a fallback nor a roll-back would help anybody.
func (internal) OldHealthy(p *Pair, healthy func() bool) { p.healthy = healthy }

// OldDead reports whether the old side cannot answer.
func (internal) OldDead(p *Pair) bool { return p.oldDead() }

// FellBack counts the verdict on a request that new has failed.
func (internal) FellBack(p *Pair, verdict Fallback) { p.fellBack.add(verdict) }

// WantsShadows looks at the plan of now: a request that was decided before a Kill starts nothing
// after it.
func (internal) WantsShadows(p *Pair) bool { return p.state.Load().decision.Shadow && p.slots.Open() }

// Slots are the places for the shadows of p.
func (internal) Slots(p *Pair) *slots.Pair { return p.slots }

// Refused, Reserved, Dropped, Started and Ended count what becomes of a request that the plan wants
// to shadow.
func (internal) Refused(p *Pair, why Skip) { p.refused(why) }
func (internal) Reserved(p *Pair)          { p.shadows.reserved.Add(1) }
func (internal) Dropped(p *Pair, why Skip) { p.shadows.dropped.add(why) }
func (internal) Started(p *Pair)           { p.shadows.started.Add(1) }
func (internal) Ended(p *Pair, how Result) { p.shadows.results.add(how) }

// MarkShadow returns the context for IsShadow.
func (internal) MarkShadow(ctx context.Context) context.Context {
	return context.WithValue(ctx, shadowKey{}, true)
}

// Rules are the rules of p with the noise that was learned.
func (internal) Rules(p *Pair) parity.Rules {
	rules := p.config.Rules
	rules.Noise = rules.Noise.Merge(p.evidence.learned())
	return rules
}

// Stale are the rules of the pairs that have matched nothing in any comparison of those that have
// them.
func (internal) Stale(of []*Pair) []string { return stale(of) }

// Control takes what differed between two answers of old.
func (internal) Control(p *Pair, found parity.Noise) { p.evidence.addControl(found) }

// Listen hands every event of p to hear as well, on a goroutine of its own, as to Config.OnEvent.
// It is called before p has its first request.
func (internal) Listen(p *Pair, hear func(Event)) {
	p.listeners = append(p.listeners, outbox.New(func(e Event, _ uint64) { hear(e) }))
}
