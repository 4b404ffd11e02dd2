package adapt

// Middleware around a handler, composed once when the mux is built. A handler keeps the shape that
// it has; it is converted only where middleware exists in the other shape alone.

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

// middleware is one Use, in one shape or in both.
type middleware struct {
	fetch  fetch.Middleware
	reqres reqres.Middleware
	http   func(http.Handler) http.Handler
	guard  route.Guard

	name string // of the method that it was given to
	at   callsite.Site
}

// handler is a handler in the shapes that it has without a conversion: one, or both for a migration
// and for what was converted before.
type handler struct {
	fetch  fetch.Handler
	reqres reqres.Handler

	// enters is of a migration: whether the side that serves now is to be entered in the fetch shape.
	enters func() bool
}

func (h handler) asFetch() fetch.Handler {
	if h.fetch != nil {
		return h.fetch
	}
	return toFetch(h.reqres, false)
}

func (h handler) asReqRes() reqres.Handler {
	if h.reqres != nil {
		return h.reqres
	}
	return ToReqRes(h.fetch)
}

func (h handler) asHTTP() http.Handler {
	switch {
	case h.enters != nil:
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if h.enters() {
				h.fetch.ServeHTTP(w, r)
				return
			}
			h.reqres.ServeHTTP(w, r)
		})
	case h.reqres != nil:
		return h.reqres
	}
	return h.fetch
}

// around returns h behind the chain, the first of it outermost. The error names middleware that has
// returned no handler.
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
	case m.guard != nil:
		return h.guarded(m.guard), true
	case m.http != nil:
		wrapped := m.http(h.asHTTP())
		if isNil(wrapped) {
			return out, false
		}
		out.reqres = reqres.FromHTTP(wrapped)
	case m.fetch != nil && m.reqres != nil:
		out.enters = h.enters
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

// guarded returns h behind a guard that other middleware stands before, in each shape that h has.
func (h handler) guarded(guard route.Guard) handler {
	out := handler{enters: h.enters}
	if next := h.fetch; next != nil {
		out.fetch = func(req *fetch.Request) (*fetch.Response, error) {
			ctx, err := inFetch.Exchange(req).Ask(guard)
			switch {
			case err != nil:
				return nil, err
			case ctx != nil:
				req = req.WithContext(ctx) // that middleware has the request of keeps its context
			}
			return next(req)
		}
	}
	if next := h.reqres; next != nil {
		out.reqres = func(req *reqres.Request, res *reqres.Response) error {
			if err := inReqRes.Exchange(req).Pass(guard); err != nil {
				return err
			}
			return next(req, res)
		}
	}
	return out
}

// leading returns the guards at the front of a chain, and what stands behind them.
func leading(chain []middleware) (guards []route.Guard, rest []middleware) {
	for len(chain) > 0 && chain[0].guard != nil {
		guards, chain = append(guards, chain[0].guard), chain[1:]
	}
	return guards, chain
}

// middlewares returns the chain of the scope with those around it, outermost first.
func (s *scope) middlewares() []middleware {
	if s == nil {
		return nil
	}
	return append(s.parent.middlewares(), s.chain...)
}

func (s *scope) hooks() (heads []headHook, ends []endHook) {
	if s == nil {
		return nil, nil
	}
	heads, ends = s.parent.hooks()
	return append(heads, s.heads...), append(ends, s.ends...)
}
