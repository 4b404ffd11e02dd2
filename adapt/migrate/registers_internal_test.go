package migrate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// The model: three registers, and what is in force.
type model struct {
	wanted        Plan
	held, latched int    // which Kill and which trip holds it, counted from 1; 0 is none
	document      string // the text of the hold of the document
}

func (m *model) inForce() Plan {
	if m.holds() {
		return Plan{}
	}
	return m.wanted
}

func (m *model) holds() bool { return m.held+m.latched > 0 || m.document != "" }

// Reset fails where something has held the pair since it was called.
func (m *model) reset(called model) error {
	switch {
	case m.held != called.held || m.latched != called.latched:
		return ErrOvertaken
	case !m.holds():
		return ErrNotHeld
	}
	m.held, m.latched = 0, 0
	if m.document != "" {
		return ErrHeld
	}
	return nil
}

// A script is one of several that act on a pair at once.
type script struct {
	t    *testing.T
	rng  *rand.Rand
	p    *Pair
	m    *model
	deep int
	n    int // kills and trips so far
	path []string
}

var somePlans = []Plan{{}, {Stage: Shadow}, {Stage: Canary, Share: 0.1}, {Stage: Canary, Share: 0.5}, {Stage: Live}, {Stage: New}}

// act does something at random. In the middle of it, between its look at the state and its change,
// others may act.
func (s *script) act() {
	before := s.p.between
	defer func() { s.p.between = before }()
	s.p.between = func() {
		s.p.between = nil
		for s.deep < 4 && s.rng.IntN(2) == 0 {
			s.deep++
			s.act()
			s.deep--
		}
	}
	var got, want error
	called, name := *s.m, ""
	switch s.rng.IntN(7) {
	case 0, 1:
		plan := somePlans[s.rng.IntN(len(somePlans))]
		name, got = fmt.Sprint("set ", plan), s.p.Set(plan, "script")
		s.m.wanted = plan
		if s.m.holds() {
			want = ErrHeld
		}
	case 2:
		name = "kill"
		s.p.Kill("test", "script")
		s.n++
		s.m.held = s.n
	case 3:
		name = "trip"
		st := s.p.state.Load()
		epoch := st.watch
		s.p.trip(epoch.Guard, &Trip{Reason: TripErrors})
		if s.m.inForce().Stage != Old && s.m.inForce().Stage != New && s.p.state.Load().watch == epoch {
			s.n++
			s.m.latched = s.n
		}
	case 4:
		name, got = "reset", s.p.Reset("script")
		want = s.m.reset(called)
	case 5:
		name = "document holds"
		text := fmt.Sprint("text ", s.rng.IntN(2))
		s.p.holdByDocument(text, "script")
		s.m.document = text
	case 6:
		name = "document releases"
		text := fmt.Sprint("text ", s.rng.IntN(2))
		s.p.releaseByDocument(text, "script")
		if s.m.document == text {
			s.m.document = ""
		}
	}
	s.path = append(s.path, name)
	if !errors.Is(got, want) {
		s.t.Fatalf("%v: error %v, want %v", s.path, got, want)
	}
}

// Whatever scripts and documents do at once, what is in force follows from the registers, and only
// Set, Reset and a release ever give new more.
func TestRegistersFollowTheirModel(t *testing.T) {
	for seed := range uint64(1000) {
		p, err := NewPair(Config{Key: HeaderKey("Key")})
		if err != nil {
			t.Fatal(err)
		}
		s := &script{t: t, rng: rand.New(rand.NewPCG(seed, 1)), p: p, m: &model{}}
		for range 12 {
			s.act()
			is := p.Snapshot()
			if is.Plan != s.m.inForce() || is.Wanted != s.m.wanted || (is.Held != nil) != (s.m.held > 0) || (is.Latched != nil) != (s.m.latched > 0) || (is.Document != nil) != (s.m.document != "") {
				t.Fatalf("seed %d: after %v: plan %v, wanted %v, held %+v, latched %+v; the model has %+v", seed, s.path, is.Plan, is.Wanted, is.Held, is.Latched, *s.m)
			}
		}
	}
}

// A Reset that began before a Kill was called in ignorance of it.
func TestResetDoesNotUndoWhatItDidNotSee(t *testing.T) {
	p, err := NewPair(Config{Plan: Plan{Stage: Live}})
	if err != nil {
		t.Fatal(err)
	}
	p.Kill("before", "bob")
	p.between = func() {
		p.between = nil
		p.Kill("now", "ann")
	}
	if err := p.Reset("bob"); !errors.Is(err, ErrOvertaken) || p.Plan().Stage != Old || p.Snapshot().Held.Reason != "now" {
		t.Errorf("Reset: %v; plan %v, held %+v", err, p.Plan(), p.Snapshot().Held)
	}
}
