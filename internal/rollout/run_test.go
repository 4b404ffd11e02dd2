package rollout

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/overload"
)

// shadowing is a configuration whose shadows are not shed for reasons that a test cannot control.
func shadowing(stage migrate.Stage, slots int) migrate.Config {
	return migrate.Config{
		Name:   "GET /x",
		Plan:   migrate.Plan{Stage: stage},
		Shadow: migrate.ShadowConfig{MaxConcurrent: slots, MaxSchedLatency: -1, Control: -1},
	}
}

func get() *http.Request { return httptest.NewRequest("GET", "/x", nil) }

var fine = parity.Message{Status: 200}

// start offers a request and starts the candidate, which must not be refused.
func start(t *testing.T, p *Sides, ctx context.Context, served parity.Message, candidate func(context.Context) parity.Message) {
	t.Helper()
	r := get()
	run, why := p.reserve(p.decision(r), r)
	if run == nil {
		t.Fatalf("no shadow: %v", why)
	}
	run.begin(ctx, served, candidate)
}

// begin starts a run whose served answer is known.
func (r *run) begin(ctx context.Context, served parity.Message, candidate func(context.Context) parity.Message) {
	r.start(ctx, func() parity.Message { return served }, func(ctx context.Context, _ parity.Message) parity.Message { return candidate(ctx) })
}

func answer(m parity.Message) func(context.Context) parity.Message {
	return func(context.Context) parity.Message { return m }
}

// checkAccounts holds the identities of ShadowStats against each other.
func checkAccounts(t *testing.T, s migrate.ShadowStats) {
	t.Helper()
	sum := func(all []uint64) (n uint64) {
		for _, one := range all {
			n += one
		}
		return n
	}
	var skipped, results []uint64
	for n := range maps.Values(s.Skipped) {
		skipped = append(skipped, n)
	}
	for n := range maps.Values(s.Results) {
		results = append(results, n)
	}
	if s.Offered != sum(skipped)+s.Reserved+s.Started {
		t.Errorf("%d offered, but %d skipped, %d reserved and %d started: %+v", s.Offered, sum(skipped), s.Reserved, s.Started, s)
	}
	if s.Started != sum(results)+s.Running {
		t.Errorf("%d started, but %d ended and %d running: %+v", s.Started, sum(results), s.Running, s)
	}
	if s.Stuck > s.Running {
		t.Errorf("%d of %d running are stuck", s.Stuck, s.Running)
	}
}

// complete adds the words that count zero.
func complete[W migrate.Skip | migrate.Result](counts map[W]uint64) map[W]uint64 {
	all := map[W]uint64{}
	for _, word := range migrate.Words[W]() {
		all[word] = counts[word]
	}
	return all
}

func checkShadows(t *testing.T, p *Sides, want migrate.ShadowStats) {
	t.Helper()
	got := p.Pair.Snapshot().Shadows
	checkAccounts(t, got)
	want.Skipped, want.Results = complete(want.Skipped), complete(want.Results)
	want.Bytes = (got.Reserved + got.Running) * 3 * uint64(p.maxBody())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shadows (-want +got):\n%s", diff)
	}
}

func TestRequestsThatMayNotRunTwice(t *testing.T) {
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		rule   string
		method string
		change func(*http.Request)
		config func(*migrate.ShadowConfig)
		want   string // why there is no shadow; empty means that there is one
	}{
		{rule: "GET may", want: ""},
		{rule: "HEAD may", method: "HEAD", want: ""},
		{rule: "OPTIONS may", method: "OPTIONS", want: ""},
		{rule: "POST may not", method: "POST", want: "method"},
		{rule: "PATCH may not", method: "PATCH", want: "method"},
		{rule: "a method nobody has heard of may not", method: "BREW", want: "method"},
		{rule: "methods are case-sensitive", method: "get", want: "method"},
		{rule: "a written reason lets POST", method: "POST", config: func(c *migrate.ShadowConfig) { c.AllowUnsafe = "idempotent by key" }, want: ""},
		{rule: "but never CONNECT", method: "CONNECT", config: func(c *migrate.ShadowConfig) { c.AllowUnsafe = "reason" }, want: "method"},
		{rule: "an upgrade is not an answer", change: with("Upgrade", "websocket"), want: "upgrade"},
		{rule: "an event stream does not end", change: with("Accept", "text/event-stream"), want: "stream"},
		{rule: "who expects 100 Continue waits", change: with("Expect", "100-continue"), want: "stream"},
		{rule: "a range depends on the validator", change: with("Range", "bytes=0-1"), want: "conditional"},
		{rule: "so does a condition", change: with("If-None-Match", `"x"`), want: "conditional"},
		{rule: "and a date", change: with("If-Modified-Since", "x"), want: "conditional"},
		{rule: "a body of MaxBody may", change: func(r *http.Request) { r.ContentLength = 64 << 10 }, want: ""},
		{rule: "a byte more may not", change: func(r *http.Request) { r.ContentLength = 64<<10 + 1 }, want: "body-size"},
		{rule: "MaxBody can be raised", change: func(r *http.Request) { r.ContentLength = 64<<10 + 1 }, config: func(c *migrate.ShadowConfig) { c.MaxBody = 1 << 20 }, want: ""},
		{rule: "a sample below 0 is none", config: func(c *migrate.ShadowConfig) { c.Sample = -1 }, want: "off"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			config := shadowing(migrate.Shadow, 1)
			if c.config != nil {
				c.config(&config.Shadow)
			}
			p := newPair(t, config)
			r := get()
			if c.method != "" {
				r.Method = c.method
			}
			if c.change != nil {
				c.change(r)
			}
			run, why := p.reserve(p.decision(r), r)
			if string(why) != c.want || (run != nil) != (c.want == "") {
				t.Fatalf("reserve: %v, %v; want %q", run, why, c.want)
			}
			run.skip(migrate.SkipClientGone) // a nil run ignores it
			checkAccounts(t, p.Pair.Snapshot().Shadows)
		})
	}
}

func TestSampleIsAShare(t *testing.T) {
	config := shadowing(migrate.Shadow, 1)
	config.Shadow.Sample = 0.25
	p := newPair(t, config)
	for range 10_000 {
		r := get()
		run, _ := p.reserve(p.decision(r), r)
		run.skip(migrate.SkipClientGone)
	}
	s := p.Pair.Snapshot().Shadows
	if n := s.Skipped[migrate.SkipClientGone]; n < 2250 || n > 2750 { // more than five standard deviations
		t.Errorf("%d of 10,000 in a sample of 0.25", n)
	}
	checkAccounts(t, s)
}

func TestStagesAndTheirShadows(t *testing.T) {
	for stage, want := range map[migrate.Stage]string{migrate.Old: "off", migrate.Shadow: "new", migrate.Live: "old", migrate.New: "off"} {
		p := newPair(t, shadowing(stage, 1))
		r := get()
		run, why := p.reserve(p.decision(r), r)
		got := string(why)
		if run != nil {
			got = [...]string{guard.OldSide: "old", guard.NewSide: "new"}[run.side]
		}
		if got != want {
			t.Errorf("stage %v: the shadow is %s, want %s", stage, got, want)
		}
	}
	// In a canary, those whom old serves may be shadowed, those whom new serves are not.
	config := shadowing(migrate.Canary, 1)
	config.Plan.Share, config.Key = 0.5, byHeader
	p := newPair(t, config)
	sides := map[bool]bool{}
	for i := range 100 {
		r := withKey(fmt.Sprint(i))
		d := p.decision(r)
		run, why := p.reserve(d, r)
		if !d.New && (run == nil || run.side != guard.NewSide) || d.New && why != migrate.SkipOff {
			t.Fatalf("served by new %v: shadow %v, %v", d.New, run, why)
		}
		run.skip(migrate.SkipClientGone)
		sides[d.New] = true
	}
	if len(sides) != 2 {
		t.Error("a canary of 50 % served only one side")
	}
}

func TestHowRunsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		candidate func(context.Context) parity.Message
		want      migrate.Result
	}{
		"equal":     {answer(fine), migrate.ResultEqual},
		"different": {answer(parity.Message{Status: 500}), migrate.ResultDifferent},
		"panic":     {func(context.Context) parity.Message { panic("boom") }, migrate.ResultPanic},
		"nil panic": {func(context.Context) parity.Message { panic(nil) }, migrate.ResultPanic},
		"abort":     {func(context.Context) parity.Message { panic(http.ErrAbortHandler) }, migrate.ResultPanic},
		"nil pointer": {func(context.Context) parity.Message {
			var r *http.Request
			return parity.Message{Body: []byte(r.Method)}
		}, migrate.ResultPanic},
		"recursion":     {func(context.Context) parity.Message { _ = deep(100_000); return fine }, migrate.ResultEqual},
		"goexit":        {func(context.Context) parity.Message { runtime.Goexit(); return fine }, migrate.ResultGoexit},
		"obeys the end": {func(ctx context.Context) parity.Message { <-ctx.Done(); return fine }, migrate.ResultTimeout},
		"is late":       {func(context.Context) parity.Message { time.Sleep(15 * time.Second); return fine }, migrate.ResultTimeout},
		"late panic":    {func(context.Context) parity.Message { time.Sleep(15 * time.Second); panic("boom") }, migrate.ResultTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPair(t, shadowing(migrate.Shadow, 1))
				start(t, p, t.Context(), fine, c.candidate)
				if err := p.Pair.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				checkShadows(t, p, migrate.ShadowStats{Offered: 1, Started: 1, Results: map[migrate.Result]uint64{c.want: 1}})
			})
		})
	}
}

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}

// The candidate may outlive the request, and knows that it is nobody's.
func TestContextOfTheCandidate(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		config := shadowing(migrate.Shadow, 1)
		config.Shadow.Timeout = time.Minute
		config.Shadow.Detach = func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, "detached") }
		p := newPair(t, config)
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "request"), time.Second)
		cancel() // the client leaves right after the answer
		if migrate.IsShadow(ctx) {
			t.Error("the request itself is taken for a shadow")
		}
		start(t, p, ctx, fine, func(ctx context.Context) parity.Message {
			if err := ctx.Err(); err != nil {
				t.Errorf("the end of the request ended the shadow: %v", err)
			}
			if at, ok := ctx.Deadline(); !ok || time.Until(at) != time.Minute {
				t.Errorf("deadline in %v, want a minute", time.Until(at))
			}
			if got := ctx.Value(key{}); got != "detached" {
				t.Errorf("value %v, want the one that Detach put there", got)
			}
			if !migrate.IsShadow(ctx) {
				t.Error("IsShadow does not know the shadow")
			}
			return fine
		})
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 1, Started: 1, Results: map[migrate.Result]uint64{migrate.ResultEqual: 1}})
	})
}

// A run takes its slot when it starts; the first of start and skip counts.
func TestSlotsBoundAndShed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 2))
		release := make(chan struct{})
		block := func(context.Context) parity.Message { <-release; return fine }
		for range 3 { // a third beside two slots
			start(t, p, t.Context(), fine, block)
		}
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 3, Started: 2, Running: 2, Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1}})
		close(release)
		synctest.Wait()
		r := get()
		one, _ := p.reserve(p.decision(r), r)
		two, _ := p.reserve(p.decision(r), r)
		checkShadows(t, p, migrate.ShadowStats{Offered: 5, Started: 2, Reserved: 2,
			Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1},
			Results: map[migrate.Result]uint64{migrate.ResultEqual: 2}})
		one.skip(migrate.SkipStream)
		one.skip(migrate.SkipClientGone) // the first counts
		one.begin(t.Context(), fine, func(context.Context) parity.Message {
			t.Error("a run that was skipped has started")
			return fine
		})
		two.begin(t.Context(), fine, answer(fine))
		two.skip(migrate.SkipStream)
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 5, Started: 3,
			Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1, migrate.SkipStream: 1},
			Results: map[migrate.Result]uint64{migrate.ResultEqual: 3}})
	})
}

// A reservation is memory and no slot: many may wait for slow readers, up to a number of bytes.
func TestReservationsAreBoundedByBytes(t *testing.T) {
	config := shadowing(migrate.Shadow, 1)
	config.Shadow.MaxBody = 1 << 20 // three times that is kept, of 8 MiB
	p := newPair(t, config)
	var runs []*run
	for {
		r := get()
		run, why := p.reserve(p.decision(r), r)
		if run == nil {
			if why != migrate.SkipMemory || len(runs) != 2 {
				t.Errorf("after %d reservations: %v", len(runs), why)
			}
			break
		}
		runs = append(runs, run)
	}
	for _, run := range runs {
		run.skip(migrate.SkipClientGone)
	}
	checkShadows(t, p, migrate.ShadowStats{Offered: 3, Skipped: map[migrate.Skip]uint64{migrate.SkipMemory: 1, migrate.SkipClientGone: 2}})
}

func TestNoShadowStartsAfterKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 4))
		r := get()
		d := p.decision(r)
		reserved, _ := p.reserve(d, r)
		p.Pair.Kill("test", "test")
		reserved.begin(t.Context(), fine, func(context.Context) parity.Message {
			t.Error("a candidate ran after Kill")
			return fine
		})
		if run, why := p.reserve(d, r); run != nil || why != migrate.SkipOff {
			t.Errorf("a request from before the Kill got %v, %v", run, why)
		}
		checkShadows(t, p, migrate.ShadowStats{Offered: 2, Skipped: map[migrate.Skip]uint64{migrate.SkipOff: 2}})
	})
}

func TestStuckCandidates(t *testing.T) {
	for _, bySet := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) { stuckCandidates(t, bySet) })
	}
}

// Candidates that do not end are replaced, up to four beside their slots; then the shadows of the
// pair go off.
func stuckCandidates(t *testing.T, bySet bool) {
	var events []string
	config := shadowing(migrate.Shadow, 2)
	config.OnEvent = func(e migrate.Event) { events = append(events, string(e.Kind)) }
	p := newPair(t, config)
	release := make(chan struct{})
	deaf := func(context.Context) parity.Message { <-release; return fine }
	for range 2 {
		start(t, p, t.Context(), fine, deaf)
		start(t, p, t.Context(), fine, deaf)
		time.Sleep(9 * time.Second)
		start(t, p, t.Context(), fine, deaf) // both slots are taken
		time.Sleep(2 * time.Second)
	}
	want := migrate.ShadowStats{Offered: 6, Started: 4, Running: 4, Stuck: 4, Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 2}}
	checkShadows(t, p, want)
	time.Sleep(28 * time.Second) // four are stuck for 29 s
	start(t, p, t.Context(), fine, deaf)
	want.Offered, want.Skipped[migrate.SkipFull] = 7, 3
	checkShadows(t, p, want)
	time.Sleep(2 * time.Second)
	want.Off = true
	checkShadows(t, p, want)
	if p.Pair.Plan().Stage != migrate.Shadow {
		t.Errorf("the plan became %v: stuck shadows say nothing about who should serve", p.Pair.Plan())
	}
	r := get()
	if _, why := p.reserve(p.decision(r), r); why != migrate.SkipOff {
		t.Errorf("shadows are off, but: %v", why)
	}
	close(release)
	synctest.Wait()
	lift := func() error { return p.Pair.Reset("ann") }
	if bySet {
		lift = func() error { return p.Pair.Set(migrate.Plan{Stage: migrate.Shadow}, "ann") }
	}
	if err := lift(); err != nil {
		t.Error(err)
	}
	start(t, p, t.Context(), fine, answer(fine))
	if err := p.Pair.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	checkShadows(t, p, migrate.ShadowStats{Offered: 9, Started: 5,
		Skipped: map[migrate.Skip]uint64{migrate.SkipOff: 1, migrate.SkipFull: 3},
		Results: map[migrate.Result]uint64{migrate.ResultTimeout: 4, migrate.ResultEqual: 1}})
	if diff := cmp.Diff([]string{"stuck", "shadow-off", map[bool]string{false: "reset", true: "set"}[bySet], "summary"}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 4))
		ended := false
		start(t, p, t.Context(), fine, func(ctx context.Context) parity.Message {
			time.Sleep(time.Second)
			ended = true
			return fine
		})
		r := get()
		reserved, _ := p.reserve(p.decision(r), r) // its request is still being served
		if err := p.Pair.Shutdown(t.Context()); err != nil || !ended {
			t.Errorf("Shutdown: %v, the shadow has ended: %v", err, ended)
		}
		reserved.begin(t.Context(), fine, answer(fine))
		if _, why := p.reserve(p.decision(r), r); why != migrate.SkipOff {
			t.Errorf("a shadow after Shutdown: %v", why)
		}
		if p.decision(r).New || p.Pair.Set(migrate.Plan{Stage: migrate.New}, "t") != nil || !p.decision(r).New {
			t.Error("Shutdown stopped the decisions, too")
		}
		if err := p.Pair.Shutdown(t.Context()); err != nil {
			t.Errorf("a second Shutdown: %v", err)
		}
		checkShadows(t, p, migrate.ShadowStats{Offered: 3, Started: 1,
			Skipped: map[migrate.Skip]uint64{migrate.SkipOff: 2}, Results: map[migrate.Result]uint64{migrate.ResultEqual: 1}})
	})
}

// When the time for a Shutdown is over, obedient candidates are told to end, and the error counts
// what is left.
func TestShutdownGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 4))
		release := make(chan struct{})
		start(t, p, t.Context(), fine, func(ctx context.Context) parity.Message { <-ctx.Done(); return fine })
		start(t, p, t.Context(), fine, func(context.Context) parity.Message { <-release; return fine })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := p.Pair.Shutdown(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "2 shadows") || !strings.Contains(err.Error(), "GET /x") {
			t.Errorf("Shutdown: %v, want the deadline, the number of shadows and the pair", err)
		}
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 2, Started: 2, Running: 1, Stuck: 1, Results: map[migrate.Result]uint64{migrate.ResultTimeout: 1}})
		close(release)
		if err := p.Pair.Shutdown(t.Context()); err != nil {
			t.Errorf("after the last one has ended: %v", err)
		}
	})
}

// Many goroutines with every kind of candidate: nothing is lost, and there are never more
// candidates than slots.
func TestAccountsUnderLoad(t *testing.T) {
	config := shadowing(migrate.Shadow, 3)
	config.Shadow.Sample, config.Shadow.Control, config.Shadow.Timeout = 0.9, 0.1, time.Minute
	p := newPair(t, config)
	var mu sync.Mutex
	active, most := 0, 0
	candidates := []func(context.Context) parity.Message{
		answer(fine), answer(parity.Message{Status: 404}),
		func(context.Context) parity.Message { panic("boom") },
		func(context.Context) parity.Message { runtime.Goexit(); return fine },
	}
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := range 300 {
				r := get()
				if i%7 == 0 {
					r.Method = "DELETE"
				}
				run, _ := p.reserve(p.decision(r), r)
				if i%5 == 0 {
					run.skip(migrate.SkipServerBroke)
				}
				run.begin(r.Context(), fine, func(ctx context.Context) parity.Message {
					mu.Lock()
					active++
					most = max(most, active)
					mu.Unlock()
					defer func() {
						mu.Lock()
						active--
						mu.Unlock()
					}()
					return candidates[(i+g)%len(candidates)](ctx)
				})
				if i%50 == 0 {
					p.Pair.Snapshot()
				}
			}
		})
	}
	wg.Wait()
	if err := p.Pair.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := p.Pair.Snapshot().Shadows
	checkAccounts(t, s)
	if s.Offered != 16*300 || s.Reserved != 0 || s.Running != 0 || s.Started == 0 {
		t.Errorf("at rest: %+v", s)
	}
	if most > 3 {
		t.Errorf("%d candidates at a time in 3 slots", most)
	}
}

// A request that is not chosen for a shadow costs no allocation.
func TestSkippedShadowsDoNotAllocate(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, Shadow: migrate.ShadowConfig{Sample: 1e-12}})
	r := get()
	if n := testing.AllocsPerRun(1000, func() {
		if _, why := p.reserve(p.decision(r), r); why != migrate.SkipSample {
			t.Fatalf("skipped because of %v", why)
		}
	}); n != 0 {
		t.Errorf("%v allocations per skipped request, want none", n)
	}
}

// While goroutines wait long for a processor, shadows are left out.
func TestOverloadSheds(t *testing.T) {
	told := make(chan migrate.Event, 8)
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, OnEvent: func(e migrate.Event) { told <- e },
		Shadow: migrate.ShadowConfig{MaxConcurrent: 1, MaxSchedLatency: time.Millisecond}})
	defer overload.Process.Note(0, time.Now())
	shed := func() {
		t.Helper()
		for range 3 {
			var why migrate.Skip
			for range 10 { // what is noted counts for a second, for which a busy machine may forget this process
				overload.Process.Note(time.Second, time.Now())
				var run *run
				if run, why = p.reserve(p.decision(get()), get()); why == migrate.SkipOverload {
					break
				}
				run.skip(why) // or Shutdown would wait for it
			}
			if why != migrate.SkipOverload {
				t.Errorf("with waits of a second: %q, want %v", why, migrate.SkipOverload)
			}
		}
	}
	shed()
	for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow} {
		if err := p.Pair.Set(migrate.Plan{Stage: stage}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	shed()
	if err := p.Pair.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(told)
	tellings := 0
	for e := range told {
		if e.Kind != migrate.KindSummary || e.Reason == "" {
			continue
		}
		if tellings++; e.Shadows.Skipped[migrate.SkipOverload] == 0 || !strings.Contains(e.Reason, "MaxSchedLatency") {
			t.Errorf("told %q, %v", e.Reason, e.Shadows.Skipped)
		}
	}
	if tellings != 2 {
		t.Errorf("told %d times that shadows are left out, want once under each plan", tellings)
	}
}
