package migrate

import (
	"strings"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// judge compares the two answers of a run and draws the consequences. It runs on the goroutine of the shadow. This file is
// where package parity meets the rest.
func (p *Pair) judge(run *ShadowRun, result Result, served, answer parity.Message) Result {
	if run.stage == Live && run.side == OldSide {
		// The shadow is what the guard compares new with.
		p.observeShadow(run.guard, answer, result)
	}
	if result == ResultTimeout {
		return ResultTimeout
	}
	if run.control {
		p.evidence.addControl(parity.Learn(served, answer))
		return ResultControl
	}
	old, next := served, answer
	if run.side == OldSide {
		old, next = answer, served
	}
	rules := p.rules
	rules.Noise = rules.Noise.Merge(p.evidence.learned())
	verdict, notable := p.evidence.addComparison(parity.Compare(old, next, rules), func(r parity.Report) Mismatch {
		return p.describe(run, r)
	})
	if notable != nil {
		p.emit(Event{Kind: KindMismatch, From: p.Plan(), To: p.Plan(), Mismatch: notable})
	}
	if run.stage == Live && run.guard != nil {
		p.trip(run.guard, run.guard.recordComparison(verdict == ResultDifferent))
	}
	if result == ResultEqual {
		return verdict
	}
	return result
}

func (p *Pair) observeShadow(g *guard, answer parity.Message, result Result) {
	if g == nil {
		return
	}
	out := messageOutcome(answer)
	if result == ResultTimeout {
		out = Failed
	}
	g.record(OldSide, out)
}

// messageOutcome reads how a recorded answer ended.
func messageOutcome(m parity.Message) Outcome {
	class, _, _ := strings.Cut(m.Err, ":")
	switch class {
	case "":
		return OutcomeOf(m.Status, nil)
	case "panic", "goexit":
		return Panicked
	}
	return Failed
}
