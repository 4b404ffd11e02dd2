package migrate_test

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
func start(t *testing.T, p *migrate.Pair, ctx context.Context, served parity.Message, candidate func(context.Context) parity.Message) {
	t.Helper()
	r := get()
	run, why := p.TryShadow(p.Decide(r), r)
	if run == nil {
		t.Fatalf("no shadow: %v", why)
	}
	run.Go(ctx, served, candidate)
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

func checkShadows(t *testing.T, p *migrate.Pair, want migrate.ShadowStats) {
	t.Helper()
	got := p.Snapshot().Shadows
	checkAccounts(t, got)
	if want.Skipped == nil {
		want.Skipped = map[migrate.Skip]uint64{}
	}
	if want.Results == nil {
		want.Results = map[migrate.Result]uint64{}
	}
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
		want   string
	}{
		{rule: "GET may", want: "none"},
		{rule: "HEAD may", method: "HEAD", want: "none"},
		{rule: "OPTIONS may", method: "OPTIONS", want: "none"},
		{rule: "POST may not", method: "POST", want: "method"},
		{rule: "PATCH may not", method: "PATCH", want: "method"},
		{rule: "a method nobody has heard of may not", method: "BREW", want: "method"},
		{rule: "methods are case-sensitive", method: "get", want: "method"},
		{rule: "a written reason lets POST", method: "POST", config: func(c *migrate.ShadowConfig) { c.AllowUnsafe = "idempotent by key" }, want: "none"},
		{rule: "but never CONNECT", method: "CONNECT", config: func(c *migrate.ShadowConfig) { c.AllowUnsafe = "reason" }, want: "method"},
		{rule: "an upgrade is no answer", change: with("Upgrade", "websocket"), want: "upgrade"},
		{rule: "an event stream does not end", change: with("Accept", "text/event-stream"), want: "stream"},
		{rule: "who expects 100 Continue waits", change: with("Expect", "100-continue"), want: "stream"},
		{rule: "a range depends on the validator", change: with("Range", "bytes=0-1"), want: "conditional"},
		{rule: "so does a condition", change: with("If-None-Match", `"x"`), want: "conditional"},
		{rule: "and a date", change: with("If-Modified-Since", "x"), want: "conditional"},
		{rule: "a body of MaxBody may", change: func(r *http.Request) { r.ContentLength = 64 << 10 }, want: "none"},
		{rule: "a byte more may not", change: func(r *http.Request) { r.ContentLength = 64<<10 + 1 }, want: "body-size"},
		{rule: "MaxBody can be raised", change: func(r *http.Request) { r.ContentLength = 64<<10 + 1 }, config: func(c *migrate.ShadowConfig) { c.MaxBody = 1 << 20 }, want: "none"},
		{rule: "a sample below 0 is none", config: func(c *migrate.ShadowConfig) { c.Sample = -1 }, want: "sample"},
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
			run, why := p.TryShadow(p.Decide(r), r)
			if why.String() != c.want || (run != nil) != (c.want == "none") {
				t.Fatalf("TryShadow: %v, %v; want %v", run, why, c.want)
			}
			run.Skip(migrate.SkipClientGone) // a nil run ignores it
			checkAccounts(t, p.Snapshot().Shadows)
		})
	}
}

func TestSampleIsAShare(t *testing.T) {
	config := shadowing(migrate.Shadow, 1)
	config.Shadow.Sample = 0.25
	p := newPair(t, config)
	for range 10_000 {
		r := get()
		run, _ := p.TryShadow(p.Decide(r), r)
		run.Skip(migrate.SkipClientGone)
	}
	s := p.Snapshot().Shadows
	if n := s.Skipped[migrate.SkipClientGone]; n < 2250 || n > 2750 { // more than five standard deviations
		t.Errorf("%d of 10,000 in a sample of 0.25", n)
	}
	checkAccounts(t, s)
}

func TestStagesAndTheirShadows(t *testing.T) {
	for stage, want := range map[migrate.Stage]string{migrate.Old: "off", migrate.Shadow: "new", migrate.Live: "old", migrate.New: "off"} {
		p := newPair(t, shadowing(stage, 1))
		r := get()
		run, why := p.TryShadow(p.Decide(r), r)
		got := why.String()
		if run != nil {
			got = run.Side().String()
		}
		if got != want {
			t.Errorf("stage %v: the shadow is %s, want %s", stage, got, want)
		}
	}
	// In a canary, those whom old serves may be shadowed, those whom new serves are not.
	config := shadowing(migrate.Canary, 1)
	config.Plan.Share, config.Key = 0.5, byHeader
	p := newPair(t, config)
	sides := map[migrate.Side]bool{}
	for i := range 100 {
		r := withKey(fmt.Sprint(i))
		d := p.Decide(r)
		run, why := p.TryShadow(d, r)
		if d.Side == migrate.OldSide && (run == nil || run.Side() != migrate.NewSide) || d.Side == migrate.NewSide && why != migrate.SkipOff {
			t.Fatalf("served by %v: shadow %v, %v", d.Side, run, why)
		}
		run.Skip(migrate.SkipClientGone)
		sides[d.Side] = true
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
				if err := p.Shutdown(t.Context()); err != nil {
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

func TestSlotsBoundAndShed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 2))
		release := make(chan struct{})
		block := func(context.Context) parity.Message { <-release; return fine }
		start(t, p, t.Context(), fine, block)
		start(t, p, t.Context(), fine, block)
		r := get()
		if _, why := p.TryShadow(p.Decide(r), r); why != migrate.SkipFull {
			t.Errorf("a third shadow beside two slots: %v", why)
		}
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 3, Started: 2, Running: 2, Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1}})
		close(release)
		synctest.Wait()
		// A reservation takes a slot, too: memory is bounded from there on.
		one, _ := p.TryShadow(p.Decide(r), r)
		two, _ := p.TryShadow(p.Decide(r), r)
		if _, why := p.TryShadow(p.Decide(r), r); one == nil || two == nil || why != migrate.SkipFull {
			t.Errorf("reservations %v and %v, then %v", one, two, why)
		}
		one.Skip(migrate.SkipStream)
		one.Skip(migrate.SkipClientGone) // the first counts
		one.Go(t.Context(), fine, func(context.Context) parity.Message {
			t.Error("a run that was skipped has started")
			return fine
		})
		two.Go(t.Context(), fine, answer(fine))
		two.Skip(migrate.SkipStream)
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 6, Started: 3,
			Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 2, migrate.SkipStream: 1},
			Results: map[migrate.Result]uint64{migrate.ResultEqual: 3}})
	})
}

func TestNoShadowStartsAfterKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 4))
		r := get()
		d := p.Decide(r)
		reserved, _ := p.TryShadow(d, r)
		p.Kill("test")
		reserved.Go(t.Context(), fine, func(context.Context) parity.Message {
			t.Error("a candidate ran after Kill")
			return fine
		})
		if run, why := p.TryShadow(d, r); run != nil || why != migrate.SkipOff {
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

func stuckCandidates(t *testing.T, bySet bool) {
	var events []string
	config := shadowing(migrate.Shadow, 2)
	config.OnEvent = func(e migrate.Event) { events = append(events, e.Kind.String()) }
	p := newPair(t, config)
	release := make(chan struct{})
	deaf := func(context.Context) parity.Message { <-release; return fine }
	start(t, p, t.Context(), fine, deaf)
	time.Sleep(9 * time.Second)
	start(t, p, t.Context(), fine, deaf)
	time.Sleep(2 * time.Second)
	checkShadows(t, p, migrate.ShadowStats{Offered: 2, Started: 2, Running: 2, Stuck: 1})
	time.Sleep(8*time.Second + 29*time.Second) // both are stuck for 29 s
	checkShadows(t, p, migrate.ShadowStats{Offered: 2, Started: 2, Running: 2, Stuck: 2})
	time.Sleep(2 * time.Second)
	checkShadows(t, p, migrate.ShadowStats{Offered: 2, Started: 2, Running: 2, Stuck: 2, Off: true})
	if p.Plan().Stage != migrate.Shadow {
		t.Errorf("the plan became %v: stuck shadows say nothing about who should serve", p.Plan())
	}
	r := get()
	if _, why := p.TryShadow(p.Decide(r), r); why != migrate.SkipOff {
		t.Errorf("shadows are off, but: %v", why)
	}
	close(release)
	synctest.Wait()
	lift := func() error { return p.Reset("ann") }
	if bySet {
		lift = func() error { return p.Set(migrate.Plan{Stage: migrate.Shadow}, "ann") }
	}
	if err := lift(); err != nil {
		t.Error(err)
	}
	start(t, p, t.Context(), fine, answer(fine))
	if err := p.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	checkShadows(t, p, migrate.ShadowStats{Offered: 4, Started: 3,
		Skipped: map[migrate.Skip]uint64{migrate.SkipOff: 1},
		Results: map[migrate.Result]uint64{migrate.ResultTimeout: 2, migrate.ResultEqual: 1}})
	if diff := cmp.Diff([]string{"shadow-off", map[bool]string{false: "reset", true: "set"}[bySet], "summary"}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// One candidate that ends stops the alarm, also for the next one that is stuck when it would have rung.
func TestStuckCandidatesThatEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := shadowing(migrate.Shadow, 1)
		config.Shadow.Timeout = time.Second
		p := newPair(t, config)
		slow := func(context.Context) parity.Message { time.Sleep(28 * time.Second); return fine }
		for range 4 {
			start(t, p, t.Context(), fine, slow)
			time.Sleep(28*time.Second + time.Millisecond)
		}
		checkShadows(t, p, migrate.ShadowStats{Offered: 4, Started: 4, Results: map[migrate.Result]uint64{migrate.ResultTimeout: 4}})
	})
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
		reserved, _ := p.TryShadow(p.Decide(r), r) // its request is still being served
		if err := p.Shutdown(t.Context()); err != nil || !ended {
			t.Errorf("Shutdown: %v, the shadow has ended: %v", err, ended)
		}
		reserved.Go(t.Context(), fine, answer(fine))
		if _, why := p.TryShadow(p.Decide(r), r); why != migrate.SkipOff {
			t.Errorf("a shadow after Shutdown: %v", why)
		}
		if p.Decide(r).Side != migrate.OldSide || p.Set(migrate.Plan{Stage: migrate.New}, "t") != nil || p.Decide(r).Side != migrate.NewSide {
			t.Error("Shutdown stopped the decisions, too")
		}
		if err := p.Shutdown(t.Context()); err != nil {
			t.Errorf("a second Shutdown: %v", err)
		}
		checkShadows(t, p, migrate.ShadowStats{Offered: 3, Started: 1,
			Skipped: map[migrate.Skip]uint64{migrate.SkipOff: 2}, Results: map[migrate.Result]uint64{migrate.ResultEqual: 1}})
	})
}

// When the time for a Shutdown is over, obedient candidates are told to end, and the error counts what is left.
func TestShutdownGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, shadowing(migrate.Shadow, 4))
		release := make(chan struct{})
		start(t, p, t.Context(), fine, func(ctx context.Context) parity.Message { <-ctx.Done(); return fine })
		start(t, p, t.Context(), fine, func(context.Context) parity.Message { <-release; return fine })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := p.Shutdown(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "2 shadows") || !strings.Contains(err.Error(), "GET /x") {
			t.Errorf("Shutdown: %v, want the deadline, the number of shadows and the pair", err)
		}
		synctest.Wait()
		checkShadows(t, p, migrate.ShadowStats{Offered: 2, Started: 2, Running: 1, Stuck: 1, Results: map[migrate.Result]uint64{migrate.ResultTimeout: 1}})
		close(release)
		if err := p.Shutdown(t.Context()); err != nil {
			t.Errorf("after the last one has ended: %v", err)
		}
	})
}

// Many goroutines with every kind of candidate: nothing is lost, and there are never more candidates than slots.
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
				run, _ := p.TryShadow(p.Decide(r), r)
				if i%5 == 0 {
					run.Skip(migrate.SkipServerBroke)
				}
				run.Go(r.Context(), fine, func(ctx context.Context) parity.Message {
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
					p.Snapshot()
				}
			}
		})
	}
	wg.Wait()
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := p.Snapshot().Shadows
	checkAccounts(t, s)
	if s.Offered != 16*300 || s.Reserved != 0 || s.Running != 0 || s.Started == 0 {
		t.Errorf("at rest: %+v", s)
	}
	if most > 3 {
		t.Errorf("%d candidates at a time in 3 slots", most)
	}
}

// A pair without slots of its own shares those of the process.
func TestPairsShareTheSlotsOfTheProcess(t *testing.T) {
	n := max(1, runtime.GOMAXPROCS(0)/4)
	config := shadowing(migrate.Shadow, 0)
	a, b := newPair(t, config), newPair(t, config)
	var runs []*migrate.ShadowRun
	for range n {
		r := get()
		run, why := a.TryShadow(a.Decide(r), r)
		if run == nil {
			t.Fatalf("no slot of %d: %v", n, why)
		}
		runs = append(runs, run)
	}
	r := get()
	if _, why := b.TryShadow(b.Decide(r), r); why != migrate.SkipFull {
		t.Errorf("another pair got a slot beyond %d: %v", n, why)
	}
	for _, run := range runs {
		run.Skip(migrate.SkipClientGone)
	}
	run, why := b.TryShadow(b.Decide(r), r)
	if run == nil {
		t.Errorf("after all slots were given back: %v", why)
	}
	run.Skip(migrate.SkipClientGone)
}
