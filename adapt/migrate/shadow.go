package migrate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// A shadow run has three steps, so that the request that is served waits for nothing:
//
//  1. TryShadow, before the serving side runs: decides, and reserves a slot. A request that is not chosen costs nothing more.
//     The caller then clones what the candidate will need, because the serving side may change it, and reads the body
//     through a Tee.
//  2. Go, after the serving side has answered: the candidate runs on another goroutine, with its own deadline, on the clone.
//  3. The two recorded answers are compared there, and counted.
//
// Whoever finds in between that the request is no good for a comparison calls Skip.

// ShadowRun is a reserved slot. Exactly one of Go and Skip takes effect, the first; "defer run.Skip(migrate.SkipServerBroke)"
// right after TryShadow is therefore the way to give the slot back whatever happens. A nil ShadowRun ignores both.
type ShadowRun struct {
	pair    *Pair
	stage   Stage
	guard   *guard
	side    Side
	control bool
	settled atomic.Bool
	ended   bool // guarded by the mutex of the slots, as stuck is
	stuck   bool
}

// shadows is the part of a Pair that concerns shadow runs.
type shadows struct {
	config  ShadowConfig // with the defaults filled in
	every   uint64       // one run in so many is a control; 0 means none
	slots   *slots
	tracker tracker
	abandon context.Context // ended when Shutdown has waited long enough
	giveUp  context.CancelFunc
	off     atomic.Bool // see KindShadowOff

	offered  atomic.Uint64
	chosen   atomic.Uint64
	skipped  [skips]atomic.Uint64
	reserved atomic.Int64
	started  atomic.Uint64
	running  atomic.Int64 // with the stuck ones
	stuck    atomic.Int64
	results  [results]atomic.Uint64
}

func (s *shadows) init(c ShadowConfig) {
	s.config = c
	if c.Control > 0 {
		s.every = uint64(1/c.Control + 0.5)
	}
	s.slots = processSlots()
	if c.MaxConcurrent > 0 {
		s.slots = newSlots(c.MaxConcurrent)
	}
	s.abandon, s.giveUp = context.WithCancel(context.Background())
}

// TryShadow reserves a slot for a shadow of this request, or says why there is none; it never waits. It reads the method,
// the header and the declared length, keeps nothing of the request, and counts. Call it once for a request whose
// Decision.Shadow is set, before the serving side runs.
func (p *Pair) TryShadow(d Decision, r *http.Request) (*ShadowRun, Skip) {
	p.shadows.offered.Add(1)
	if why := p.refuseShadow(d, r); why != notSkipped {
		p.shadows.skipped[why].Add(1)
		return nil, why
	}
	p.shadows.reserved.Add(1)
	run := &ShadowRun{pair: p, stage: d.state.effective().Stage, guard: d.state.guard, side: d.Side.Other()}
	if n := p.shadows.chosen.Add(1); d.Side == OldSide && p.shadows.every > 0 && n%p.shadows.every == 0 {
		run.side, run.control = OldSide, true
	}
	return run, notSkipped
}

// refuseShadow asks the cheap questions first, and takes the slot last.
func (p *Pair) refuseShadow(d Decision, r *http.Request) Skip {
	s := &p.shadows
	switch c := &s.config; {
	case !d.Shadow || !p.wantsShadows():
		return SkipOff
	case !safeMethod(r.Method) && (c.AllowUnsafe == "" || r.Method == http.MethodConnect):
		return SkipMethod
	case r.Header["Upgrade"] != nil:
		return SkipUpgrade
	case r.Header["Expect"] != nil || strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		return SkipStream
	case conditional(r.Header):
		return SkipConditional
	case r.ContentLength > c.MaxBody:
		return SkipBodySize
	case c.Sample < 1 && rand.Float64() >= c.Sample:
		return SkipSample
	case processLoad.exceeds(c.MaxSchedLatency, time.Now()):
		return SkipOverload
	case !s.slots.take():
		return SkipFull
	}
	return notSkipped
}

// wantsShadows looks at the plan of now: a request that was decided before a Kill starts nothing after it.
func (p *Pair) wantsShadows() bool {
	return p.state.Load().decision.Shadow && !p.shadows.off.Load() && !p.shadows.tracker.closed.Load()
}

var conditions = [...]string{"Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range"}

func conditional(h http.Header) bool {
	for _, name := range conditions {
		if h[name] != nil {
			return true
		}
	}
	return false
}

// Side is the one to run in the shadow: the other one than serves, but in a control the old one again.
func (run *ShadowRun) Side() Side { return run.side }

// MaxBody is ShadowConfig.MaxBody: what to keep of the request and of each answer.
func (run *ShadowRun) MaxBody() int64 { return run.pair.shadows.config.MaxBody }

// Skip gives the slot back and counts the reason, unless Go or Skip was called before.
func (run *ShadowRun) Skip(why Skip) {
	if run == nil || run.settled.Swap(true) {
		return
	}
	s := &run.pair.shadows
	s.slots.release()
	s.skipped[min(why, skips-1)].Add(1)
	s.reserved.Add(-1)
}

// Go starts the candidate on a goroutine of its own and returns at once. Served is what the serving side answered;
// candidate runs the side that Side names and returns what it answered. Its context carries the values of ctx but neither its
// end nor its deadline, and is marked for IsShadow. Whatever the candidate does that the runtime survives stays in
// there: a panic or runtime.Goexit counts as its answer. Both messages belong to the run from now on.
func (run *ShadowRun) Go(ctx context.Context, served parity.Message, candidate func(context.Context) parity.Message) {
	if run == nil {
		return
	}
	p := run.pair
	if !p.wantsShadows() || !p.shadows.tracker.enter() {
		run.Skip(SkipOff)
		return
	}
	if run.settled.Swap(true) {
		p.shadows.tracker.leave()
		return
	}
	p.shadows.started.Add(1)
	p.shadows.running.Add(1)
	p.shadows.reserved.Add(-1)
	go run.run(ctx, served, candidate)
}

func (run *ShadowRun) run(ctx context.Context, served parity.Message, candidate func(context.Context) parity.Message) {
	s := &run.pair.shadows
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Timeout)
	stopAbandon := context.AfterFunc(s.abandon, cancel)
	stopHold := context.AfterFunc(ctx, func() { s.slots.hold(run) })

	var answer parity.Message
	result := ResultGoexit
	defer func() { // runtime.Goexit ends this goroutine: only what is deferred still runs
		if v := recover(); v != nil {
			result, answer = ResultPanic, parity.Message{Err: fmt.Sprintf("panic: %T", v)}
		} else if result == ResultGoexit {
			answer = parity.Message{Err: "goexit"}
		}
		if ctx.Err() != nil {
			result = ResultTimeout
		}
		stopHold()
		stopAbandon()
		cancel()
		run.finish(result, served, answer)
	}()
	marked := ctx
	if s.config.Detach != nil {
		marked = s.config.Detach(ctx)
	}
	answer = candidate(context.WithValue(marked, shadowKey{}, true))
	result = ResultEqual
}

func (run *ShadowRun) finish(result Result, served, answer parity.Message) {
	s := &run.pair.shadows
	defer s.tracker.leave()
	defer func() {
		if recover() != nil { // a comparison that panics is a fault of this module, not of a handler
			s.results[ResultDifferent].Add(1)
		}
		s.slots.end(run)
		processLoad.look(time.Now())
	}()
	s.results[run.pair.judge(run, result, served, answer)].Add(1)
}
