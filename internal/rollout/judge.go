package rollout

// The two answers of a run are compared, and what that says goes to the evidence of the pair.

import (
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

// judge runs on the goroutine of the shadow.
func (r *run) judge(result migrate.Result, served, answer parity.Message) migrate.Result {
	if r.d.New { // the shadow is what the guard holds new against
		out := messageOutcome(answer)
		if result == migrate.ResultTimeout {
			out = migrate.Failed
		}
		pairs.Baseline(r.pair, r.d, out)
	}
	if result == migrate.ResultTimeout {
		return result
	}
	if r.control {
		pairs.Control(r.pair, parity.Learn(served, answer))
		return migrate.ResultControl
	}
	old, next := served, answer
	if r.side == migrate.OldSide {
		old, next = answer, served
	}
	verdict := pairs.Compared(r.pair, r.d, r.side, parity.Compare(old, next, pairs.Rules(r.pair)))
	if result == migrate.ResultEqual {
		return verdict
	}
	return result
}

// messageOutcome reads how a recorded answer ended.
func messageOutcome(m parity.Message) migrate.Outcome {
	class, _, _ := strings.Cut(m.Err, ":")
	switch class {
	case "":
		return outcomeOfStatus(m.Status)
	case "panic", "goexit":
		return migrate.Panicked
	}
	return migrate.Failed
}
