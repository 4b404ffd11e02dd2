package guard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// What a plan will let the guard see is told when it comes into force.
func TestBeginSaysWhatWillBeSeen(t *testing.T) {
	for _, c := range []struct {
		name  string
		means guard.Means
		state guard.State
		why   guard.Why
	}{
		{"nothing goes to new", guard.Means{}, guard.Idle, 0},
		{"a canary", guard.Means{Share: 0.5, Keyed: true}, guard.Watching, 0},
		{"a canary of POSTs", guard.Means{Share: 0.5, Keyed: true, Unsafe: true}, guard.Watching, 0},
		{"a canary without keys", guard.Means{Share: 0.5}, guard.Blind, guard.NoKey},
		{"a canary that leaves old 1 %, without a fallback", guard.Means{Share: 0.99, Keyed: true, Unsafe: true}, guard.Weak, 0},
		{"a canary of all POSTs", guard.Means{Share: 1, Keyed: true, Unsafe: true, Fallback: true, Shadow: 1}, guard.Blind, guard.NoMethod},
		{"Live with shadows", guard.Means{Share: 1, Shadow: 1}, guard.Watching, 0},
		{"Live with a fallback alone", guard.Means{Share: 1, Fallback: true}, guard.Watching, 0},
		{"Live with nothing", guard.Means{Share: 1}, guard.Blind, guard.NoHoldback},
		{"Live, and the shadows are off", guard.Means{Share: 1, Shadow: 1, ShadowsOff: true}, guard.Blind, guard.ShadowsOff},
		{"Live with a hold-back of 1 %", guard.Means{Share: 0.99, Keyed: true, Unsafe: true}, guard.Weak, 0},
		{"Live with a hold-back and no key", guard.Means{Share: 0.99, Unsafe: true}, guard.Blind, guard.NoKey},
	} {
		s := guard.New(guard.Config{}, begin, nil).Begin(begin, c.means)
		if s.State != c.state || s.Why != c.why {
			t.Errorf("%s: %v %q, want %v %q", c.name, s.State, s.Why, c.state, c.why)
		}
		if watches := s.State == guard.Watching || s.State == guard.Weak; watches != (s.From > 0) {
			t.Errorf("%s: %v sees from %v on", c.name, s.State, s.From)
		}
	}
}

// The word changes with what is heard, is told once, and not for a moment's silence.
func TestSightChanges(t *testing.T) {
	type step struct {
		seconds int
		each    []guard.Observation
	}
	shadowGood := echo(guard.Shadowed, guard.Answered)
	for _, c := range []struct {
		name  string
		means guard.Means
		steps []step
		told  []string
	}{
		{"all is well", canary, []step{{60, []guard.Observation{oldGood, newGood}}}, nil},
		{"old says nothing for a moment", post, []step{{30, []guard.Observation{oldGood, newGood}}, {2, []guard.Observation{newGood}}, {60, []guard.Observation{oldGood, newGood}}}, nil},
		{"no key ever comes", post, []step{{60, []guard.Observation{newGood}}}, []string{"blind: old is silent"}},
		{"the shadows stop, and go on", guard.Means{Share: 1, Shadow: 1}, []step{
			{60, []guard.Observation{newGood, shadowGood}}, {180, []guard.Observation{newGood}}, {180, []guard.Observation{newGood, shadowGood}}},
			[]string{"blind: old is silent", "watching"}},
		{"old fails more than half, and recovers", post, []step{
			{20, []guard.Observation{oldGood, newGood}}, {20, []guard.Observation{of(guard.OldSide, guard.Failed), newGood}}, {20, []guard.Observation{oldGood, newGood}}},
			[]string{"blind: old fails", "watching"}},
		{"silence of old is health where it answers what new fails", guard.Means{Share: 1, Keyed: true, Fallback: true}, []step{{300, []guard.Observation{newGood}}}, nil},
	} {
		p := newPair(guard.Config{Ceiling: -1}, c.means)
		for _, s := range c.steps {
			p.play(s.seconds*100/len(s.each), s.each...)
		}
		var told []string
		for _, s := range p.told {
			word := s.State.String()
			if s.Why != 0 {
				word += ": " + s.Why.String()
			}
			told = append(told, word)
		}
		if diff := cmp.Diff(c.told, told); diff != "" {
			t.Errorf("%s: told (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestIdle(t *testing.T) {
	p := newPair(guard.Config{}, post)
	p.play(100, oldGood, newGood)
	if s := p.Sight(p.now); s.State != guard.Watching {
		t.Errorf("with traffic: %v", s.State)
	}
	if s := p.Sight(p.now.Add(2 * time.Minute)); s.State != guard.Idle {
		t.Errorf("two minutes without a request: %v", s.State)
	}
}

// Clients that leave, and durations, need answers of old to clients of its own.
func TestUnseenRules(t *testing.T) {
	for _, c := range []struct {
		means guard.Means
		want  []guard.Reason
	}{
		{canary, nil},
		{live, []guard.Reason{guard.Hangs, guard.Slowness}},
		{guard.Means{Share: 0.99, Keyed: true, Shadow: 1}, nil},
	} {
		s := guard.New(guard.Config{}, begin, nil).Begin(begin, c.means)
		if diff := cmp.Diff(c.want, s.Unseen); diff != "" {
			t.Errorf("%+v: unseen (-want +got):\n%s", c.means, diff)
		}
	}
}

func TestWordsOfEnumerations(t *testing.T) {
	seen := map[string]bool{}
	see := func(word string) (known bool) {
		if strings.HasPrefix(word, "guard.") {
			return false
		}
		if seen[word] || word == "" || word == "none" {
			t.Errorf("the word %q is that of two values, or of none", word)
		}
		seen[word] = true
		return true
	}
	for s := guard.Idle; see(s.String()); s++ {
	}
	for w := guard.NoHoldback; see(w.String()); w++ {
	}
	for r := guard.Errors; see(r.String()); r++ {
	}
	if len(seen) != 17 {
		t.Errorf("%d words for 4 states, 6 whys and 7 reasons: %v", len(seen), seen)
	}
	if got := guard.Why(99).String(); got != "guard.Why(99)" {
		t.Errorf("a value that is not in the enumeration is %q", got)
	}
}
