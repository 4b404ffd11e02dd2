package rollout

// A shadow run has three steps, so that the request that is served waits for nothing:
//
//  1. reserve, before the serving side runs: decides, and makes room for what will be kept. A request
//     that is not chosen costs nothing more. The caller then clones what the candidate will need,
//     because the serving side may change it, and reads the body through a tee.
//  2. start, after the serving side has answered: the candidate runs on another goroutine, with its
//     own deadline, on the clone, if a slot is free.
//  3. The two recorded answers are compared there, and counted.
//
// Code that finds in between that the request is not fit for a comparison calls skip.

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/overload"
	"github.com/crossfade-go/crossfade/internal/slots"
)

// run is a reserved shadow. Exactly one of start and skip takes effect, the first. A nil run
// ignores both.
type run struct {
	pair    *migrate.Pair
	d       decision.Decision
	side    guard.Side // the one to run
	control bool       // the side that serves runs again, to learn what differs without cause

	// baseline says that there is nothing to compare: the run tells the guard what old comes to
	// where new has broken.
	baseline bool

	request func() string // shows the request

	slot    *slots.Slot
	done    func() // tells whoever waits for what goes on after the answer
	settled atomic.Bool
}

// reserve makes room for a shadow of this request, or says why there is none; it never waits. Call
// it once for a request whose decision wants a shadow, before the serving side runs.
func (s *Sides) reserve(d decision.Decision, r *http.Request) (*run, migrate.Skip) {
	why := s.unfit(d, r)
	var slot *slots.Slot
	if why == "" {
		if slot = pairs.Slots(s.Pair).Reserve(); slot == nil {
			why = migrate.SkipMemory
		}
	}
	if why != "" {
		pairs.Refused(s.Pair, why)
		return nil, why
	}
	pairs.Reserved(s.Pair)
	run := &run{pair: s.Pair, d: d, side: guard.NewSide, slot: slot, done: func() {}}
	if d.New {
		run.side = guard.OldSide
	} else if s.controlNext() {
		run.side, run.control = guard.OldSide, true
	}
	return run, ""
}

// controlNext reports whether the next run is a control: one in so many, as ShadowConfig.Control
// says.
func (s *Sides) controlNext() bool {
	share := pairs.Config(s.Pair).Shadow.Control
	if share <= 0 {
		return false
	}
	return s.chosen.Add(1)%uint64(1/share+0.5) == 0
}

// skip gives back what was reserved and counts the reason, unless start or skip was called before.
func (r *run) skip(why migrate.Skip) {
	if r == nil || r.settled.Swap(true) {
		return
	}
	r.slot.Release()
	pairs.Dropped(r.pair, why)
	r.done()
}

// start starts the candidate on a goroutine of its own and returns at once. Served says what the
// serving side answered, on that goroutine; candidate runs the other side and returns what it
// answered. Its context carries the values of ctx but neither its end nor its deadline, and is marked
// for migrate.IsShadow. Whatever the candidate does that the runtime survives stays in there: a panic
// or runtime.Goexit counts as its answer. Both messages belong to the run from now on.
func (r *run) start(ctx context.Context, served func() parity.Message, candidate func(context.Context, parity.Message) parity.Message) {
	switch {
	case r == nil || r.settled.Load():
	case !pairs.WantsShadows(r.pair):
		r.skip(migrate.SkipOff)
	case r.settled.Swap(true):
	case !r.slot.Start():
		r.slot.Release()
		pairs.Dropped(r.pair, migrate.SkipFull)
		r.done()
	default:
		pairs.Started(r.pair)
		go r.run(ctx, served, candidate)
	}
}

func (r *run) run(ctx context.Context, served func() parity.Message, candidate func(context.Context, parity.Message) parity.Message) {
	config := &pairs.Config(r.pair).Shadow
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.Timeout)
	stopAbandon := context.AfterFunc(pairs.Slots(r.pair).Abandoned(), cancel)
	stopOverdue := context.AfterFunc(ctx, r.slot.Overdue)

	var message, answer parity.Message
	result := migrate.ResultGoexit
	defer func() { // runtime.Goexit ends this goroutine: only what is deferred still runs
		if v := recover(); v != nil {
			result, answer = migrate.ResultPanic, parity.Message{Err: fmt.Sprintf("panic: %T", v)}
		} else if result == migrate.ResultGoexit {
			answer = parity.Message{Err: "goexit"}
		}
		if ctx.Err() != nil {
			result = migrate.ResultTimeout
		}
		stopOverdue()
		stopAbandon()
		cancel()
		r.finish(result, message, answer)
	}()
	marked := ctx
	if config.Detach != nil {
		marked = config.Detach(ctx)
	}
	if err := exchange.Caught(func() error { message = served(); return nil }); err != nil {
		r.baseline = true // there is nothing to compare
	}
	answer = candidate(pairs.MarkShadow(marked), message)
	result = migrate.ResultEqual
}

func (r *run) finish(result migrate.Result, served, answer parity.Message) {
	defer func() {
		if recover() != nil { // a comparison that panics is a fault of this module, not of a handler
			pairs.Ended(r.pair, migrate.ResultDifferent)
		}
		r.slot.End()
		overload.Process.Look(time.Now())
		r.done()
	}()
	pairs.Ended(r.pair, r.judge(result, served, answer))
}
