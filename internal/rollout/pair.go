package rollout

// Both sides of a migration as one handler. The pair decides; this calls the
// side that it names, in the shape in which that side was written, and reports
// how it went. Where the plan neither shadows nor falls back nothing else
// happens.

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

// Sides is a pair with its handlers. Package adapt makes it when a route is
// registered; it is not changed afterwards.
type Sides struct {
	Pair *migrate.Pair
	Old  reqres.Handler
	Next fetch.Handler

	// Each side in the other shape, in which middleware around the pair may ask
	// for it.
	OldFetch   fetch.Handler
	NextReqRes reqres.Handler

	// What each side was converted from, if it was: a handler of the other shape
	// or an http.Handler.
	OldOrigin, NextOrigin any

	// ToFetch converts a handler that is made for one request.
	ToFetch func(reqres.Handler) fetch.Handler

	MaxBody    int64 // of a request that is kept for the other side
	KeepValues bool  // Config.KeepValues of the pair
}

// ServeHTTP is the pair for net/http middleware.
func (s *Sides) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.EntersFetch() {
		fetch.Handler(s.ServeFetch).ServeHTTP(w, r)
		return
	}
	reqres.Handler(s.ServeReqRes).ServeHTTP(w, r)
}

// EntersFetch reports whether the side that serves wants to be entered in the
// immutable shape. A new side that was converted is entered as what it was.
func (s *Sides) EntersFetch() bool {
	return s.NextOrigin == nil && s.Pair.Plan().Stage == migrate.New
}

// decide asks the pair. The key of a canary may read path values and what
// middleware has left in the context.
func (s *Sides) decide(x *message.Exchange) migrate.Decision {
	if s.Pair.Plan().Stage == migrate.Canary {
		return s.Pair.Decide(x.HTTP())
	}
	return s.Pair.Decide(x.R)
}

// ServeReqRes is the pair in the mutable shape.
func (s *Sides) ServeReqRes(req *reqres.Request, res *reqres.Response) error {
	d := s.decide(req.Exchange())
	switch {
	case d.Shadow || d.Fallback:
		return s.watchReqRes(d, req, res)
	case d.Side == migrate.NewSide:
		return s.callReqRes(d, migrate.NewSide, s.NextReqRes, req, res)
	}
	return s.callReqRes(d, migrate.OldSide, s.Old, req, res)
}

// ServeFetch is the pair in the immutable shape.
func (s *Sides) ServeFetch(req *fetch.Request) (*fetch.Response, error) {
	d := s.decide(req.Exchange())
	switch {
	case (d.Shadow || d.Fallback) && req.Err() == nil:
		return s.watchFetch(d, req)
	case d.Side == migrate.NewSide:
		return s.callFetch(d, migrate.NewSide, s.Next, req)
	}
	return s.callFetch(d, migrate.OldSide, s.OldFetch, req)
}

// callReqRes calls a side and tells the pair what it came to.
func (s *Sides) callReqRes(d migrate.Decision, side migrate.Side, h reqres.Handler, req *reqres.Request, res *reqres.Response) error {
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	err := h(req, res)
	returned = true
	x := req.Exchange()
	s.Pair.Observe(d, side, outcome(x, x.Status(), err))
	return err
}

// callFetch calls a side and tells the pair what it came to.
func (s *Sides) callFetch(d migrate.Decision, side migrate.Side, h fetch.Handler, req *fetch.Request) (*fetch.Response, error) {
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	res, err := h(req)
	returned = true
	s.Pair.Observe(d, side, outcome(req.Exchange(), statusOf(res), err))
	return res, err
}

// unwound reports a handler that has not returned, and lets its panic go on.
func (s *Sides) unwound(d migrate.Decision, side migrate.Side, v any) {
	s.Pair.Observe(d, side, panicOutcome(v))
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
func (s *Sides) shadowLog(x *message.Exchange) *slog.Logger {
	if !s.KeepValues {
		return nil
	}
	if x.Env.Log != nil {
		return x.Env.Log
	}
	return slog.Default()
}
