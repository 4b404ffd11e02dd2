package guard_test

import (
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// The trip comes once, with the first outcome after a block in which the evidence went beyond chance.
func TestTripsAfterTheDwellAndOnce(t *testing.T) {
	start := time.Unix(0, 0)
	g := guard.New(guard.Config{}, start, nil)
	g.Begin(start, guard.Means{Share: 0.5, Keyed: true})
	var trips []time.Duration
	for i := range 10_000 {
		at := time.Duration(i) * 10 * time.Millisecond
		o := guard.Observation{Side: guard.Side(i & 1), End: start.Add(at)}
		if o.Side == guard.NewSide && at > 20*time.Second {
			o.Outcome = guard.Failed
		}
		if f := g.Observe(o); f != nil && f.Trip != nil {
			trips = append(trips, at)
			if f.Trip.Reason != guard.Errors {
				t.Errorf("tripped by %v, want errors", f.Trip.Reason)
			}
		}
	}
	if len(trips) != 1 || trips[0] < 22*time.Second || trips[0] > 24*time.Second {
		t.Errorf("new fails from 20 s on: tripped at %v, want once at about 22.5 s", trips)
	}
}
