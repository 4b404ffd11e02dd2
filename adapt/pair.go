package adapt

// Both sides of a migration as one handler. The pair decides; this calls the
// side that it names, in the shape that side was written in, and reports how it
// went. Where the plan neither shadows nor falls back nothing else happens.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

// sides is a pair with its handlers, each also in the shape that middleware
// around the pair may ask for.
type sides struct {
	pair       *migrate.Pair
	old        reqres.Handler
	next       fetch.Handler
	oldFetch   fetch.Handler
	nextReqRes reqres.Handler
	nextOrigin any // what next was converted from, if it was

	maxBody    int64 // of a request that is kept for the other side
	keepValues bool
}

func (s *scope) migrate(method, path string, old reqres.Handler, next fetch.Handler) *migrate.Pair {
	at := callsite.Caller()
	if old == nil || next == nil {
		s.mistake(at, fmt.Errorf("Migrate %s %s needs an old and a new handler, and one is nil", method, path))
	}
	config := migrate.Config{}
	if s.migration != nil {
		config = *s.migration
	}
	route := method + " " + s.prefix + path
	if config.Name == "" {
		config.Name = route
	} else {
		config.Name += " " + route
	}
	pair, err := migrate.NewPair(config)
	if err != nil {
		s.mistake(at, fmt.Errorf("Migrate %s %s: %w", method, path, err))
		pair, _ = migrate.NewPair(migrate.Config{Name: config.Name}) // for the caller's next line
	}
	if old != nil && next != nil {
		both := &sides{
			pair: pair, old: old, next: next,
			oldFetch: handler{reqres: old}.asFetch(), nextReqRes: ToReqRes(next), nextOrigin: originOfFetch(next),
			maxBody: config.Shadow.MaxBody, keepValues: config.KeepValues,
		}
		if both.maxBody == 0 {
			both.maxBody = 64 << 10
		}
		s.add(registration{method: method, path: path, shape: Fetch, reqres: old, fetch: next, pair: both})
	}
	return pair
}

// handler is the pair in both shapes.
func (s *sides) handler() handler {
	return handler{fetch: s.serveFetch, reqres: s.serveReqRes, http: http.HandlerFunc(s.serveHTTP)}
}

// serveHTTP is the pair for net/http middleware.
func (s *sides) serveHTTP(w http.ResponseWriter, r *http.Request) {
	if s.entersFetch() {
		fetch.Handler(s.serveFetch).ServeHTTP(w, r)
		return
	}
	reqres.Handler(s.serveReqRes).ServeHTTP(w, r)
}

// serve enters the shape of the side that is likely to serve: the pair decides
// inside, where the request is known.
func (s *sides) serve(t *target, w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	if s.entersFetch() {
		req := new(fetch.Request)
		t.begin(req.Exchange(), w, r, ps)
		t.handler.fetch.Serve(req)
		return
	}
	req, res, x := reqres.Enter()
	t.begin(x, w, r, ps)
	t.handler.reqres.Serve(req, res)
}

// entersFetch reports whether the side that serves wants to be entered in the
// immutable shape. A new side that was converted is entered as what it was.
func (s *sides) entersFetch() bool {
	return s.nextOrigin == nil && s.pair.Plan().Stage == migrate.New
}

// decide asks the pair. The key of a canary may read path values and what
// middleware has left in the context.
func (s *sides) decide(x *message.Exchange) migrate.Decision {
	if s.pair.Plan().Stage == migrate.Canary {
		return s.pair.Decide(x.HTTP())
	}
	return s.pair.Decide(x.R)
}

func (s *sides) serveReqRes(req *reqres.Request, res *reqres.Response) error {
	d := s.decide(req.Exchange())
	switch {
	case d.Shadow || d.Fallback:
		return s.watchReqRes(d, req, res)
	case d.Side == migrate.NewSide:
		return s.callReqRes(d, migrate.NewSide, s.nextReqRes, req, res)
	}
	return s.callReqRes(d, migrate.OldSide, s.old, req, res)
}

func (s *sides) serveFetch(req *fetch.Request) (*fetch.Response, error) {
	d := s.decide(req.Exchange())
	switch {
	case (d.Shadow || d.Fallback) && req.Err() == nil:
		return s.watchFetch(d, req)
	case d.Side == migrate.NewSide:
		return s.callFetch(d, migrate.NewSide, s.next, req)
	}
	return s.callFetch(d, migrate.OldSide, s.oldFetch, req)
}

// callReqRes calls a side and tells the pair what it came to.
func (s *sides) callReqRes(d migrate.Decision, side migrate.Side, h reqres.Handler, req *reqres.Request, res *reqres.Response) error {
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	err := h(req, res)
	returned = true
	x := req.Exchange()
	s.pair.Observe(d, side, outcome(x, x.Status(), err))
	return err
}

// callFetch calls a side and tells the pair what it came to.
func (s *sides) callFetch(d migrate.Decision, side migrate.Side, h fetch.Handler, req *fetch.Request) (*fetch.Response, error) {
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	res, err := h(req)
	returned = true
	s.pair.Observe(d, side, outcome(req.Exchange(), statusOf(res), err))
	return res, err
}

// unwound reports a handler that has not returned, and lets its panic go on.
func (s *sides) unwound(d migrate.Decision, side migrate.Side, v any) {
	s.pair.Observe(d, side, panicOutcome(v))
	if v != nil { // else it was runtime.Goexit, which goes on by itself
		panic(v)
	}
}

func panicOutcome(v any) migrate.Outcome {
	if v == http.ErrAbortHandler {
		return migrate.Broken
	}
	return migrate.Panicked
}

// statusOf is the status of a response, 0 for one that cannot be sent.
func statusOf(res *fetch.Response) int {
	if res == nil || res.Err() != nil {
		return 0
	}
	return res.Status()
}

// outcome classifies what a handler came to: an error, or the status that it
// answered with, 0 for none.
func outcome(x *message.Exchange, status int, err error) migrate.Outcome {
	if err == nil {
		if status == 0 {
			return migrate.Failed // it did not answer
		}
		return migrate.OutcomeOf(status, nil)
	}
	if x.R.Context().Err() == context.Canceled {
		return migrate.ClientGone
	}
	if _, ok := errors.AsType[*message.PanicError](err); ok {
		return migrate.Panicked
	}
	if e, ok := errors.AsType[*fetch.ResponseError](err); ok && e.Response != nil && !x.Committed() {
		return migrate.OutcomeOf(e.Response.Status(), nil)
	}
	switch out := migrate.OutcomeOf(0, err); {
	case out == migrate.Declined || out == migrate.Broken:
		return out
	case x.Committed():
		if x.Ended() {
			return migrate.OutcomeOf(status, nil) // the answer was complete by then
		}
		return migrate.Broken
	}
	return migrate.OutcomeOf(message.StatusOf(err), nil)
}

// shadowLog is where the faults of a shadow are logged: nowhere, since they may
// hold what the request holds, unless values may be kept.
func (s *sides) shadowLog(x *message.Exchange) *slog.Logger {
	if !s.keepValues {
		return nil
	}
	if x.Env.Log != nil {
		return x.Env.Log
	}
	return slog.Default()
}
