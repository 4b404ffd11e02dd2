package decision_test

import (
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
)

// A key decides between the two sides; everything else that the plan says is kept.
func TestKeys(t *testing.T) {
	canary := decision.Decision{ByKey: true, Points: 100, Bucket: -1, Shadow: true, Watched: true, Stage: 2, Epoch: 7}
	live := decision.Decision{ByKey: true, Points: 9900, Bucket: -1, New: true, Shadow: true, Fallback: true, Watched: true}
	keyed := func(d decision.Decision, bucket int32, onNew, shadow bool) decision.Decision {
		return with(d, func(d *decision.Decision) {
			d.ByKey, d.Bucket, d.Key, d.New, d.Fallback, d.Shadow = false, bucket, 5, onNew, onNew, shadow
		})
	}
	for _, c := range []struct {
		rule      string
		got, want decision.Decision
	}{
		{"canary: without a key old serves", canary.WithoutKey(), with(canary, func(d *decision.Decision) { d.ByKey = false })},
		{"canary: the last bucket of the share is on new, without a shadow", canary.Keyed(99, 5), keyed(canary, 99, true, false)},
		{"canary: the next one is on old, with one", canary.Keyed(100, 5), keyed(canary, 100, false, true)},
		{"live: without a key new serves", live.WithoutKey(), with(live, func(d *decision.Decision) { d.ByKey = false })},
		{"live: new has old as its shadow", live.Keyed(9899, 5), keyed(live, 9899, true, true)},
		{"live: who is held back has new as a shadow", live.Keyed(9900, 5), keyed(live, 9900, false, true)},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", c.rule, c.got, c.want)
		}
	}
}

func with(d decision.Decision, change func(*decision.Decision)) decision.Decision {
	change(&d)
	return d
}

// What Now tells is a time again, and does not go back.
func TestNow(t *testing.T) {
	before := time.Now()
	now := decision.Now()
	if at := decision.At(now); at.Before(before) || at.After(time.Now()) || decision.Now() < now {
		t.Errorf("%v is %v, between %v and %v", now, at, before, time.Now())
	}
}
