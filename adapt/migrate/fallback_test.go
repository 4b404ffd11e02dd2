package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

func TestFallbackVerdict(t *testing.T) {
	replayable := func(method string, out migrate.Outcome) migrate.Attempt {
		return migrate.Attempt{Method: method, Outcome: out, Replayable: true}
	}
	committed := replayable("GET", migrate.Failed)
	committed.Committed = true
	committedDecline := replayable("GET", migrate.Declined)
	committedDecline.Committed = true
	late := func(left time.Duration) migrate.Attempt {
		a := replayable("GET", migrate.Failed)
		a.Budget, a.Left = 10*time.Second, left
		return a
	}
	for _, c := range []struct {
		rule    string
		attempt migrate.Attempt
		policy  migrate.FallbackPolicy
		want    migrate.Fallback
	}{
		{"a failed GET falls back", replayable("GET", migrate.Failed), 0, migrate.FallbackRun},
		{"a panic does", replayable("GET", migrate.Panicked), 0, migrate.FallbackRun},
		{"HEAD does", replayable("HEAD", migrate.Failed), 0, migrate.FallbackRun},
		{"OPTIONS does", replayable("OPTIONS", migrate.Failed), 0, migrate.FallbackRun},
		{"an answer needs none", replayable("GET", migrate.Answered), 0, migrate.FallbackNotNeeded},
		{"a 4xx is an answer", replayable("GET", migrate.Refused), 0, migrate.FallbackNotNeeded},
		{"an abort is meant", replayable("GET", migrate.Broken), 0, migrate.FallbackCommitted},
		{"nobody is there any more", replayable("GET", migrate.ClientGone), 0, migrate.FallbackGone},
		{"never after the head is out", committed, 0, migrate.FallbackCommitted},
		{"not even for a decline", committedDecline, 0, migrate.FallbackCommitted},
		{"a failed POST may have written", replayable("POST", migrate.Failed), 0, migrate.FallbackUnsafe},
		{"a failed PUT, too", replayable("PUT", migrate.Panicked), 0, migrate.FallbackUnsafe},
		{"a declined POST has not", replayable("POST", migrate.Declined), 0, migrate.FallbackRun},
		{"the body must be there again", migrate.Attempt{Method: "GET", Outcome: migrate.Failed}, 0, migrate.FallbackBody},
		{"also for a decline", migrate.Attempt{Method: "POST", Outcome: migrate.Declined}, 0, migrate.FallbackBody},
		{"a fifth of the time is enough", late(2 * time.Second), 0, migrate.FallbackRun},
		{"less is not", late(2*time.Second - 1), 0, migrate.FallbackLate},
		{"nor is none", late(-time.Second), 0, migrate.FallbackLate},
		{"DeclinedOnly lets declines", replayable("POST", migrate.Declined), migrate.FallbackDeclined, migrate.FallbackRun},
		{"and no failures", replayable("GET", migrate.Failed), migrate.FallbackDeclined, migrate.FallbackForbidden},
		{"Off lets neither", replayable("GET", migrate.Declined), migrate.FallbackOff, migrate.FallbackForbidden},
	} {
		if got := c.attempt.Verdict(c.policy); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// Whatever the attempt: never after a committed byte, never for an unsafe method that did not decline, never without the
// body, and never for an answer.
func TestFallbackNeverHarms(t *testing.T) {
	for code := range 7 * 2 * 2 * 2 * 3 * 3 {
		pick := func(n int) int { k := code % n; code /= n; return k }
		a := migrate.Attempt{Outcome: migrate.Outcome(pick(7)), Committed: pick(2) == 1, Replayable: pick(2) == 1}
		a.Method = []string{"GET", "POST"}[pick(2)]
		a.Budget = time.Duration(pick(3)) * time.Second
		policy := migrate.FallbackPolicy(pick(3))
		if a.Verdict(policy) != migrate.FallbackRun {
			continue
		}
		failed := a.Outcome == migrate.Failed || a.Outcome == migrate.Panicked || a.Outcome == migrate.Declined
		if a.Committed || !a.Replayable || !failed || a.Method == "POST" && a.Outcome != migrate.Declined || a.Budget > 0 || policy == migrate.FallbackOff {
			t.Errorf("%+v under policy %d falls back", a, policy)
		}
	}
}

func TestFallBackFollowsTheStage(t *testing.T) {
	a := migrate.Attempt{Method: "GET", Outcome: migrate.Failed, Replayable: true}
	for _, plan := range everyPlan {
		plan.Share = 0
		if plan.Stage == migrate.Canary {
			plan.Share = 1
		}
		p := newPair(t, migrate.Config{Plan: plan, Key: byHeader})
		want := migrate.FallbackForbidden
		if plan.Stage == migrate.Canary || plan.Stage == migrate.Live {
			want = migrate.FallbackRun
		}
		d := p.Decide(withKey("k"))
		if got := p.FallBack(d, a); got != want {
			t.Errorf("%v: %v, want %v", plan, got, want)
		}
		p.Kill("test") // the request goes on as it was decided
		if got := p.FallBack(d, a); got != want {
			t.Errorf("%v, killed meanwhile: %v, want %v", plan, got, want)
		}
		if diff := cmp.Diff(map[migrate.Fallback]uint64{want: 2}, p.Snapshot().Fallbacks); diff != "" {
			t.Errorf("%v: counted (-want +got):\n%s", plan, diff)
		}
	}
}

type coded int

func (c coded) Error() string   { return "coded" }
func (c coded) StatusCode() int { return int(c) }

func TestOutcomeOf(t *testing.T) {
	for _, c := range []struct {
		rule   string
		status int
		err    error
		want   migrate.Outcome
	}{
		{"200", 200, nil, migrate.Answered},
		{"304", 304, nil, migrate.Answered},
		{"404", 404, nil, migrate.Refused},
		{"499", 499, nil, migrate.Refused},
		{"500", 500, nil, migrate.Failed},
		{"599", 599, nil, migrate.Failed},
		{"an error", 0, errors.New("x"), migrate.Failed},
		{"an error with a 4xx", 0, coded(404), migrate.Refused},
		{"also wrapped", 0, fmt.Errorf("no: %w", coded(404)), migrate.Refused},
		{"an error with a 5xx", 0, coded(503), migrate.Failed},
		{"an error beats a status", 200, coded(503), migrate.Failed},
		{"ErrDecline", 0, migrate.ErrDecline, migrate.Declined},
		{"ErrDecline with a reason", 0, fmt.Errorf("not my tenant: %w", migrate.ErrDecline), migrate.Declined},
		{"an abort", 0, http.ErrAbortHandler, migrate.Broken},
		{"the end of the context", 0, context.Canceled, migrate.Failed},
	} {
		if got := migrate.OutcomeOf(c.status, c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}
