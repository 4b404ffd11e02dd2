package migrate_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

var everyPlan = []migrate.Plan{
	{},
	{Stage: migrate.Shadow},
	{Stage: migrate.Canary, Share: 0.5},
	{Stage: migrate.Live},
	{Stage: migrate.New},
}

func TestDecideAndObserveDoNotAllocate(t *testing.T) {
	for _, plan := range everyPlan {
		p := newPair(t, migrate.Config{Name: "GET /x", Plan: plan, Key: migrate.HeaderKey("Key")})
		r := withKey("user-1")
		if n := testing.AllocsPerRun(1000, func() {
			d := decide(p, r)
			inside.Observe(p, d, served(d), guard.Answered)
		}); n != 0 {
			t.Errorf("%v: %v allocations per request, want none", plan, n)
		}
	}
}

// What each plan says of a request, and at Live with a hold-back of who has which key.
func TestDecisionsOfPlans(t *testing.T) {
	key := "k"
	bucket := int32(migrate.Bucket("GET /x", key))
	below, above := float64(bucket)/10000, float64(bucket+1)/10000
	for _, c := range []struct {
		plan     migrate.Plan
		holdback float64
		key      string
		want     plainDecision
	}{
		{plan: migrate.Plan{}, want: plainDecision{Bucket: -1}},
		{plan: migrate.Plan{Stage: migrate.Shadow}, want: plainDecision{Bucket: -1, Shadow: true}},
		{plan: migrate.Plan{Stage: migrate.Canary, Share: below}, key: key, want: plainDecision{Bucket: bucket, Shadow: true}},
		{plan: migrate.Plan{Stage: migrate.Canary, Share: above}, key: key, want: plainDecision{Bucket: bucket, New: true, Fallback: true}},
		{plan: migrate.Plan{Stage: migrate.Canary, Share: 1}, want: plainDecision{Bucket: -1, Shadow: true}},
		{plan: migrate.Plan{Stage: migrate.Live}, key: key, want: plainDecision{Bucket: -1, New: true, Shadow: true, Fallback: true}},
		{plan: migrate.Plan{Stage: migrate.Live}, holdback: 1 - above, key: key, want: plainDecision{Bucket: bucket, New: true, Shadow: true, Fallback: true}},
		{plan: migrate.Plan{Stage: migrate.Live}, holdback: 1 - below, key: key, want: plainDecision{Bucket: bucket, Shadow: true}},
		{plan: migrate.Plan{Stage: migrate.Live}, holdback: 0.5, want: plainDecision{Bucket: -1, New: true, Shadow: true, Fallback: true}},
		{plan: migrate.Plan{Stage: migrate.New}, holdback: 0.5, key: key, want: plainDecision{Bucket: -1, New: true}},
	} {
		p := newPair(t, migrate.Config{Name: "GET /x", Plan: c.plan, Key: migrate.HeaderKey("Key"), Guard: migrate.GuardConfig{Holdback: c.holdback}})
		got := decide(p, withKey(c.key))
		if watched := got.Watched; watched == (c.plan.Stage == migrate.Old || c.plan.Stage == migrate.New) || watched == (got.Began == 0) {
			t.Errorf("%v: watched %v, began %v", c.plan, watched, got.Began)
		}
		if got := plain(got); got != c.want {
			t.Errorf("%v, hold-back %v, key %q: %+v, want %+v", c.plan, c.holdback, c.key, got, c.want)
		}
	}
}

// plainDecision is what a decision says of one request.
type plainDecision struct {
	Bucket                       int32
	New, Shadow, Fallback, ByKey bool
}

func plain(d decision.Decision) plainDecision {
	return plainDecision{d.Bucket, d.New, d.Shadow, d.Fallback, d.ByKey}
}

func TestKeylessRequestsStayOnOld(t *testing.T) {
	for name, c := range map[string]struct {
		key    func(*http.Request) (string, bool)
		panics uint64
	}{
		"no key":    {func(*http.Request) (string, bool) { return "ignored", false }, 0},
		"a panic":   {func(*http.Request) (string, bool) { panic("broken") }, 1},
		"nil panic": {func(*http.Request) (string, bool) { var r *http.Request; return r.Method, true }, 1},
	} {
		p := newPair(t, migrate.Config{Key: c.key, Plan: migrate.Plan{Stage: migrate.Canary, Share: 1}})
		d := decide(p, withKey("k"))
		if d.New || d.Bucket != -1 || d.Fallback {
			t.Errorf("%s: decision %+v, want old, without a key and a bucket", name, d)
		}
		if s := p.Snapshot(); s.Keyless != 1 || s.KeyPanics != c.panics {
			t.Errorf("%s: %d keyless, %d panics; want 1 and %d", name, s.Keyless, s.KeyPanics, c.panics)
		}
	}
}

func TestReadyKeys(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Tenant", "acme")
	r.AddCookie(&http.Cookie{Name: "sid", Value: "s1"})
	r.AddCookie(&http.Cookie{Name: "empty", Value: ""})
	for _, c := range []struct {
		name string
		key  func(*http.Request) (string, bool)
		want string // empty is not a key
	}{
		{"header", migrate.HeaderKey("x-tenant"), "acme"},
		{"missing header", migrate.HeaderKey("X-User"), ""},
		{"cookie", migrate.CookieKey("sid"), "s1"},
		{"missing cookie", migrate.CookieKey("other"), ""},
		{"empty cookie", migrate.CookieKey("empty"), ""},
	} {
		if got, ok := c.key(r); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

// A decision of no plan does no harm.
func TestZeroDecision(t *testing.T) {
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Live}})
	for range 10 {
		inside.Observe(p, decision.Plan{}.Decide(), guard.NewSide, guard.Panicked)
	}
	if p.Plan().Stage != migrate.Live {
		t.Errorf("outcomes of no plan have tripped the pair: %+v", p.Snapshot().Latched)
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, plan := range everyPlan {
		b.Run(plan.Stage.String(), func(b *testing.B) {
			p := newPair(b, migrate.Config{Name: "GET /x", Plan: plan, Key: byHeader})
			r := withKey("user-00000001")
			b.ReportAllocs()
			for b.Loop() {
				decide(p, r)
			}
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	for _, plan := range everyPlan {
		b.Run(plan.Stage.String(), func(b *testing.B) {
			p := newPair(b, migrate.Config{Name: "GET /x", Plan: plan, Key: byHeader})
			d := decide(p, withKey("user-00000001"))
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					inside.Observe(p, d, served(d), guard.Answered)
				}
			})
		})
	}
}

// An outcome that the guard leaves out, because its client has failed before or the pair has
// tripped, is in the snapshot all the same.
func TestWhatTheGuardLeavesOutIsCounted(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "GET /x", Plan: migrate.Plan{Stage: migrate.Live}, Key: migrate.HeaderKey("Key")})
	for range 20 {
		d := decide(p, withKey("again and again"))
		d.Key = 7
		inside.Observe(p, d, guard.NewSide, guard.Failed)
	}
	d := decide(p, withKey("k"))
	for i := range 20 {
		d.Key = uint64(i)
		inside.Observe(p, d, guard.NewSide, guard.Panicked)
	}
	s := p.Snapshot()
	if s.Latched == nil || s.New[migrate.Failed] != 20 || s.New[migrate.Panicked] != 20 {
		t.Errorf("tripped %v, counted %v", s.Latched != nil, s.New)
	}
}

// Who has something bad to tell looks at the clock, though the request was not timed.
func TestUntimedFailuresTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, migrate.Config{Name: "GET /x", Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.5}, Key: migrate.HeaderKey("Key")})
		for i := range 3000 {
			time.Sleep(10 * time.Millisecond)
			d := decide(p, withKey(strconv.Itoa(i)))
			d.Began = 0
			if d.New {
				inside.Observe(p, d, guard.NewSide, guard.Failed)
			} else {
				inside.Observe(p, d, guard.OldSide, guard.Answered)
			}
			if p.Plan().Stage == migrate.Old {
				return
			}
		}
		t.Error("no trip")
	})
}

// An answer that was not timed asks as well whether the old side is alive, and tells when it is not.
func TestUntimedAnswersAskForOld(t *testing.T) {
	told := 0
	p := newPair(t, migrate.Config{Name: "GET /x", Plan: migrate.Plan{Stage: migrate.Live}, OnEvent: func(e migrate.Event) {
		if e.Guard != nil && e.Guard.Why == migrate.BlindOldDead {
			told++
		}
	}})
	inside.OldHealthy(p, func() bool { return false })
	d := inside.Decide(p)
	d.Began = 0
	inside.Observe(p, d, guard.NewSide, guard.Answered)
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := p.Snapshot(); told != 1 || s.New[migrate.Answered] != 1 {
		t.Errorf("told %d times, counted %v", told, s.New)
	}
}
