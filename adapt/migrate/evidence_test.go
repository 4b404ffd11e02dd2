package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

func jsonAnswer(format string, args ...any) parity.Message {
	return parity.Message{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Appendf(nil, format, args...)}
}

func uuid(rng *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rng.Uint32(), rng.IntN(1<<16), rng.IntN(1<<12), rng.IntN(1<<12), rng.Int64N(1<<48))
}

// noisy is a handler whose answers have an identifier, a time and an order of their own each time.
func noisy(rng *rand.Rand, clock *int) parity.Message {
	*clock++
	at := time.Date(2026, 1, 1, 0, 0, *clock, 0, time.UTC).Format(time.RFC3339)
	tags := []string{`"a"`, `"b"`, `"c"`}
	rng.Shuffle(len(tags), func(i, j int) { tags[i], tags[j] = tags[j], tags[i] })
	return jsonAnswer(`{"id":%q,"at":%q,"name":"x","tags":[%s],"n":1}`, uuid(rng), at, strings.Join(tags, ","))
}

// compareMany compares n answers of a candidate with those of the noisy handler; every tenth is a
// control instead.
func compareMany(t *testing.T, n int, candidate func(rng *rand.Rand, clock *int) parity.Message) (early, late migrate.Snapshot, mismatches []migrate.Mismatch) {
	t.Helper()
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
	rng, clock := rand.New(rand.NewPCG(5, 5)), 0
	for i := range n {
		served := noisy(rng, &clock)
		if i%10 == 9 {
			control(p, served, noisy(rng, &clock))
		} else {
			compare(p, served, candidate(rng, &clock))
		}
		if i == n/2 {
			early = p.Snapshot()
		}
	}
	return early, p.Snapshot(), p.Mismatches()
}

func TestNoiseIsLearned(t *testing.T) {
	early, late, _ := compareMany(t, 500, noisy)
	if late.Controls != 50 || late.Compared != 450 {
		t.Errorf("%d controls and %d comparisons of 500 runs, want 50 and 450", late.Controls, late.Compared)
	}
	if late.Mismatch != early.Mismatch {
		t.Errorf("%d mismatches after the noise was learned: %+v", late.Mismatch-early.Mismatch, late.Places)
	}
	verdicts := map[string]string{}
	for _, place := range late.Places {
		verdicts[place.Class] = string(place.Verdict)
	}
	want := map[string]string{"body.id": "noisy", "body.at": "noisy", "body.tags": "noisy"}
	if diff := cmp.Diff(want, verdicts); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// Noise that is silent for a while, because the same thing is asked for again and again, is not a
// difference.
func TestSilentNoise(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
	one, two := jsonAnswer(`{"n":1}`), jsonAnswer(`{"n":2}`)
	equal := 0
	for i := range 60 {
		switch {
		case i%2 == 1 && i < 10:
			control(p, one, two)
		case i%2 == 1:
			control(p, one, one)
		case compare(p, one, one) == migrate.ResultEqual:
			equal++
		}
	}
	s := p.Snapshot()
	want := []migrate.Place{{Class: "body.n", Verdict: migrate.VerdictNoisy, Controls: 5}}
	if diff := cmp.Diff(want, s.Places, whenever); diff != "" || s.Mismatch != 0 || equal != 30 {
		t.Errorf("%d mismatches, %d equal; places (-want +got):\n%s", s.Mismatch, equal, diff)
	}
}

// A list that is wrong in every element is one difference of one comparison.
func TestPlacesCountComparisons(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
	compare(p, jsonAnswer(`{"list":[{"n":1},{"n":2},{"n":3}]}`), jsonAnswer(`{"list":[{"n":7},{"n":8},{"n":9}]}`))
	want := []migrate.Place{{Class: "body.list[*].n", Verdict: migrate.VerdictUnknown, Compared: 1}}
	if diff := cmp.Diff(want, p.Snapshot().Places, whenever); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// What tools which only count differences can never see: faults of the candidate at places that are
// noise.
func TestFaultsAtNoisyPlacesAreFound(t *testing.T) {
	with := func(id, at, tags string) func(*rand.Rand, *int) parity.Message {
		return func(rng *rand.Rand, clock *int) parity.Message {
			m := noisy(rng, clock)
			set := func(name, value string) {
				if value == "" {
					return
				}
				from := strings.Index(string(m.Body), `"`+name+`":`) + len(name) + 3
				end := from + strings.IndexAny(string(m.Body[from:]), ",}")
				if name == "tags" {
					end = from + strings.Index(string(m.Body[from:]), "]") + 1
				}
				m.Body = []byte(string(m.Body[:from]) + value + string(m.Body[end:]))
			}
			set("id", id)
			set("at", at)
			set("tags", tags)
			return m
		}
	}
	for name, c := range map[string]struct {
		candidate func(*rand.Rand, *int) parity.Message
		class     string
	}{
		"constant identifier": {with(`"11111111-2222-4333-8444-555555555555"`, "", ""), "body.id"},
		"empty identifier":    {with(`""`, "", ""), "body.id"},
		"zero identifier":     {with(`"00000000-0000-0000-0000-000000000000"`, "", ""), "body.id"},
		"null identifier":     {with(`null`, "", ""), "body.id"},
		"another time format": {with("", `"01/02/2026 10:00"`, ""), "body.at"},
		"time as a number":    {with("", `1767225600`, ""), "body.at"},
		"a missing element":   {with("", "", `["a","b"]`), "body.tags"},
		"another element":     {with("", "", `["a","b","x"]`), "body.tags"},
	} {
		t.Run(name, func(t *testing.T) {
			early, late, mismatches := compareMany(t, 300, c.candidate)
			if late.Mismatch == early.Mismatch {
				t.Fatalf("nothing is reported any more after the noise was learned: %+v", late.Places)
			}
			for _, place := range late.Places {
				if place.Compared > late.Compared || place.Controls > late.Controls {
					t.Errorf("%+v counts more differences than there were comparisons: %d, and %d controls", place, late.Compared, late.Controls)
				}
			}
			last := mismatches[0].Report
			if !slices.ContainsFunc(last.Diffs, func(d parity.Difference) bool { return strings.HasPrefix(d.Class, c.class) }) {
				t.Errorf("the last mismatch is not at %s:\n%v", c.class, last)
			}
		})
	}
}

// A place that differs now and then in old, and always in new, is not noise.
func TestMoreThanNoiseIsReal(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
	one, two := jsonAnswer(`{"n":1}`), jsonAnswer(`{"n":2}`)
	for i := range 400 {
		switch {
		case i%20 == 1: // one control in ten
			control(p, one, two)
		case i%2 == 1:
			control(p, one, one)
		default:
			compare(p, one, two)
		}
	}
	s := p.Snapshot()
	want := []migrate.Place{{Class: "body.n", Verdict: migrate.VerdictReal, Compared: 200, Controls: 20}}
	if diff := cmp.Diff(want, s.Places, whenever); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if s.Mismatch < 190 {
		t.Errorf("%d mismatches of 200 comparisons that differ", s.Mismatch)
	}
}

// whenever leaves out when a place differed.
var whenever = cmpopts.IgnoreFields(migrate.Place{}, "First", "Last")

// A place says when it first and when it last differed, and not when it was only looked at.
func TestPlacesSayWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
		one, two := jsonAnswer(`{"n":1}`), jsonAnswer(`{"n":2}`)
		first := time.Now()
		compare(p, one, two)
		time.Sleep(time.Minute)
		last := time.Now()
		control(p, one, two)
		time.Sleep(time.Minute)
		compare(p, one, one)
		if at := p.Snapshot().Places[0]; !at.First.Equal(first) || !at.Last.Equal(last) {
			t.Errorf("it differed first at %v, last at %v; want %v, %v", at.First, at.Last, first, last)
		}
	})
}

// What listens beside Config.OnEvent hears the same, in order, and Shutdown waits for it.
func TestListen(t *testing.T) {
	var told, heard []migrate.Kind
	p := newPair(t, migrate.Config{OnEvent: func(e migrate.Event) { told = append(told, e.Kind) }})
	inside.Listen(p, func(e migrate.Event) { heard = append(heard, e.Kind) })
	if err := p.Set(migrate.Plan{Stage: migrate.Shadow}, "ada"); err != nil {
		t.Fatal(err)
	}
	p.Kill("no", "bob")
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []migrate.Kind{migrate.KindSet, migrate.KindKill}
	if diff := cmp.Diff([][]migrate.Kind{want, want}, [][]migrate.Kind{told, heard}); diff != "" {
		t.Errorf("told and heard (-want +got):\n%s", diff)
	}
}

// A place that always differs is told at its 1st, 2nd, 4th … time, and does not push a rare one out
// of the store.
func TestMismatchesAreToldLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []uint64
		config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}
		config.Mismatches = 4
		config.OnEvent = func(e migrate.Event) {
			if e.Kind == migrate.KindMismatch {
				told = append(told, e.Mismatch.Count)
			}
		}
		p := newPair(t, config)
		for i := range 100 {
			next := `{"price":2}`
			if i == 69 {
				next = `{"price":1,"extra":true}`
			}
			compare(p, jsonAnswer(`{"price":1}`), jsonAnswer("%s", next))
			synctest.Wait()
		}
		if diff := cmp.Diff([]uint64{1, 2, 4, 8, 16, 32, 64, 70}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		var kept []uint64
		for _, m := range p.Mismatches() {
			kept = append(kept, m.Count)
		}
		if diff := cmp.Diff([]uint64{70, 64, 32, 16}, kept); diff != "" {
			t.Errorf("kept, the newest first (-want +got):\n%s", diff)
		}
		if s := p.Snapshot(); s.Mismatch != 100 || s.Compared != 100 {
			t.Errorf("%d mismatches of %d, want 100 of 100", s.Mismatch, s.Compared)
		}
	})
}

// A million places cost no more memory than 256.
func TestPlacesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := 0
		config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}
		config.OnEvent = func(migrate.Event) { events++ }
		p := newPair(t, config)
		for i := range 2000 {
			compare(p, jsonAnswer(`{"f%d":1}`, i), jsonAnswer(`{"f%d":2}`, i))
			synctest.Wait()
		}
		s := p.Snapshot()
		if len(s.Places) > 256 || len(p.Mismatches()) > 32 || s.Mismatch != 2000 {
			t.Errorf("%d places and %d stored of %d mismatches", len(s.Places), len(p.Mismatches()), s.Mismatch)
		}
		if events > 256+12 {
			t.Errorf("%d events for 2000 mismatches", events)
		}
	})
}

func TestStaleRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}
		config.Rules = parity.Rules{Ignore: []string{"body.a", "body.b", "body.c"}}
		p := newPair(t, config)
		for _, body := range []string{`{"a":1}`, `{"b":1}`, `{"a":1}`} {
			compare(p, jsonAnswer("%s", body), jsonAnswer("%s", body))
			synctest.Wait()
		}
		if got := p.Snapshot().Stale; len(got) != 1 || !strings.Contains(got[0], "body.c") {
			t.Errorf("stale rules %q, want the one for body.c, which no answer had", got)
		}
	})
}

func TestKeepValues(t *testing.T) {
	for _, keep := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}
			config.KeepValues = keep
			p := newPair(t, config)
			compare(p, jsonAnswer(`{"name":"ann"}`), jsonAnswer(`{"name":"bob"}`))
			synctest.Wait()
			if got := strings.Contains(fmt.Sprintf("%+v", p.Mismatches()), "bob"); got != keep {
				t.Errorf("KeepValues %v: the mismatch holds the value: %v", keep, got)
			}
		})
	}
}
