package decision_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/decision"
)

// A key decides between the two sides, and a request without one stays on old; everything else that
// the plan says is kept.
func TestKeys(t *testing.T) {
	plan := decision.Decision{ByKey: true, Points: 100, Bucket: -1, Shadow: true, Watched: true, Stage: 2, Epoch: 7}
	old := plan
	old.ByKey = false
	for _, c := range []struct {
		rule      string
		got, want decision.Decision
	}{
		{"without a key old serves, and says so", plan.WithoutKey(), with(old, func(d *decision.Decision) { d.Keyless = true })},
		{"the last bucket of the share is on new", plan.Keyed(99), with(old, func(d *decision.Decision) {
			d.Bucket, d.New, d.Shadow, d.Fallback = 99, true, false, true
		})},
		{"the next one is on old", plan.Keyed(100), with(old, func(d *decision.Decision) { d.Bucket = 100 })},
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
