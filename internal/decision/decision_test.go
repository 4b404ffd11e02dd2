package decision_test

import (
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// A key decides between the two sides; everything else that the plan says is kept.
func TestKeys(t *testing.T) {
	canary := decision.Plan{ByKey: true, Points: 100, Shadow: true, Watched: true, Stage: 2, Guard: new(guard.Guard)}
	live := decision.Plan{ByKey: true, Points: 9900, New: true, Shadow: true, Fallback: true, Watched: true}
	for _, c := range []struct {
		rule              string
		plan              decision.Plan
		bucket            int32 // -1: no key
		onNew, shadow, fb bool
	}{
		{"canary: without a key old serves", canary, -1, false, true, false},
		{"canary: the last bucket of the share is on new, without a shadow", canary, 99, true, false, true},
		{"canary: the next one is on old, with one", canary, 100, false, true, false},
		{"live: without a key new serves", live, -1, true, true, true},
		{"live: new has old as its shadow", live, 9899, true, true, true},
		{"live: who is held back has new as a shadow", live, 9900, false, true, false},
	} {
		d, want := c.plan.Decide(), decision.Decision{Bucket: c.bucket}
		d.Began = 3
		if want.Began = 3; c.bucket < 0 {
			d = d.WithoutKey()
		} else {
			d, want.Key = d.Keyed(c.bucket, 5), 5
		}
		plan := c.plan
		plan.ByKey, plan.New, plan.Shadow, plan.Fallback = false, c.onNew, c.shadow, c.fb
		if want.Plan = d.Plan; d != want || *d.Plan != plan {
			t.Errorf("%s: %+v of %+v, want %+v of %+v", c.rule, d, *d.Plan, want, plan)
		}
	}
}

// What Now tells is a time again, and does not go back.
func TestNow(t *testing.T) {
	before := time.Now()
	now := decision.Now()
	if at := decision.At(now); at.Before(before) || at.After(time.Now()) || decision.Now() < now {
		t.Errorf("%v is %v, between %v and %v", now, at, before, time.Now())
	}
}
