package migrate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"expvar"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
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
		{Kind: migrate.KindSet, Pair: "GET /x", By: "ann", To: canary},
		{Kind: migrate.KindKill, Pair: "GET /x", Reason: "smoke", From: canary},
		{Kind: migrate.KindTrip, Pair: "GET /x", From: canary, Trip: &migrate.Trip{Reason: migrate.TripErrors, New: migrate.Share{Bad: 5, Of: 50}, Old: migrate.Share{Bad: 0, Of: 950}}},
		{Kind: migrate.KindReset, Pair: "GET /x", By: "ann", To: canary, Lost: 3},
		{Kind: migrate.KindMismatch, Pair: "GET /x", From: canary, To: canary, Mismatch: &migrate.Mismatch{Count: 4, Shadow: migrate.NewSide,
			Report: parity.Report{Diffs: []parity.Difference{{Class: "body.price", Kind: parity.Type, Old: "number", New: "string"}}}}},
		{Kind: migrate.KindShadowOff, Pair: "GET /x", From: canary, To: canary},
		{Kind: migrate.KindSummary, Pair: "GET /x", From: canary, To: canary, Shadows: &migrate.ShadowStats{Offered: 3,
			Skipped: map[migrate.Skip]uint64{migrate.SkipFull: 1, migrate.SkipMethod: 1}, Results: map[migrate.Result]uint64{migrate.ResultEqual: 1}}},
	} {
		hear(e)
	}
	want := `level=INFO msg="migration set" pair="GET /x" from=old plan="canary 5 %" by=ann
level=WARN msg="migration kill" pair="GET /x" from="canary 5 %" plan=old reason=smoke
level=ERROR msg="migration trip" pair="GET /x" from="canary 5 %" plan=old rule=errors new="5 of 50" old="0 of 950"
level=INFO msg="migration reset" pair="GET /x" from=old plan="canary 5 %" by=ann lost=3
level=WARN msg="migration mismatch" pair="GET /x" plan="canary 5 %" count=4 shadow=new differences="[body.price type number→string]"
level=WARN msg="migration shadow-off" pair="GET /x" plan="canary 5 %"
level=INFO msg="migration summary" pair="GET /x" plan="canary 5 %" offered=3 skipped="map[method:1 full:1]" results=map[equal:1]
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestExpvar(t *testing.T) {
	a := newPair(t, migrate.Config{Name: "GET /a", Plan: migrate.Plan{Stage: migrate.Live}})
	b := newPair(t, migrate.Config{Name: "GET /b"})
	v := migrate.Expvar(slices.Values([]*migrate.Pair{a, b}))
	var _ expvar.Var = v
	a.Observe(a.Decide(get()), migrate.NewSide, migrate.Failed)
	b.Kill("smoke")
	var got map[string]struct {
		Plan  migrate.Plan
		New   map[string]int
		Latch *struct{ Reason string }
	}
	if err := json.Unmarshal([]byte(v.String()), &got); err != nil {
		t.Fatalf("%v in %s", err, v)
	}
	if len(got) != 2 || got["GET /a"].Plan.Stage != migrate.Live || got["GET /a"].New["failed"] != 1 || got["GET /b"].Latch.Reason != "smoke" {
		t.Errorf("published %s", v)
	}
	if none := migrate.Expvar(slices.Values([]*migrate.Pair(nil))).String(); none != "{}" {
		t.Errorf("no pairs are published as %s", none)
	}
}

// Tokens stand in every part of a request, of both answers, and of a panic. Whatever happens, none may get into an event, a
// log, a snapshot, a stored mismatch or an error.
//
// Names of headers, cookies and fields are no values; of map keys, those are that do not look like names.
func TestNoValueLeaks(t *testing.T) {
	for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Canary, migrate.Live} {
		synctest.Test(t, func(t *testing.T) { taint(t, stage) })
	}
}

func taint(t *testing.T, stage migrate.Stage) {
	const token = "c4n4ry-t0ken"
	var log buffer
	var events []migrate.Event
	hear := migrate.LogEvents(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	config := shadowing(stage, 4)
	config.Guard.Off = true
	config.Shadow.Control, config.Shadow.AllowUnsafe = 0.2, "a test"
	config.Key = func(r *http.Request) (string, bool) {
		if r.Header.Get("Panic") != "" {
			panic(token)
		}
		return token, true
	}
	config.OnEvent = func(e migrate.Event) {
		events = append(events, e)
		hear(e)
	}
	p := newPair(t, config)
	message := func(i int, side string) parity.Message {
		h := http.Header{}
		for _, name := range []string{"Location", "X-Custom", "Etag", "Content-Language", "Vary", "Date"} {
			h.Set(name, token+side)
		}
		h.Set("Set-Cookie", "sid="+token+side+"; Path=/"+token+"; Domain="+token)
		m := parity.Message{Status: 200, Header: h}
		switch i % 6 {
		case 0:
			h.Set("Content-Type", "application/json")
			m.Body = fmt.Appendf(nil, `{"by":{"%s-%s@example.com":1},"list":[%q,%q],"t":%q}`, token, side, token, side, token+side)
		case 1:
			h.Set("Content-Type", "text/plain; x="+token+side)
			m.Body = []byte(token + side)
		case 2:
			h.Set("Content-Type", "text/event-stream")
			m.Body = fmt.Appendf(nil, "event: %s\ndata: %s\nid: %s\n\n", token+side, token+side, token+side)
		case 3:
			h.Set("Content-Type", "application/"+token+side)
			m.Body = []byte{0xff, 0, 'x'}
		case 4:
			h.Set("Content-Type", "application/json")
			m.Body = []byte(`{"` + token + `": ` + token + side)
		case 5:
			m.Err = "panic: " + token + side
		}
		return m
	}
	for i := range 120 {
		r := httptest.NewRequest("GET", "/"+token+"?"+token+"="+token, strings.NewReader(token))
		if i%10 == 0 {
			r.Method = token
		}
		if i%7 == 0 {
			r.Header.Set("Panic", "1")
		}
		r.Header.Set("Authorization", token)
		r.AddCookie(&http.Cookie{Name: token, Value: token})
		d := p.Decide(r)
		run, _ := p.TryShadow(d, r)
		run.Go(r.Context(), message(i, "old"), func(context.Context) parity.Message {
			switch i % 20 {
			case 11:
				panic(token)
			case 13:
				panic(fmt.Errorf("an error with %s", token))
			}
			return message(i+i/6%2, "new")
		})
		synctest.Wait()
		p.Observe(d, d.Side, migrate.OutcomeOf(0, fmt.Errorf("failed on %s", token)))
		p.FallBack(d, migrate.Attempt{Method: r.Method, Outcome: migrate.Failed})
	}
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	snapshot, err := json.Marshal(p.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	eventsJSON, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{
		"log": log.String(), "events": fmt.Sprintf("%+v", events) + string(eventsJSON), "snapshot": string(snapshot),
		"mismatches": fmt.Sprintf("%+v", p.Mismatches()),
		"error":      fmt.Sprint(p.Set(migrate.Plan{Stage: migrate.Live}, "test"), p.Reset("test")),
	} {
		if at := strings.Index(strings.ToLower(text), token); at >= 0 {
			t.Errorf("stage %v: a value leaks into the %s: …%s…", stage, where, text[max(0, at-80):min(len(text), at+40)])
		}
	}
	if s := p.Snapshot(); s.Mismatch < 10 || s.Controls == 0 && stage != migrate.Live || s.KeyPanics == 0 && stage == migrate.Canary {
		t.Errorf("stage %v: too little happened for this test to say something: %+v", stage, s)
	}
}
