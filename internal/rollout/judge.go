package rollout

// The two answers of a run are compared, and what that says goes to the evidence of the pair.

import (
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// judge runs on the goroutine of the shadow.
func (r *run) judge(result migrate.Result, served, answer parity.Message) migrate.Result {
	if r.d.New { // the shadow is what the guard holds new against
		out := messageOutcome(answer)
		if result == migrate.ResultTimeout && !r.baseline {
			out = guard.Failed
		}
		pairs.Baseline(r.pair, r.d, out)
	}
	switch {
	case result == migrate.ResultTimeout:
		return result
	case r.baseline:
		return migrate.ResultBaseline
	case r.control:
		pairs.Control(r.pair, parity.Learn(served, answer))
		return migrate.ResultControl
	}
	old, next := served, answer
	if r.side == guard.OldSide {
		old, next = answer, served
	}
	failed := !good(messageOutcome(old))
	verdict := pairs.Compared(r.pair, r.d, r.side, failed, parity.Compare(old, next, pairs.Rules(r.pair)), r.request)
	if result == migrate.ResultEqual {
		return verdict
	}
	return result
}

// messageOutcome reads how a recorded answer ended.
func messageOutcome(m parity.Message) guard.Outcome {
	class, _, _ := strings.Cut(m.Err, ":")
	switch {
	case class == "" || class == "timeout" && m.Status != 0:
		return outcomeOfStatus(m.Status)
	case class == "panic" || class == "goexit":
		return guard.Panicked
	}
	return guard.Failed
}
