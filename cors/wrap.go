package cors

// The policy around a handler of either shape: thin wrappers of the decision.
// In a mux the policy hangs on the route, scope or mux instead, so that it stays
// when the handler changes shape.

import (
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

// Fetch returns a handler that speaks the protocol for next: it answers
// preflights itself and applies p to every other answer, errors and panics
// included. If p is off, the result is next. It is a fetch.Middleware; in a mux
// set Config.CORS or Scope.CORS instead, which also covers 404 and 405.
func (p *Policy) Fetch(next fetch.Handler) fetch.Handler {
	if p.IsOff() {
		return next
	}
	preflight := p.Preflight()
	return func(req *fetch.Request) (*fetch.Response, error) {
		r := req.Exchange().R
		cr := RequestOf(r.Method, r.Header)
		if cr.IsPreflight() {
			h := make(http.Header, 8)
			status := preflight.Answer(h, cr)
			return fetch.Bare(status, h), nil
		}
		res, err := guard(next, req)
		if e, ok := errors.AsType[*fetch.ResponseError](err); ok && e.Response != nil {
			res, err = e.Response, nil
		}
		if err != nil {
			h := make(http.Header, 4)
			p.Apply(h, cr)
			return nil, &message.HeaderError{Err: err, Header: h}
		}
		if res == nil || res.Err() != nil {
			return res, nil
		}
		return fetch.Rehead(res, func(h http.Header) { p.Apply(h, cr) }), nil
	}
}

// guard turns a panic into an error, so that its answer can be read by scripts
// too.
func guard(next fetch.Handler, req *fetch.Request) (res *fetch.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			panic(v)
		} else if v != nil {
			res, err = nil, message.NewPanicError(v)
		}
	}()
	return next(req)
}

// ReqRes returns a handler that speaks the protocol for next, as Fetch does. It
// is a reqres.Middleware.
func (p *Policy) ReqRes(next reqres.Handler) reqres.Handler {
	if p.IsOff() {
		return next
	}
	preflight := p.Preflight()
	hook := func(r *http.Request, _ int, h http.Header) { p.Apply(h, RequestOf(r.Method, r.Header)) }
	return func(req *reqres.Request, res *reqres.Response) error {
		x := req.Exchange()
		if cr := RequestOf(x.R.Method, x.R.Header); cr.IsPreflight() {
			return res.Status(preflight.Answer(res.Header(), cr)).End()
		}
		x.OnHead(hook)
		return next(req, res)
	}
}
