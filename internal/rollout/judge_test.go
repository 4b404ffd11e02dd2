package rollout

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/guard"
)

func jsonAnswer(format string, args ...any) parity.Message {
	return parity.Message{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Appendf(nil, format, args...)}
}

func TestPanicsAreCompared(t *testing.T) {
	panicked := parity.Message{Err: "panic: x"}
	for name, c := range map[string]struct {
		served parity.Message
		want   uint64
	}{
		"old answers":     {fine, 1},
		"old panics, too": {panicked, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPair(t, shadowing(migrate.Shadow, 1))
			start(t, p, t.Context(), c.served, func(context.Context) parity.Message { panic("secret") })
			synctest.Wait()
			if got := p.Pair.Snapshot().Mismatch; got != c.want {
				t.Errorf("%s: %d mismatches, want %d", name, got, c.want)
			}
		})
	}
}

func TestSidesAreNotSwapped(t *testing.T) {
	for stage, want := range map[migrate.Stage]parity.Kind{migrate.Shadow: parity.KindMissing, migrate.Live: parity.KindExtra} {
		synctest.Test(t, func(t *testing.T) {
			p := newPair(t, shadowing(stage, 1))
			// What serves has a member that the shadow has not: missing in new, or extra in new.
			start(t, p, t.Context(), jsonAnswer(`{"a":1,"b":2}`), answer(jsonAnswer(`{"a":1}`)))
			synctest.Wait()
			m := p.Pair.Mismatches()
			if len(m) != 1 || m[0].Stage != stage || m[0].Shadow != map[migrate.Stage]migrate.Side{migrate.Shadow: migrate.NewSide, migrate.Live: migrate.OldSide}[stage] {
				t.Fatalf("%v: mismatches %+v", stage, m)
			}
			if d := m[0].Report.Diffs; len(d) != 1 || d[0].Kind != want {
				t.Errorf("%v: %v, want one of kind %v", stage, d, want)
			}
		})
	}
}

// At Live the shadow is old, and the guard hears of it: also and above all where new has broken and
// there is nothing to compare (E2).
func TestLiveShadowsAreTheBaseline(t *testing.T) {
	for name, c := range map[string]struct {
		old   func(context.Context) parity.Message
		trips bool
	}{
		"old answers":            {answer(fine), true},
		"old is wrong":           {answer(parity.Message{Status: 404}), true},
		"old fails":              {answer(parity.Message{Status: 503}), false},
		"old panics":             {func(context.Context) parity.Message { panic("x") }, false},
		"old breaks":             {answer(parity.Message{Status: 200, Err: "aborted"}), false},
		"old hangs":              {func(ctx context.Context) parity.Message { <-ctx.Done(); return parity.Message{Err: "timeout"} }, false},
		"old exits":              {answer(parity.Message{Err: "goexit"}), false},
		"old streams on and on":  {answer(parity.Message{Status: 200, Err: "timeout"}), true},
		"old streams an outcome": {answer(parity.Message{Status: 500, Err: "timeout"}), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := shadowing(migrate.Live, 100)
				config.Shadow.Timeout, config.Fallback = time.Second, migrate.FallbackOff
				p := newPair(t, config)
				for range 2000 {
					r := get()
					d := p.decision(r)
					run, _ := p.reserve(d, r)
					if run == nil {
						break
					}
					pairs.Observe(p.Pair, d, guard.NewSide, guard.Broken)
					run.baseline = true
					run.begin(t.Context(), parity.Message{}, c.old)
					time.Sleep(10 * time.Millisecond)
				}
				if tripped := p.Pair.Plan().Stage == migrate.Old; tripped != c.trips {
					t.Errorf("tripped %v, want %v: guard %v", tripped, c.trips, p.Pair.Snapshot().Guard)
				}
				if s := p.Pair.Snapshot(); s.Compared != 0 || s.Mismatch != 0 {
					t.Errorf("a baseline was compared: %+v", s)
				}
				if err := p.Pair.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Only at Live do shadows say something of old: in a canary old answers for itself, and neither new
// in a shadow nor a control is an old that does better.
func TestOtherShadowsAreNoBaseline(t *testing.T) {
	for _, control := range []float64{-1, 1} {
		synctest.Test(t, func(t *testing.T) {
			config := shadowing(migrate.Canary, 1)
			config.Plan.Share, config.Key, config.Shadow.Control, config.Fallback = 0.5, byHeader, control, migrate.FallbackOff
			p := newPair(t, config)
			for i := range 2000 {
				r := withKey(fmt.Sprint(i))
				d := p.decision(r)
				switch {
				case d.New && i%7 == 0: // below the ceiling
					pairs.Observe(p.Pair, d, guard.NewSide, guard.Failed)
				case d.New:
					pairs.Observe(p.Pair, d, guard.NewSide, guard.Answered)
				default:
					run, _ := p.reserve(d, r)
					run.begin(t.Context(), fine, answer(fine))
				}
				time.Sleep(10 * time.Millisecond)
			}
			if s := p.Pair.Snapshot(); s.Latched != nil || s.Shadows.Started < 500 {
				t.Errorf("controls %v: %d shadows, guard %v, tripped %+v", control, s.Shadows.Started, s.Guard, s.Latched)
			}
		})
	}
}

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

// Tokens stand in every part of a request, of both answers, and of a panic. Whatever happens, none
// may get into an event, a log, a snapshot, a stored mismatch or an error.
//
// Names of headers, cookies and fields are not values; of map keys, those are that do not look like
// names.
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
		d := p.decision(r)
		run, _ := p.reserve(d, r)
		run.begin(r.Context(), message(i, "old"), func(context.Context) parity.Message {
			switch i % 20 {
			case 11:
				panic(token)
			case 13:
				panic(fmt.Errorf("an error with %s", token))
			}
			return message(i+i/6%2, "new")
		})
		synctest.Wait()
		pairs.Observe(p.Pair, d, guard.NewSide, guard.Failed)
		pairs.FellBack(p.Pair, migrate.FallbackUnsafe)
	}
	if err := p.Pair.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	snapshot, err := json.Marshal(p.Pair.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	eventsJSON, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{
		"log": log.String(), "events": fmt.Sprintf("%+v", events) + string(eventsJSON), "snapshot": string(snapshot),
		"mismatches": fmt.Sprintf("%+v", p.Pair.Mismatches()),
		"error":      fmt.Sprint(p.Pair.Set(migrate.Plan{Stage: migrate.Live}, "test"), p.Pair.Reset("test")),
	} {
		if at := strings.Index(strings.ToLower(text), token); at >= 0 {
			t.Errorf("stage %v: a value leaks into the %s: …%s…", stage, where, text[max(0, at-80):min(len(text), at+40)])
		}
	}
	if s := p.Pair.Snapshot(); s.Mismatch < 10 || s.Controls == 0 && stage != migrate.Live || s.KeyPanics == 0 && stage == migrate.Canary {
		t.Errorf("stage %v: too little happened for this test to say something: %+v", stage, s)
	}
}
