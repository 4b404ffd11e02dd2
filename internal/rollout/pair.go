package rollout

// Both sides of a migration as one handler. The pair decides; this calls the side that it names, in
// the shape in which that side was written, and reports how it went. Where the plan neither shadows
// nor falls back nothing else happens.

import (
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/reqres"
)

// Sides is a pair with its handlers. Package adapt makes it when a route is registered; its fields
// are not changed afterwards.
type Sides struct {
	Pair *migrate.Pair
	Old  reqres.Handler
	Next fetch.Handler

	// Each side in the other shape, in which middleware around the pair may ask for it.
	OldFetch   fetch.Handler
	NextReqRes reqres.Handler

	// What each side was converted from, if it was: a handler of the other shape or an
	// http.Handler.
	OldOrigin, NextOrigin any

	// ToFetch converts a handler that is made for one request.
	ToFetch func(reqres.Handler) fetch.Handler

	// OnError are the error handlers around the pair, innermost first.
	OnError []ErrorHandler

	// Tags says that fetch.ETag stands around the pair.
	Tags bool

	chosen atomic.Uint64 // runs reserved so far, of which some are controls
}

// Decide is for a pair that stands alone behind a route, which is entered in the shape of the side
// that serves. A decision that is by key is made by DecideByKey, or where that cannot by
// AnswerReqRes.
func (s *Sides) Decide() decision.Decision { return pairs.Decide(s.Pair) }

// InFetch reports whether a pair that stands alone is entered in the immutable shape: where new
// serves, and was written in it.
func (s *Sides) InFetch(d decision.Decision, r *http.Request) bool {
	return d.New && !d.ByKey && s.NextOrigin == nil && r.Method != http.MethodConnect
}

// AnswerReqRes is ServeReqRes with the decision of Decide.
func (s *Sides) AnswerReqRes(d decision.Decision, req *reqres.Request, res *reqres.Response) error {
	if d.ByKey {
		d = s.keyed(d, inReqRes.Exchange(req))
	}
	switch {
	case d.Shadow || d.Fallback:
		return s.watchReqRes(d, req, res)
	case d.New:
		return s.callReqRes(d, guard.NewSide, s.NextReqRes, req, res)
	}
	return s.callReqRes(d, guard.OldSide, s.Old, req, res)
}

// ServeNew answers a request that is InFetch and has begun.
func (s *Sides) ServeNew(d decision.Decision, req *fetch.Request) {
	x := inFetch.Exchange(req)
	var err error
	defer x.Finish(&err)
	if err = x.Admit(); err != nil {
		err = inFetch.Answer(x, nil, err)
		return
	}
	var w watch
	w.Sides, w.d, w.x = s, d, x // not as a literal, which is copied
	if !w.begin() {
		res, failure := s.callFetch(d, guard.NewSide, s.Next, req)
		err = inFetch.Answer(x, res, failure)
		return
	}
	x.Spared = true
	instead, err := w.answer(req)
	if instead {
		err = s.oldBeside(d, x)
	}
	switch {
	case err != nil:
		err = inFetch.Answer(x, nil, err)
	case !x.Committed():
		err = fetch.ErrNoResponse
	}
}

// oldBeside has old answer a request that was entered in the immutable shape, natively.
func (s *Sides) oldBeside(d decision.Decision, x *exchange.Exchange) error {
	old := func(req *reqres.Request, res *reqres.Response) error { return inReqRes.Answer(s.Old, req, res, false) }
	return answerInPlace(x, x.R, func(req *reqres.Request, res *reqres.Response) error {
		return s.callReqRes(d, guard.OldSide, old, req, res)
	})
}

// answerInPlace has a handler of the mutable shape answer in place of the one that x was made for:
// by the writer of x, with r.
func answerInPlace(x *exchange.Exchange, r *http.Request, answer reqres.Handler) error {
	req, res, y := inReqRes.Enter()
	y.Fork(x, exchange.View, x.W, r)
	y.Derived = x.Derived // its head is the one that goes out, where that of x would be
	defer x.Adopt(&y.Answer)
	return answer(req, res)
}

// EntersFetch reports whether the side that serves wants to be entered in the immutable shape. A
// new side that was converted is entered as what it was.
func (s *Sides) EntersFetch() bool {
	return s.NextOrigin == nil && pairs.Alone(s.Pair)
}

// keyed decides by the key, which may be made of path values and of what middleware has left in the
// context.
func (s *Sides) keyed(d decision.Decision, x *exchange.Exchange) decision.Decision {
	return pairs.DecideByKey(s.Pair, d, x.HTTP())
}

// ServeReqRes is the pair in the mutable shape.
func (s *Sides) ServeReqRes(req *reqres.Request, res *reqres.Response) error {
	return s.AnswerReqRes(s.Decide(), req, res)
}

// ServeFetch is the pair in the immutable shape.
func (s *Sides) ServeFetch(req *fetch.Request) (*fetch.Response, error) {
	d := s.Decide()
	if d.ByKey {
		d = s.keyed(d, inFetch.Exchange(req))
	}
	switch {
	case (d.Shadow || d.Fallback) && req.Err() == nil:
		return s.watchFetch(d, req)
	case d.New:
		return s.callFetch(d, guard.NewSide, s.Next, req)
	}
	return s.callFetch(d, guard.OldSide, s.OldFetch, req)
}

// callReqRes calls a side and tells the pair what it came to.
func (s *Sides) callReqRes(d decision.Decision, side guard.Side, h reqres.Handler, req *reqres.Request, res *reqres.Response) error {
	inReqRes.Exchange(req).ServedBy(exchange.OldSide + uint32(side))
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	err := h(req, res)
	returned = true
	x := inReqRes.Exchange(req)
	if err != nil {
		err = s.rendered(x, res.StatusCode(), err)
	}
	pairs.Observe(s.Pair, d, side, outcome(x, x.Status(), err))
	return err
}

// callFetch calls a side and tells the pair what it came to.
func (s *Sides) callFetch(d decision.Decision, side guard.Side, h fetch.Handler, req *fetch.Request) (*fetch.Response, error) {
	inFetch.Exchange(req).ServedBy(exchange.OldSide + uint32(side))
	returned := false
	defer func() {
		if !returned {
			s.unwound(d, side, recover())
		}
	}()
	res, err := h(req)
	returned = true
	err = s.rendered(inFetch.Exchange(req), 0, err)
	s.observe(d, side, inFetch.Exchange(req), res, err, nil)
	return res, err
}

// observe tells the pair what a side has returned. A stream that is watched may still break, or
// lose its client, when it is sent: then the pair is told that, and so is its shadow.
func (s *Sides) observe(d decision.Decision, side guard.Side, x *exchange.Exchange, res *fetch.Response, err error, sh *shadow) {
	out := outcome(x, statusOf(res), err)
	if d.Watched && res != nil && good(out) && inFetch.Streams(res) {
		s.observeStream(d, side, x, res, sh)
		return
	}
	pairs.Observe(s.Pair, d, side, out)
}

func (s *Sides) observeStream(d decision.Decision, side guard.Side, x *exchange.Exchange, res *fetch.Response, sh *shadow) {
	inFetch.WhenEnded(res, func(err error) {
		out := outcomeOfStatus(res.Status())
		switch {
		case x.ClientLeft():
			out = guard.Gone
		case err != nil:
			out = guard.Broken
		}
		pairs.Observe(s.Pair, d, side, out)
		sh.streamed(out)
	})
}

// unwound reports a handler that has not returned. Its panic goes on.
func (s *Sides) unwound(d decision.Decision, side guard.Side, v any) {
	pairs.Observe(s.Pair, d, side, panicOutcome(v))
	if v != nil { // else it was runtime.Goexit, which goes on by itself
		panic(v)
	}
}

// shadowLog is where the faults of a shadow are logged: nowhere, since they may hold what the
// request holds, unless values may be kept.
func (s *Sides) shadowLog(x *exchange.Exchange) *slog.Logger {
	if !pairs.Config(s.Pair).KeepValues {
		return nil
	}
	return x.Env.Logger()
}
