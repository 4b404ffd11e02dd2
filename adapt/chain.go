package adapt

// Middleware around a handler, composed once when the mux is built. A handler
// keeps the shape that it has; it is converted only where middleware exists in
// the other shape alone.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

// middleware is one Use, in one shape or in both.
type middleware struct {
	fetch  fetch.Middleware
	reqres reqres.Middleware
	http   func(http.Handler) http.Handler
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
		x := req.Exchange()
		if x.W == nil || !x.Upgrade() {
			return converted(req)
		}
		return fetch.Deferred(func(x *message.Exchange) error {
			req, res, inner := reqres.Enter()
			inner.Derive(x, message.HTTPWriter(x), x.R)
			return h.Run(req, res)
		}), nil
	}
}

// around returns h behind the chain, the first of it outermost.
func (h handler) around(chain []middleware) handler {
	for i := len(chain) - 1; i >= 0; i-- {
		m := chain[i]
		switch {
		case m.http != nil:
			h = handler{reqres: reqres.FromHTTP(m.http(h.asHTTP()))}
		case m.fetch != nil && m.reqres != nil:
			var both handler
			if h.fetch != nil {
				both.fetch = m.fetch(h.fetch)
			}
			if h.reqres != nil {
				both.reqres = m.reqres(h.reqres)
			}
			h = both
		case m.fetch != nil:
			h = handler{fetch: m.fetch(h.asFetch())}
		default:
			h = handler{reqres: m.reqres(h.asReqRes())}
		}
	}
	return h
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
