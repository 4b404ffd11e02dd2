package migrate

import (
	"strconv"
	"time"
)

// When new fails, old may answer instead, as if new had never run. That holds only while nothing of new's answer is out,
// while old can be given the very request that new got, and while running a handler twice does no harm, which for a method
// that changes something only the new handler itself can promise, by ErrDecline.

// FallbackPolicy says which failures of new the old side answers for. The zero value is FallbackSafe.
type FallbackPolicy uint8

const (
	FallbackSafe     FallbackPolicy = iota // failures of GET, HEAD and OPTIONS, and ErrDecline for every method
	FallbackDeclined                       // ErrDecline only
	FallbackOff                            // none
)

// Attempt is how new ended, for FallBack.
type Attempt struct {
	Method     string
	Outcome    Outcome
	Committed  bool          // the head of an answer is out
	Replayable bool          // the request body, if any, is at hand as new found it
	Left       time.Duration // until the deadline of the request
	Budget     time.Duration // from its start to its deadline; 0 means that there is none
}

// Fallback is the verdict on an attempt.
type Fallback uint8

const (
	FallbackRun       Fallback = iota // let old answer
	FallbackNotNeeded                 // new has answered
	FallbackForbidden                 // by the stage or the policy
	FallbackGone                      // the client has left
	FallbackCommitted                 // a part of new's answer is out
	FallbackUnsafe                    // the method may have changed something already
	FallbackBody                      // the request body is not at hand any more
	FallbackLate                      // less than a fifth of the time for the request is left
	fallbacks         = iota
)

var fallbackNames = [fallbacks]string{"run", "not-needed", "forbidden", "gone", "committed", "unsafe", "body", "late"}

// String is a word for logs and metric labels.
func (f Fallback) String() string {
	if int(f) < len(fallbackNames) {
		return fallbackNames[f]
	}
	return "Fallback(" + strconv.Itoa(int(f)) + ")"
}

// MarshalText makes the verdict a word in JSON, also as the key of a map.
func (f Fallback) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Verdict applies the rule under a policy. It is a pure function; Pair.FallBack also looks at the decision, and counts.
func (a Attempt) Verdict(policy FallbackPolicy) Fallback {
	switch a.Outcome {
	case Answered, Refused:
		return FallbackNotNeeded
	case ClientGone:
		return FallbackGone
	case Broken:
		return FallbackCommitted // an abort is meant to be seen by the client
	}
	switch {
	case policy == FallbackOff, policy == FallbackDeclined && a.Outcome != Declined:
		return FallbackForbidden
	case a.Committed:
		return FallbackCommitted
	case a.Outcome != Declined && !safeMethod(a.Method):
		return FallbackUnsafe
	case !a.Replayable:
		return FallbackBody
	case a.Budget > 0 && a.Left < a.Budget/5:
		return FallbackLate
	}
	return FallbackRun
}

// FallBack says whether old answers in place of new, and counts the verdict. Ask once per request, after new has ended
// without a complete answer; FallbackRun is given only for a request that the plan lets fall back. When old fails too,
// its failure is the answer.
func (p *Pair) FallBack(d Decision, a Attempt) Fallback {
	verdict := a.Verdict(p.fallback)
	if verdict == FallbackRun && !d.Fallback {
		verdict = FallbackForbidden
	}
	p.fellBack[verdict].Add(1)
	return verdict
}
