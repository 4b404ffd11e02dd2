package migrate

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// Pair decides for one pair of handlers, and counts what came of it. Make it with NewPair; its methods are safe for any
// number of goroutines.
type Pair struct {
	state atomic.Pointer[state]
	_     [120]byte // every request reads state: keep what every request writes off its cache line

	traffic   [2][outcomes]atomic.Uint64
	keyless   atomic.Uint64
	keyPanics atomic.Uint64
	trips     atomic.Uint64
	fellBack  [fallbacks]atomic.Uint64
	shadows   shadows
	evidence  evidence
	hook      hook

	name       string
	salt       uint64
	key        func(*http.Request) (string, bool)
	rules      parity.Rules
	keepValues bool
	fallback   FallbackPolicy
	guard      GuardConfig // with the defaults filled in
}

// NewPair checks the configuration, and puts its plan in force. The error tells every mistake; ErrNoKey is among them if
// the plan is a Canary and there is no Key.
func NewPair(c Config) (*Pair, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	p := &Pair{name: c.Name, salt: salt(c.Name), key: c.Key, rules: c.Rules, keepValues: c.KeepValues, fallback: c.Fallback, guard: c.Guard}
	p.shadows.init(c.Shadow)
	p.evidence.keep = max(c.Mismatches, 0)
	p.hook.call = c.OnEvent
	p.state.Store(newState(c.Plan, nil, newGuard(c.Guard)))
	return p, nil
}

// Name is Config.Name.
func (p *Pair) Name() string { return p.name }

// Plan is the plan in force: Old while the pair is killed or has tripped. Snapshot tells why, and what was set.
func (p *Pair) Plan() Plan { return p.state.Load().effective() }

// Shutdown starts no more shadows and waits for those under way, and for the events. When ctx ends first, the contexts of
// the candidates are cancelled and the error says how many were left. Decisions go on as before. It may be called again,
// and by several goroutines.
func (p *Pair) Shutdown(ctx context.Context) error {
	first := p.shadows.tracker.close()
	left := p.shadows.tracker.wait(ctx)
	p.shadows.giveUp()
	if first && p.shadows.offered.Load() > 0 {
		p.emit(Event{Kind: KindSummary, From: p.Plan(), To: p.Plan(), Shadows: p.shadows.stats()})
	}
	if err := p.hook.wait(ctx); err != nil && left == 0 {
		return named(fmt.Errorf("migrate: Config.OnEvent has not taken every event yet: %w", err), p.name)
	}
	if left > 0 {
		return named(fmt.Errorf("migrate: %d shadows have not ended: %w", left, context.Cause(ctx)), p.name)
	}
	return nil
}
