package migrate

import (
	"errors"
	"testing"
)

// A Set or Reset that began before a Kill was made in ignorance of it. The Kill happens here in the middle of the change,
// where no test from outside can put it.
func TestKillIsNotUndoneByAnOlderSet(t *testing.T) {
	for name, hold := range map[string]func(p *Pair, s *state){
		"kill": func(p *Pair, _ *state) { p.Kill("now") },
		"trip": func(p *Pair, s *state) { p.trip(s.guard, Trip{Reason: TripErrors}) },
	} {
		p, err := NewPair(Config{Plan: Plan{Stage: Live}})
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		err = p.change(Event{}, func(was *state) (*state, error) {
			calls++
			hold(p, was)
			return newState(Plan{Stage: New}, nil, was.guard), nil
		})
		if !errors.Is(err, ErrOvertaken) || calls != 1 {
			t.Errorf("%s: a change begun before it ended with %v after %d attempts, want ErrOvertaken", name, err, calls)
		}
		if got := p.Plan(); got.Stage != Old {
			t.Errorf("%s was undone: plan %v", name, got)
		}
	}
}

// Another Set in between is no reason to fail: the later one holds.
func TestSetBesideSet(t *testing.T) {
	p, err := NewPair(Config{})
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	err = p.change(Event{}, func(was *state) (*state, error) {
		if calls++; calls == 1 {
			if err := p.Set(Plan{Stage: Shadow}, "other"); err != nil {
				t.Fatal(err)
			}
		}
		return newState(Plan{Stage: New}, nil, was.guard), nil
	})
	if err != nil || calls != 2 || p.Plan().Stage != New {
		t.Errorf("%v after %d attempts, plan %v; want the plan New after 2", err, calls, p.Plan())
	}
}
