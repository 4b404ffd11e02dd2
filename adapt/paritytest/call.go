package paritytest

// One call of one side: through a mux of its own, in process, with whatever the handler does kept
// as a value.

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/reqres"
)

// timeout bounds one call, so that a stream without an end is a difference and not a test that
// hangs.
const timeout = 10 * time.Second

type sides struct {
	Test
	old, next *side
}

// side is one handler in its mux, and what its last call came to.
type side struct {
	mux *adapt.Mux

	mu      sync.Mutex
	reached bool
	err     error
	panic   any
}

func (p Test) sides(t testing.TB) *sides {
	t.Helper()
	if p.Old == nil || p.Next == nil {
		t.Fatalf("paritytest: %s %s needs an Old and a Next handler", p.Method, p.Pattern)
		return nil
	}
	s := &sides{Test: p, old: new(side), next: new(side)}
	if err := p.Rules.Validate(); err != nil {
		t.Fatalf("paritytest: Rules: %v", err)
		return nil
	}
	config, use := p.Config, p.Use
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if use == nil {
		use = func(*adapt.Routes) {}
	}
	var err error
	s.old.mux, err = config.New(func(r *adapt.Routes) {
		use(r)
		r.ReqRes.On(p.Method, p.Pattern, func(req *reqres.Request, res *reqres.Response) (err error) {
			defer s.old.returned(&err)
			return p.Old(req, res)
		})
	})
	if err == nil {
		s.next.mux, err = config.New(func(r *adapt.Routes) {
			use(r)
			r.Fetch.On(p.Method, p.Pattern, func(req *fetch.Request) (res *fetch.Response, err error) {
				defer s.next.returned(&err)
				return p.Next(req)
			})
		})
	}
	if err != nil {
		t.Fatalf("paritytest: %v", err)
		return nil
	}
	return s
}

// returned notes how the handler ended; a panic goes on.
func (s *side) returned(err *error) {
	v := recover()
	s.mu.Lock()
	s.reached, s.err, s.panic = true, *err, v
	s.mu.Unlock()
	if v != nil {
		panic(v)
	}
}

// compare asks old, old again, and new.
func (s *sides) compare(t testing.TB, r request) *result {
	t.Helper()
	out := &result{request: r, reached: true}
	ask := func(side *side, why *error) parity.Message {
		if s.Reset != nil {
			s.Reset(t)
		}
		m := side.ask(r)
		side.mu.Lock()
		defer side.mu.Unlock()
		*why = side.err
		out.reached = out.reached && side.reached
		return m
	}
	out.old = ask(s.old, &out.why[0])
	out.noise = parity.Learn(out.old, ask(s.old, new(error)))
	out.next = ask(s.next, &out.why[1])
	out.report = parity.Compare(out.old, out.next, learn(s.Rules, out.noise))
	return out
}

// ask calls the side on a goroutine of its own, which it may end.
func (s *side) ask(r request) parity.Message {
	s.mu.Lock()
	s.reached, s.err, s.panic = false, nil, nil
	s.mu.Unlock()
	answer := make(chan parity.Message, 1)
	go func() {
		m := parity.Message{Err: "goexit"}
		defer func() { answer <- m }()
		m = s.record(r)
	}()
	m := <-answer
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.panic != nil && m.Err == "" {
		m.Err = fmt.Sprintf("panic: %v", s.panic)
	}
	return m
}

// record returns what goes on the wire, in front of a server that cuts what breaks.
func (s *side) record(r request) parity.Message {
	req := r.fresh()
	ctx, cancel := context.WithTimeout(context.WithValue(req.Context(), http.ServerContextKey, new(http.Server)), timeout)
	defer cancel()
	m := parity.Message{URL: req.URL()}
	raw := fetch.Internal(door.Key()).Exchange(req).R
	rec := new(engine.Recorder)
	err := rec.Record(func() { s.mux.ServeHTTP(rec, raw.WithContext(ctx)) })
	res := rec.Response(raw)
	m.Status, m.Header = res.StatusCode, res.Header
	m.Body, _ = io.ReadAll(res.Body)
	switch {
	case ctx.Err() != nil:
		m.Err = "timeout"
	case err != nil:
		m.Err = "aborted: " + err.Error()
	}
	return m
}
