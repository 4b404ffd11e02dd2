package migrateprom_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/contrib/migrateprom"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// secret stands in every part of a request that must not reach a label.
const secret = "s3cr3t"

// shop is a mux with pairs that answer, fail and differ.
func shop(t *testing.T) *adapt.Mux {
	t.Helper()
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Key: migrate.HeaderKey("User"), Plan: migrate.Plan{Stage: migrate.Canary, Share: 1}}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/users/:id", oldUser, newUser)
			r.Migrate("POST", "/orders", oldUser, newUser)
		})
		r.Migrate("GET", "/health", oldUser, newUser)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mux.Shutdown(context.Background()) })
	return mux
}

func oldUser(_ *reqres.Request, res *reqres.Response) error { return res.Send(secret) }

func newUser(req *fetch.Request) (*fetch.Response, error) {
	if req.Query("fail") != "" {
		return nil, fmt.Errorf("%s cannot be found", secret)
	}
	return fetch.Text(secret + " differs")
}

func serve(t *testing.T, mux *adapt.Mux, method, target string) {
	t.Helper()
	res, err := mux.Fetch(fetch.NewRequest(method, target, fetch.RequestHeader("User", secret), fetch.RequestHeader("X-"+secret, secret)))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Close()
}

func gather(t *testing.T, mux *adapt.Mux) []*dto.MetricFamily {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(migrateprom.New(mux.Migrations()))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// value is that of a series, whose labels are name=value.
func value(families []*dto.MetricFamily, name string, labels ...string) (float64, bool) {
	for _, f := range families {
		for _, m := range f.Metric {
			matches := f.GetName() == name
			for _, l := range labels {
				matches = matches && slices.ContainsFunc(m.Label, func(p *dto.LabelPair) bool { return p.GetName()+"="+p.GetValue() == l })
			}
			if matches {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount()), true
			}
		}
	}
	return 0, false
}

func TestSeries(t *testing.T) {
	mux := shop(t)
	before := gather(t, mux)
	for range 3 {
		serve(t, mux, "GET", "/users/"+secret+"?q="+secret)
	}
	serve(t, mux, "GET", "/users/1?fail=1")
	pair, _ := mux.Migration("POST /orders")
	pair.Kill(secret+" complains", secret) // what people write is not a label either
	after := gather(t, mux)
	for _, c := range []struct {
		name          string
		labels        []string
		before, after float64
	}{
		{"crossfade_requests_total", []string{"pair=GET /users/:id", "side=new", "outcome=answered"}, 0, 3},
		{"crossfade_requests_total", []string{"pair=GET /users/:id", "side=new", "outcome=failed"}, 0, 1},
		{"crossfade_requests_total", []string{"pair=GET /users/:id", "side=old", "outcome=answered"}, 0, 1},
		{"crossfade_requests_total", []string{"pair=GET /users/:id", "side=new", "outcome=panicked"}, 0, 0},
		{"crossfade_fallbacks_total", []string{"pair=GET /users/:id", "verdict=run"}, 0, 1},
		{"crossfade_stage", []string{"pair=GET /users/:id", "stage=canary"}, 1, 1},
		{"crossfade_stage", []string{"pair=GET /users/:id", "stage=old"}, 0, 0},
		{"crossfade_stage", []string{"pair=POST /orders", "stage=old"}, 0, 1},
		{"crossfade_wanted_stage", []string{"pair=POST /orders", "stage=canary"}, 1, 1},
		{"crossfade_share_ratio", []string{"pair=GET /users/:id"}, 1, 1},
		{"crossfade_held", []string{"pair=POST /orders", "by=kill"}, 0, 1},
		{"crossfade_held", []string{"pair=POST /orders", "by=document"}, 0, 0},
		{"crossfade_kills_total", []string{"pair=POST /orders"}, 0, 1},
		{"crossfade_trips_total", []string{"pair=POST /orders"}, 0, 0},
		{"crossfade_guard_blind", []string{"pair=POST /orders", "why=method"}, 1, 0},
		{"crossfade_plan_version", []string{"pair=POST /orders"}, 0, 0},
		{"crossfade_request_duration_seconds", []string{"pair=GET /users/:id", "side=new"}, 0, 3},
		{"crossfade_request_duration_seconds", []string{"pair=POST /orders", "side=old"}, 0, 0},
	} {
		for when, families := range map[float64][]*dto.MetricFamily{c.before: before, c.after: after} {
			if c.before == c.after {
				families = after
			}
			if got, there := value(families, c.name, c.labels...); !there || got != when {
				t.Errorf("%s%q is %v (there: %v), want %v", c.name, c.labels, got, there, when)
			}
		}
	}
	// Every series is there before anything has happened, and none comes later.
	count := func(families []*dto.MetricFamily) (n int) {
		for _, f := range families {
			n += len(f.Metric)
			for _, m := range f.Metric {
				for _, l := range m.Label {
					if strings.Contains(l.GetValue(), secret) {
						t.Errorf("%s has the label %s=%q", f.GetName(), l.GetName(), l.GetValue())
					}
				}
			}
		}
		return n
	}
	if b, a := count(before), count(after); b != a || b > 3*100 {
		t.Errorf("%d series at the start, %d later, for three pairs", b, a)
	}
}

// A histogram has all of its bounds from the start, and counts no answer up to a bound that it took
// longer than.
func TestDurations(t *testing.T) {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Key: migrate.HeaderKey("User"), Plan: migrate.Plan{Stage: migrate.Canary, Share: 1}}}, func(r *adapt.Routes) {
			r.Migrate("POST", "/orders", oldUser, func(*fetch.Request) (*fetch.Response, error) {
				time.Sleep(60 * time.Millisecond)
				return fetch.Text("slow")
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mux.Shutdown(context.Background()) })
	histograms := func() map[string]*dto.Histogram {
		t.Helper()
		all := map[string]*dto.Histogram{}
		for _, f := range gather(t, mux) {
			if f.GetName() == "crossfade_request_duration_seconds" {
				for _, m := range f.Metric {
					all[m.Label[1].GetValue()] = m.GetHistogram()
				}
			}
		}
		return all
	}
	for side, h := range histograms() {
		if len(h.Bucket) != len(prometheus.DefBuckets) || h.GetSampleCount() != 0 || h.GetSampleSum() != 0 {
			t.Errorf("before a request %s has %v", side, h)
		}
	}
	for range 3 {
		serve(t, mux, "POST", "/orders")
	}
	all := histograms()
	if h := all["new"]; h.GetSampleCount() != 3 || h.GetSampleSum() < 3*0.057 {
		t.Errorf("three answers of 60 ms or more: %v", h)
	}
	if h := all["old"]; h.GetSampleCount() != 0 {
		t.Errorf("old, which has answered nothing: %v", h)
	}
	before := uint64(0)
	for _, b := range all["new"].Bucket {
		if b.GetUpperBound() <= 0.05 && b.GetCumulativeCount() > 0 || b.GetCumulativeCount() < before {
			t.Errorf("up to %v s there are %d answers, after %d", b.GetUpperBound(), b.GetCumulativeCount(), before)
		}
		before = b.GetCumulativeCount()
	}
}

func TestFollowedPlans(t *testing.T) {
	mux := shop(t)
	m := new(sourcetest.Memory)
	m.Put(migrate.Document{Version: 12, Pairs: map[string]migrate.Directive{"GET /health": {Plan: &migrate.Plan{Stage: migrate.Canary}}, "POST /orders": {Hold: "no"}}})
	if err := mux.Follow(t.Context(), m, migrate.FollowConfig{}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		families := gather(t, mux)
		version, _ := value(families, "crossfade_plan_version", "pair=GET /users/:id")
		held, _ := value(families, "crossfade_held", "pair=POST /orders", "by=document")
		wrong, _ := value(families, "crossfade_plan_errors_total", "pair=GET /health")
		fresh, _ := value(families, "crossfade_plan_source", "pair=GET /health", "state=fresh")
		if version == 12 && held == 1 && wrong == 1 && fresh == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("version %v, held %v, wrong %v, fresh %v", version, held, wrong, fresh)
		}
	}
}

// Two pairs of one name are two, and a name may be any text.
func TestNames(t *testing.T) {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Name: "twin\xff"}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/a", oldUser, newUser)
			r.Migrate("GET", "/b", oldUser, newUser)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range gather(t, mux) {
		for _, m := range f.Metric {
			for _, l := range m.Label {
				if l.GetName() == "pair" {
					names[l.GetValue()] = true
				}
			}
		}
	}
	if len(names) != 2 {
		t.Errorf("the pairs are %v", names)
	}
}

func TestPromlint(t *testing.T) {
	problems, err := testutil.CollectAndLint(migrateprom.New(shop(t).Migrations()))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// The rules are accepted by Debian's promtool, speak of series that there are, and ring when they are
// to: alerts_test.yml plays a fleet in which every one must, and one in which none may.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range gather(t, shop(t)) {
		there[f.GetName()] = true
	}
	for _, name := range regexp.MustCompile(`crossfade_[a-z_]+`).FindAllString(string(text), -1) {
		if !there[name] {
			t.Errorf("alerts.yml speaks of %s, which is not collected", name)
		}
	}
	played, err := os.ReadFile("alerts_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllSubmatch(text, -1) {
		if !regexp.MustCompile(`alertname: ` + string(m[1]) + `\n +exp_alerts:`).Match(played) {
			t.Errorf("alerts_test.yml has no case in which %s rings", m[1])
		}
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("promtool is missing: .ci/services/prometheus.sh installs it")
		}
		t.Skip("promtool is missing (of Debian's package prometheus), so the rules are not checked")
	}
	for _, args := range [][]string{{"check", "rules", "alerts.yml"}, {"test", "rules", "alerts_test.yml"}} {
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", args, err, out)
		}
	}
}
