package cors

// The policy around a handler of either shape: thin wrappers of the decision. In a mux the policy
// hangs on the route, scope or mux instead, so that it stays when the handler changes shape.

import (
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

// The doors of the two shapes.
var (
	inFetch  = fetch.Internal(door.Key())
	inReqRes = reqres.Internal(door.Key())
)

// Fetch returns a handler that speaks the protocol for next: it answers preflights itself and
// applies p to every other answer, errors and panics included. If p is off, the result is next. It
// is a fetch.Middleware; in a mux set Config.CORS or Scope.CORS instead, which also covers 404 and
// 405.
//
// Where the answer goes straight to a client, p is applied when its head goes out, and next's
// errors pass as they are. Where the handler is called as a function, p is applied to the response,
// or to the error.
func (p *Policy) Fetch(next fetch.Handler) fetch.Handler {
	if p.isOff() {
		return next
	}
	preflight, hook := p.preflight(), p.hook()
	return func(req *fetch.Request) (*fetch.Response, error) {
		x := inFetch.Exchange(req)
		cr := requestOf(x.R.Method, x.R.Header)
		if cr.isPreflight() {
			h := make(http.Header, 8)
			status := preflight.answer(h, cr)
			return inFetch.Bare(status, h), nil
		}
		if x.Answers() {
			hook.into(x)
			return next(req)
		}
		var res *fetch.Response
		err := exchange.Caught(func() (err error) { // scripts can read the answer to a panic too
			res, err = next(req)
			return err
		})
		if err == nil && res == nil {
			err = fetch.ErrNoResponse
		} else if err == nil {
			err = res.Err()
		}
		if err != nil {
			res.Close()
			if res = inFetch.InError(err); res == nil {
				return nil, crossfade.Internal(door.Key()).WithHeaders(err, p.onError(err, cr))
			}
		}
		return inFetch.Rehead(res, func(h http.Header) { p.applyTo(h, cr) }), nil
	}
}

// onError returns the headers of the answer to err: p's, and those of the error itself as p would
// have them in a response. nil values take headers away.
func (p *Policy) onError(err error, cr request) http.Header {
	h := make(http.Header, 4)
	of, _ := crossfade.Internal(door.Key()).HeadersOf(err) // what is refused is told where the error is answered
	for name, values := range of {
		if name != "Set-Cookie" { // those stay, and WithHeaders would add them again
			h[name] = values
		}
	}
	p.applyTo(h, cr)
	for name := range of {
		if h[name] == nil && name != "Set-Cookie" {
			h[name] = nil
		}
	}
	return h
}

// ReqRes returns a handler that speaks the protocol for next, as Fetch does. It is a
// reqres.Middleware. The origin is read when the head goes out: a handler that takes Origin out of
// its request gives up what it would have been granted.
func (p *Policy) ReqRes(next reqres.Handler) reqres.Handler {
	if p.isOff() {
		return next
	}
	preflight, hook := p.preflight(), p.hook()
	return func(req *reqres.Request, res *reqres.Response) error {
		x := inReqRes.Exchange(req)
		if cr := requestOf(x.R.Method, x.R.Header); cr.isPreflight() {
			return res.Status(preflight.answer(res.Header(), cr)).End()
		}
		hook.into(x)
		return next(req, res)
	}
}

// hook applies a policy when the head of a request's answer goes out.
type hook struct {
	apply func(r *http.Request, status int, h http.Header)
	last  atomic.Pointer[hooked]
}

func (p *Policy) hook() *hook {
	return &hook{apply: func(r *http.Request, _ int, h http.Header) { p.applyTo(h, requestOf(r.Method, r.Header)) }}
}

// into makes h the last of the hooks of x.
func (h *hook) into(x *exchange.Exchange) {
	e := h.last.Load()
	if e == nil || e.from != x.Env || e.alone != x.Silent {
		e = &hooked{from: x.Env, alone: x.Silent, env: *x.Env}
		if e.alone {
			e.env.Head = nil // those have their turn further out
		}
		e.env.Head = append(slices.Clip(e.env.Head), h.apply)
		h.last.Store(e)
	}
	x.Env, x.Silent = &e.env, false
}

// hooked is what the requests of a route share, with a policy as the last hook of their heads. It
// is kept from one request to the next, because a hook of each request would be an allocation of
// each request.
type hooked struct {
	from  *route.Env
	alone bool // the policy is the only hook
	env   route.Env
}
