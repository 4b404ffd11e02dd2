package migrate_test

import (
	"bytes"
	"encoding/json"
	"expvar"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// buffer is a log that may be read while it is written.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func TestLogEvents(t *testing.T) {
	var log buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	hear := migrate.LogEvents(logger)
	canary := migrate.Plan{Stage: migrate.Canary, Share: 0.05}
	for _, e := range []migrate.Event{
		{Kind: migrate.KindSet, Pair: "GET /x", By: "ann", To: canary, Wanted: canary},
		{Kind: migrate.KindKill, Pair: "GET /x", By: "ann", Reason: "smoke", From: canary, Wanted: canary},
		{Kind: migrate.KindTrip, Pair: "GET /x", From: canary, Wanted: canary, Trip: &migrate.Trip{Reason: migrate.TripErrors, New: migrate.Share{Bad: 5, Of: 50}, Old: migrate.Share{Bad: 0, Of: 950}}},
		{Kind: migrate.KindReset, Pair: "GET /x", By: "ann", To: canary, Wanted: canary, Lost: 3},
		{Kind: migrate.KindGuard, Pair: "GET /x", From: canary, To: canary, Wanted: canary, Guard: &migrate.GuardView{Sight: migrate.SightBlind, Why: migrate.BlindMethod}},
		{Kind: migrate.KindGuard, Pair: "GET /x", From: canary, To: canary, Wanted: canary, Guard: &migrate.GuardView{Sight: migrate.SightWatching, From: 0.01}},
		{Kind: migrate.KindMismatch, Pair: "GET /x", From: canary, To: canary, Wanted: canary, Mismatch: &migrate.Mismatch{Count: 4, Shadow: migrate.NewSide,
			Report: parity.Report{Diffs: []parity.Difference{{Class: "body.price", Kind: parity.KindType, Old: "number", New: "string"}}}}},
		{Kind: migrate.KindSource, Pair: "GET /x", Reason: "the source is broken: x"},
		{Kind: migrate.KindShadowOff, Pair: "GET /x", From: canary, To: canary, Wanted: canary},
		{Kind: migrate.KindSummary, Pair: "GET /x", From: canary, To: canary, Wanted: canary, Shadows: &migrate.ShadowStats{Offered: 3,
			Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1, migrate.SkipMethod: 1}, Results: map[migrate.Result]uint64{migrate.ResultEqual: 1}}},
	} {
		hear(e)
	}
	want := `level=INFO msg="migration set" pair="GET /x" from=old plan="canary 5 %" by=ann
level=WARN msg="migration kill" pair="GET /x" from="canary 5 %" plan=old wanted="canary 5 %" by=ann reason=smoke
level=ERROR msg="migration trip" pair="GET /x" from="canary 5 %" plan=old wanted="canary 5 %" rule=errors new="5 of 50" old="0 of 950"
level=INFO msg="migration reset" pair="GET /x" from=old plan="canary 5 %" by=ann lost=3
level=WARN msg="migration guard" pair="GET /x" plan="canary 5 %" guard="blind: method"
level=INFO msg="migration guard" pair="GET /x" plan="canary 5 %" guard="watching, from 1 %"
level=WARN msg="migration mismatch" pair="GET /x" plan="canary 5 %" count=4 shadow=new differences="[body.price type number→string]"
level=WARN msg="migration source" pair="GET /x" plan=old reason="the source is broken: x"
level=WARN msg="migration shadow-off" pair="GET /x" plan="canary 5 %"
level=INFO msg="migration summary" pair="GET /x" plan="canary 5 %" offered=3 skipped="map[full:1 method:1]" results=map[equal:1]
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

// Two pairs may have one name, as in two muxes: neither hides the other.
func TestExpvar(t *testing.T) {
	a := newPair(t, migrate.Config{Name: "GET /a", Plan: migrate.Plan{Stage: migrate.Live}})
	b := newPair(t, migrate.Config{Name: "GET /a"})
	var v expvar.Var = migrate.Expvar(slices.Values([]*migrate.Pair{a, b}))
	inside.Observe(a, decide(a, get()), guard.NewSide, guard.Failed)
	b.Kill("smoke", "ann")
	var got []struct {
		Name string
		Plan migrate.Plan
		New  map[string]int
		Held *struct{ Reason string }
	}
	if err := json.Unmarshal([]byte(v.String()), &got); err != nil {
		t.Fatalf("%v in %s", err, v)
	}
	if len(got) != 2 || got[0].Plan.Stage != migrate.Live || got[0].New["failed"] != 1 || got[1].Held.Reason != "smoke" {
		t.Errorf("published %s", v)
	}
	if none := migrate.Expvar(slices.Values([]*migrate.Pair(nil))).String(); none != "[]" {
		t.Errorf("no pairs are published as %s", none)
	}
}
