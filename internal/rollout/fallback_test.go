package rollout

import (
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/guard"
)

func TestFallbackVerdict(t *testing.T) {
	replayable := func(method string, out guard.Outcome) attempt {
		return attempt{method: method, outcome: out, replayable: true}
	}
	committed := replayable("GET", guard.Failed)
	committed.committed = true
	committedDecline := replayable("GET", guard.Declined)
	committedDecline.committed = true
	late := func(left time.Duration) attempt {
		a := replayable("GET", guard.Failed)
		a.budget, a.left = 10*time.Second, left
		return a
	}
	for _, c := range []struct {
		rule    string
		attempt attempt
		policy  migrate.FallbackPolicy
		want    migrate.Fallback
	}{
		{"a failed GET falls back", replayable("GET", guard.Failed), 0, migrate.FallbackRun},
		{"a panic does", replayable("GET", guard.Panicked), 0, migrate.FallbackRun},
		{"HEAD does", replayable("HEAD", guard.Failed), 0, migrate.FallbackRun},
		{"OPTIONS does", replayable("OPTIONS", guard.Failed), 0, migrate.FallbackRun},
		{"an abort is meant", replayable("GET", guard.Broken), 0, migrate.FallbackCommitted},
		{"nobody is there any more", replayable("GET", guard.Gone), 0, migrate.FallbackGone},
		{"never after the head is out", committed, 0, migrate.FallbackCommitted},
		{"not even for a decline", committedDecline, 0, migrate.FallbackCommitted},
		{"a failed POST may have written", replayable("POST", guard.Failed), 0, migrate.FallbackUnsafe},
		{"a failed PUT, too", replayable("PUT", guard.Panicked), 0, migrate.FallbackUnsafe},
		{"a declined POST has not", replayable("POST", guard.Declined), 0, migrate.FallbackRun},
		{"the body must be there again", attempt{method: "GET", outcome: guard.Failed}, 0, migrate.FallbackBody},
		{"also for a decline", attempt{method: "POST", outcome: guard.Declined}, 0, migrate.FallbackBody},
		{"a fifth of the time is enough", late(2 * time.Second), 0, migrate.FallbackRun},
		{"less is not", late(2*time.Second - 1), 0, migrate.FallbackLate},
		{"nor is none", late(-time.Second), 0, migrate.FallbackLate},
		{"DeclinedOnly lets declines", replayable("POST", guard.Declined), migrate.FallbackDeclined, migrate.FallbackRun},
		{"and no failures", replayable("GET", guard.Failed), migrate.FallbackDeclined, migrate.FallbackForbidden},
		{"Off lets neither", replayable("GET", guard.Declined), migrate.FallbackOff, migrate.FallbackForbidden},
	} {
		if got := c.attempt.verdict(c.policy); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// Whatever the attempt: never after a committed byte, never for an unsafe method that did not
// decline, never without the body, and never for an answer.
func TestFallbackNeverHarms(t *testing.T) {
	for code := range 5 * 2 * 2 * 2 * 3 * 3 {
		pick := func(n int) int { k := code % n; code /= n; return k }
		a := attempt{outcome: guard.Failed + guard.Outcome(pick(5)), committed: pick(2) == 1, replayable: pick(2) == 1}
		a.method = []string{"GET", "POST"}[pick(2)]
		a.budget = time.Duration(pick(3)) * time.Second
		policy := migrate.FallbackPolicy(pick(3))
		if a.verdict(policy) != migrate.FallbackRun {
			continue
		}
		failed := a.outcome == guard.Failed || a.outcome == guard.Panicked || a.outcome == guard.Declined
		if a.committed || !a.replayable || !failed || a.method == "POST" && a.outcome != guard.Declined || a.budget > 0 || policy == migrate.FallbackOff {
			t.Errorf("%+v under policy %d falls back", a, policy)
		}
	}
}
