package adapt

// Middleware around a handler, composed once when the mux is built. A handler
// keeps the shape that it has; it is converted only where middleware exists in
// the other shape alone.

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/reqres"
)

// middleware is one Use, in one shape or in both.
type middleware struct {
	fetch  fetch.Middleware
	reqres reqres.Middleware
	http   func(http.Handler) http.Handler

	name string // of the method that it was given to
	at   callsite.Site
}

// handler is a handler in the shapes that it has without a conversion: one,
// or both for a migration and for what was converted before.
type handler struct {
	fetch  fetch.Handler
	reqres reqres.Handler
	http   http.Handler // of a migration: the shape of the side that serves
}

func (h handler) asFetch() fetch.Handler {
	if h.fetch != nil {
		return h.fetch
	}
	return passUpgrades(h.reqres)
}

func (h handler) asReqRes() reqres.Handler {
	if h.reqres != nil {
		return h.reqres
	}
	return ToReqRes(h.fetch)
}

func (h handler) asHTTP() http.Handler {
	switch {
	case h.http != nil:
		return h.http
	case h.reqres != nil:
		return h.reqres
	}
	return h.fetch
}

// passUpgrades is ToFetch for what stands behind middleware: since a connection
// cannot be a value, an upgrade is answered natively once the middleware has
// let it through.
func passUpgrades(h reqres.Handler) fetch.Handler {
	converted := ToFetch(h)
	return func(req *fetch.Request) (*fetch.Response, error) {
		x := inFetch.Exchange(req)
		if x.W == nil || !x.Upgrade() {
			return converted(req)
		}
		return inFetch.Deferred(func(x *exchange.Exchange) error {
			req, res, inner := inReqRes.Enter()
			inner.Fork(x, exchange.Inner, exchange.HTTPWriter(x), x.R)
			return inReqRes.Answer(h, req, res)
		}), nil
	}
}

// around returns h behind the chain, the first of it outermost. The error names
// middleware that has returned no handler.
func (h handler) around(chain []middleware) (handler, error) {
	for _, m := range slices.Backward(chain) {
		var ok bool
		if h, ok = h.behind(m); !ok {
			return handler{}, located(m.at, fmt.Errorf("the middleware given to %s returned a nil handler", m.name))
		}
	}
	return h, nil
}

// behind returns h behind one middleware; it is not ok where that returned nil.
func (h handler) behind(m middleware) (out handler, ok bool) {
	switch {
	case m.http != nil:
		wrapped := m.http(h.asHTTP())
		if isNil(wrapped) {
			return out, false
		}
		out.reqres = reqres.FromHTTP(wrapped)
	case m.fetch != nil && m.reqres != nil:
		if h.fetch != nil {
			out.fetch = m.fetch(h.fetch)
		}
		if h.reqres != nil {
			out.reqres = m.reqres(h.reqres)
		}
		return out, (out.fetch != nil) == (h.fetch != nil) && (out.reqres != nil) == (h.reqres != nil)
	case m.fetch != nil:
		out.fetch = m.fetch(h.asFetch())
	default:
		out.reqres = m.reqres(h.asReqRes())
	}
	return out, out.fetch != nil || out.reqres != nil
}

// middlewares is the chain of the scope with those around it, outermost first.
func (s *scope) middlewares() []middleware {
	if s == nil {
		return nil
	}
	return append(s.parent.middlewares(), s.chain...)
}

func (s *scope) hooks() []headHook {
	if s == nil {
		return nil
	}
	return append(s.parent.hooks(), s.heads...)
}
