package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/decision"
)

// The model is the table at the top of switch.go, written down a second time.
type model struct {
	set             migrate.Plan
	killed, tripped bool
}

func (m model) inForce() migrate.Plan {
	if m.killed || m.tripped {
		return migrate.Plan{}
	}
	return m.set
}

func given(p migrate.Plan) float64 { // how much the plan relies on new
	switch p.Stage {
	case migrate.Canary:
		return p.Share
	case migrate.Live:
		return 2
	case migrate.New:
		return 3
	}
	return 0
}

// An operation acts on the pair and on the model, and returns the errors of both.
type operation struct {
	name string
	do   func(p *migrate.Pair, m *model) (got, want error)
}

func set(plan migrate.Plan) operation {
	return operation{"set " + plan.String(), func(p *migrate.Pair, m *model) (got, want error) {
		if m.tripped && given(plan) > given(m.set) {
			return p.Set(plan, "test"), migrate.ErrTripped
		}
		m.set, m.killed = plan, false
		return p.Set(plan, "test"), nil
	}}
}

var operations = []operation{
	set(migrate.Plan{}),
	set(migrate.Plan{Stage: migrate.Shadow}),
	set(migrate.Plan{Stage: migrate.Canary, Share: 0.1}),
	set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}),
	set(migrate.Plan{Stage: migrate.Live}),
	set(migrate.Plan{Stage: migrate.New}),
	{"kill", func(p *migrate.Pair, m *model) (got, want error) {
		p.Kill("test")
		m.killed = !m.tripped // a tripped pair stays tripped: a Set must not lift it
		return nil, nil
	}},
	{"storm", func(p *migrate.Pair, m *model) (got, want error) {
		for range 5 {
			inside.Observe(p, decide(p, withKey("k")), migrate.NewSide, migrate.Panicked)
		}
		if now := m.inForce(); now.Stage == migrate.Canary || now.Stage == migrate.Live {
			m.tripped = true
		}
		return nil, nil
	}},
	{"reset", func(p *migrate.Pair, m *model) (got, want error) {
		if !m.killed && !m.tripped {
			return p.Reset("test"), migrate.ErrNotHeld
		}
		m.killed, m.tripped = false, false
		return p.Reset("test"), nil
	}},
}

func checkAgainstModel(t *testing.T, p *migrate.Pair, m model, path func() string) {
	t.Helper()
	s := p.Snapshot()
	if got := p.Plan(); got != m.inForce() || s.Plan != got || s.Set != m.set {
		t.Fatalf("%s: plan %v (snapshot: %v, set %v), want %v, set %v", path(), got, s.Plan, s.Set, m.inForce(), m.set)
	}
	held, tripped := s.Latch != nil, s.Latch != nil && s.Latch.Trip != nil
	if held != (m.killed || m.tripped) || tripped != m.tripped {
		t.Fatalf("%s: latch %+v, want killed %v, tripped %v", path(), s.Latch, m.killed, m.tripped)
	}
	// What is in force is what requests get.
	want := map[migrate.Stage]decision.Decision{
		migrate.Old:    {Bucket: -1},
		migrate.Shadow: {Bucket: -1, Shadow: true},
		migrate.Live:   {Bucket: -1, New: true, Shadow: true, Fallback: true},
		migrate.New:    {Bucket: -1, New: true},
	}[m.inForce().Stage]
	key := "k"
	if m.inForce().Stage == migrate.Canary {
		bucket := migrate.Bucket("pair", key)
		want = decision.Decision{Bucket: bucket, Shadow: true}
		if float64(bucket) < m.set.Share*10000 {
			want = decision.Decision{Bucket: bucket, New: true, Fallback: true}
		}
	}
	got := decide(p, withKey(key))
	got = decision.Decision{New: got.New, Shadow: got.Shadow, Fallback: got.Fallback, Keyless: got.Keyless, Bucket: got.Bucket}
	if got != want {
		t.Fatalf("%s: decision %+v, want %+v", path(), got, want)
	}
}

func run(t *testing.T, sequence []int) {
	t.Helper()
	p, m := newPair(t, migrate.Config{Name: "pair", Key: byHeader}), model{}
	for i, op := range sequence {
		path := func() string {
			var names []string
			for _, op := range sequence[:i+1] {
				names = append(names, operations[op].name)
			}
			return strings.Join(names, ", ")
		}
		before := given(m.inForce())
		if got, want := operations[op].do(p, &m); !errors.Is(got, want) {
			t.Fatalf("%s: error %v, want %v", path(), got, want)
		}
		checkAgainstModel(t, p, m, path)
		if name := operations[op].name; (name == "storm" || name == "kill") && given(m.inForce()) > before {
			t.Fatalf("%s: raised the share of new", path())
		}
	}
}

// Every sequence of four operations, which visits every transition of the table from every way into its state.
func TestSwitchExhaustively(t *testing.T) {
	n := len(operations)
	for code := range n * n * n * n {
		run(t, []int{code % n, code / n % n, code / n / n % n, code / n / n / n})
	}
}

func TestSwitchInLongSequences(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		sequence := make([]int, 50)
		for i := range sequence {
			sequence[i] = rng.IntN(len(operations))
		}
		run(t, sequence)
	}
}

// Requests decide while the pair is killed and set, over and over: none that begins after Kill has returned, and before
// the next Set is called, may be served by new.
func TestKillIsSeenByEveryLaterDecision(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "pair", Key: byHeader})
	plans := []migrate.Plan{{Stage: migrate.New}, {Stage: migrate.Live}, {Stage: migrate.Canary, Share: 1}}
	var phase atomic.Uint64 // odd from the return of Kill to the next Set
	var checked, onNew atomic.Uint64
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			r := withKey("k")
			for ctx.Err() == nil {
				before := phase.Load()
				d := decide(p, r)
				if d.New {
					onNew.Add(1)
				}
				if before%2 == 1 && phase.Load() == before { // killed from before the decision until after it
					checked.Add(1)
					if d.New {
						t.Error("a request that began after Kill had returned was served by new")
					}
				}
				runtime.Gosched()
			}
		})
	}
	await := func(n *atomic.Uint64) {
		for begin := n.Load(); n.Load() < begin+8; {
			runtime.Gosched()
		}
	}
	for i := range 300 {
		if err := p.Set(plans[i%len(plans)], "test"); err != nil {
			t.Fatal(err)
		}
		await(&onNew)
		p.Kill("test")
		phase.Add(1)
		await(&checked)
		phase.Add(1)
	}
	stop()
	wg.Wait()
}

// Many set plans at once: every decision belongs to one plan as a whole, and the last Set to return is not lost.
func TestConcurrentSetsAreNotTorn(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "pair", Key: byHeader})
	valid := map[decision.Decision]bool{
		{Bucket: -1}: true, {Bucket: -1, Shadow: true}: true,
		{Bucket: -1, New: true, Shadow: true, Fallback: true}: true,
		{Bucket: -1, New: true}:                               true,
	}
	plans := []migrate.Plan{{}, {Stage: migrate.Shadow}, {Stage: migrate.Live}, {Stage: migrate.New}}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				if err := p.Set(plans[(i+g)%len(plans)], "test"); err != nil {
					t.Errorf("a Set beside other Sets failed: %v", err)
				}
				d := decide(p, withKey("k"))
				if public := (decision.Decision{New: d.New, Shadow: d.Shadow, Fallback: d.Fallback, Bucket: d.Bucket}); !valid[public] {
					t.Errorf("decision %+v is of no plan", public)
				}
			}
		})
	}
	wg.Wait()
	if err := p.Set(migrate.Plan{Stage: migrate.New}, "last"); err != nil || p.Plan().Stage != migrate.New {
		t.Errorf("after the last Set (%v) the plan is %v", err, p.Plan())
	}
}

// Outcomes of requests that were decided before a Reset belong to the old evidence.
func TestLateOutcomesDoNotTripAgain(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
	early := decide(p, httptest.NewRequest("GET", "/", nil))
	storm := func(d decision.Decision) {
		for range 5 {
			inside.Observe(p, d, migrate.NewSide, migrate.Panicked)
		}
	}
	storm(early)
	if p.Plan().Stage != migrate.Old {
		t.Fatal("five panics in a row did not trip")
	}
	if err := p.Reset("test"); err != nil {
		t.Fatal(err)
	}
	storm(early)
	if p.Plan().Stage != migrate.Live {
		t.Error("requests from before the Reset tripped the pair again")
	}
	storm(decide(p, httptest.NewRequest("GET", "/", nil)))
	if p.Plan().Stage != migrate.Old {
		t.Error("after a Reset the guard is asleep")
	}
}

func TestEventsTellTheStory(t *testing.T) {
	var got []string
	p := newPair(t, migrate.Config{Name: "GET /x", Key: byHeader, OnEvent: func(e migrate.Event) {
		line := fmt.Sprintf("%v %s: %v -> %v", e.Kind, e.Pair, e.From, e.To)
		for _, s := range []string{e.By, e.Reason} {
			if s != "" {
				line += " " + s
			}
		}
		if e.Trip != nil {
			line += fmt.Sprintf(" %v new %v old %v", e.Trip.Reason, e.Trip.New, e.Trip.Old)
		}
		if e.At.IsZero() {
			line += " without a time"
		}
		got = append(got, line)
	}})
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	do(p.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}, "ann"))
	inside.Observe(p, decide(p, withKey("k")), migrate.OldSide, migrate.Answered)
	for range 5 {
		inside.Observe(p, decide(p, withKey("k")), migrate.NewSide, migrate.Panicked)
	}
	p.Kill("to be sure")
	do(p.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.1}, "bob"))
	do(p.Reset("bob"))
	p.Kill("smoke")
	do(p.Set(migrate.Plan{Stage: migrate.New}, "ann"))
	do(p.Shutdown(context.Background()))
	want := []string{
		"set GET /x: old -> canary 50 % ann",
		"trip GET /x: canary 50 % -> old panics new 5 of 5 old 0 of 0",
		"kill GET /x: old -> old to be sure",
		"set GET /x: old -> old bob",
		"reset GET /x: old -> canary 10 % bob",
		"kill GET /x: canary 10 % -> old smoke",
		"set GET /x: old -> new ann",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
