package adapt

import (
	"net/http"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// FetchRoutes registers handlers of the immutable shape.
type FetchRoutes struct{ s *scope }

// GET registers a handler, which also serves HEAD.
func (f FetchRoutes) GET(path string, h fetch.Handler) { f.On(http.MethodGet, path, h) }

// HEAD registers a handler in place of GET's.
func (f FetchRoutes) HEAD(path string, h fetch.Handler) { f.On(http.MethodHead, path, h) }

// POST registers a handler.
func (f FetchRoutes) POST(path string, h fetch.Handler) { f.On(http.MethodPost, path, h) }

// PUT registers a handler.
func (f FetchRoutes) PUT(path string, h fetch.Handler) { f.On(http.MethodPut, path, h) }

// PATCH registers a handler.
func (f FetchRoutes) PATCH(path string, h fetch.Handler) { f.On(http.MethodPatch, path, h) }

// DELETE registers a handler.
func (f FetchRoutes) DELETE(path string, h fetch.Handler) { f.On(http.MethodDelete, path, h) }

// OPTIONS registers a handler in place of the mux's own answer. CORS preflights do not reach it.
func (f FetchRoutes) OPTIONS(path string, h fetch.Handler) { f.On(http.MethodOptions, path, h) }

// Any registers a handler for every method that the path has no route of its own for.
func (f FetchRoutes) Any(path string, h fetch.Handler) { f.On(anyMethod, path, h) }

// On registers a handler for a method.
func (f FetchRoutes) On(method, path string, h fetch.Handler) {
	f.s.add(registration{method: method, path: path, shape: ShapeFetch, fetch: h})
}

// Take registers a handler for one method of a path that the other shape serves with Any: on
// purpose, this method has moved already.
func (f FetchRoutes) Take(method, path string, h fetch.Handler) {
	f.s.add(registration{method: method, path: path, shape: ShapeFetch, fetch: h, take: true})
}

// Route registers the handlers of one path, as a route.ts file does.
func (f FetchRoutes) Route(path string, m fetch.Methods) {
	register(f.s, path, f.On, m.GET, m.HEAD, m.POST, m.PUT, m.PATCH, m.DELETE, m.OPTIONS)
}

// With returns a value that registers routes behind this middleware; see Routes.With.
func (f FetchRoutes) With(mw ...fetch.Middleware) FetchRoutes {
	s := f.s.with("With")
	for _, m := range mw {
		s.addMiddleware("With", middleware{fetch: m}, m == nil)
	}
	return FetchRoutes{s}
}

// ReqResRoutes registers handlers of the mutable shape.
type ReqResRoutes struct{ s *scope }

// GET registers a handler, which also serves HEAD.
func (f ReqResRoutes) GET(path string, h reqres.Handler) { f.On(http.MethodGet, path, h) }

// HEAD registers a handler in place of GET's.
func (f ReqResRoutes) HEAD(path string, h reqres.Handler) { f.On(http.MethodHead, path, h) }

// POST registers a handler.
func (f ReqResRoutes) POST(path string, h reqres.Handler) { f.On(http.MethodPost, path, h) }

// PUT registers a handler.
func (f ReqResRoutes) PUT(path string, h reqres.Handler) { f.On(http.MethodPut, path, h) }

// PATCH registers a handler.
func (f ReqResRoutes) PATCH(path string, h reqres.Handler) { f.On(http.MethodPatch, path, h) }

// DELETE registers a handler.
func (f ReqResRoutes) DELETE(path string, h reqres.Handler) { f.On(http.MethodDelete, path, h) }

// OPTIONS registers a handler in place of the mux's own answer. CORS preflights do not reach it.
func (f ReqResRoutes) OPTIONS(path string, h reqres.Handler) { f.On(http.MethodOptions, path, h) }

// Any registers a handler for every method that the path has no route of its own for: what a
// pages/api file serves.
func (f ReqResRoutes) Any(path string, h reqres.Handler) { f.On(anyMethod, path, h) }

// On registers a handler for a method.
func (f ReqResRoutes) On(method, path string, h reqres.Handler) {
	f.s.add(registration{method: method, path: path, shape: ShapeReqRes, reqres: h})
}

// Take registers a handler for one method of a path that the other shape serves with Any.
func (f ReqResRoutes) Take(method, path string, h reqres.Handler) {
	f.s.add(registration{method: method, path: path, shape: ShapeReqRes, reqres: h, take: true})
}

// Route registers the handlers of one path.
func (f ReqResRoutes) Route(path string, m reqres.Methods) {
	register(f.s, path, f.On, m.GET, m.HEAD, m.POST, m.PUT, m.PATCH, m.DELETE, m.OPTIONS)
}

// With returns a value that registers routes behind this middleware; see Routes.With.
func (f ReqResRoutes) With(mw ...reqres.Middleware) ReqResRoutes {
	s := f.s.with("With")
	for _, m := range mw {
		s.addMiddleware("With", middleware{reqres: m}, m == nil)
	}
	return ReqResRoutes{s}
}

// verbs are those of Methods, in its order, and those that a route of Any is said to allow.
var verbs = [...]string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
	http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// register registers those handlers of verbs that are there.
func register[H any](s *scope, path string, on func(method, path string, h H), handlers ...H) {
	none := true
	for i, h := range handlers {
		if !isNil(h) {
			none = false
			on(verbs[i], path, h)
		}
	}
	if none {
		s.add(registration{method: anyMethod, path: path}) // reports the nil handler
	}
}
