package adapt

// Registration: scopes collect routes and middleware; nothing is checked against anything else
// before all of it is known.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

// Routes registers routes in a scope. It is given to a function of New or Scope, must not be used
// after that function has returned, and not by several goroutines.
type Routes struct {
	// Fetch registers handlers of the immutable shape.
	Fetch FetchRoutes
	// ReqRes registers handlers of the mutable shape.
	ReqRes ReqResRoutes

	s *scope
}

// Scope is what a group of routes shares. A zero field inherits from the scope around it.
type Scope struct {
	// Prefix stands in front of the paths. A route with the path "/" or "" is the prefix itself.
	Prefix string
	// CORS is the policy of the routes; cors.Off switches it off.
	CORS *cors.Policy
	// Limits bound the requests of the routes.
	Limits Limits
	// Answers says how handlers of the fetch shape answer.
	Answers Answers
	// Owner names who is responsible, for reports.
	Owner string
	// Migration is the configuration of every Migrate; a Name, if set, is followed by the route. A
	// field that is zero inherits; Rules are added to those of the scope around.
	Migration migrate.Config
}

// scope is a Scope with its place in the tree, and with what it has of those around it.
type scope struct {
	*builder
	Scope
	parent *scope
	chain  []middleware
	heads  []headHook
	ends   []endHook
	routed string // where the first route was registered

	returnedBy string // the With that made it, "" for a scope of the user's
}

func (s *scope) nested() *scope { return &scope{builder: s.builder, Scope: s.Scope, parent: s} }

func (s *scope) routes() *Routes {
	return &Routes{Fetch: FetchRoutes{s}, ReqRes: ReqResRoutes{s}, s: s}
}

// prefix returns p without a slash at its end. One that does not begin with a slash is a mistake,
// and gets it, so that only the mistakes inside are reported for what is inside.
func (s *scope) prefix(p, of string) string {
	short := strings.TrimSuffix(p, "/")
	if short != "" && short[0] != '/' {
		s.mistake(callsite.Caller(), fmt.Errorf("the prefix %q of a %s must begin with /", p, of))
		short = "/" + short
	}
	return short
}

// Scope registers routes that share what sc says.
func (r *Routes) Scope(sc Scope, routes func(*Routes)) {
	s := r.s.nested()
	s.Prefix += s.prefix(sc.Prefix, "scope")
	s.CORS = cmp.Or(sc.CORS, s.CORS)
	s.Limits = route.Inner(sc.Limits, s.Limits)
	s.Answers = cmp.Or(sc.Answers, s.Answers)
	if sc.Answers > Standard {
		r.s.mistake(callsite.Caller(), unknownAnswers(sc.Answers))
	}
	s.Owner = cmp.Or(sc.Owner, s.Owner)
	if !reflect.ValueOf(sc.Migration).IsZero() {
		s.Migration = migrate.Internal(door.Key()).Inherit(sc.Migration, s.Migration)
	}
	if routes == nil {
		r.s.mistake(callsite.Caller(), errors.New("Scope was given a nil function"))
		return
	}
	routes(s.routes())
}

// Handle registers an http.Handler. It is called natively: it may stream, upgrade, and use
// http.ResponseController.
func (r *Routes) Handle(method, path string, h http.Handler) {
	r.s.add(registration{method: method, path: path, shape: ShapeHTTP, http: h})
}

// Mount serves with h everything under prefix that no other route matches, whatever the method. h
// sees paths without the prefix. Since it answers every method, nothing under prefix is a 405 any
// more; under "/" nothing is a 404 of the mux's either.
func (r *Routes) Mount(prefix string, h http.Handler) {
	r.s.add(registration{method: anyMethod, path: r.s.prefix(prefix, "mount") + "/[[...mounted]]", mount: true, shape: ShapeHTTP, http: h})
}

// Migrate registers both sides of an endpoint on its way from one shape to the other. Which side
// serves is up to the returned pair, at first Old unless the scope's Migration says otherwise.
// Either side may itself be a conversion: adapt.ToReqRes(h), reqres.FromHTTP(h).
func (r *Routes) Migrate(method, path string, old reqres.Handler, next fetch.Handler) *migrate.Pair {
	return r.s.migrate(method, path, old, next)
}

// Use guards the routes of the scope, and of the scopes in it, with ordinary net/http middleware.
// What it says of the order holds for every Use: the lines apply in their order, the first one
// outermost, whatever the shapes, and all must come before the first route of the scope.
func (r *Routes) Use(mw ...func(http.Handler) http.Handler) {
	for _, m := range mw {
		r.s.use("Use", middleware{http: m}, m == nil)
	}
}

// UseFetch guards the routes of the scope, whatever their shape, with middleware of the immutable
// shape; see Use.
func (r *Routes) UseFetch(mw ...fetch.Middleware) {
	for _, m := range mw {
		r.s.use("UseFetch", middleware{fetch: m}, m == nil)
	}
}

// UseReqRes guards the routes of the scope, whatever their shape, with middleware of the mutable
// shape; see Use.
func (r *Routes) UseReqRes(mw ...reqres.Middleware) {
	for _, m := range mw {
		r.s.use("UseReqRes", middleware{reqres: m}, m == nil)
	}
}

// UseBoth guards the routes of the scope with middleware that exists in both shapes, so that
// neither needs a conversion. Both must do the same.
func (r *Routes) UseBoth(f fetch.Middleware, rr reqres.Middleware) {
	r.s.use("UseBoth", middleware{fetch: f, reqres: rr}, f == nil || rr == nil)
}

// Guard says which requests reach the routes of the scope: it is middleware that needs no shape. It
// runs in the chain where its line is, as any Use does, and costs neither a conversion nor an
// allocation, whatever the shape of the handler. f is asked before the body is read. The context
// that it returns goes on to what stands behind it, in every shape; it must be made from
// r.Context(), and nil leaves that as it is. An error is answered as a handler's is, with the
// headers of the CORS policy; to redirect, return fetch.AsError(fetch.Redirect(…)). r.Pattern and
// r.PathValue say what was matched. f must not keep r, nor change it. Preflights, automatic answers
// to OPTIONS, 404 and 405 do not run it.
func (r *Routes) Guard(f func(*http.Request) (context.Context, error)) {
	r.s.use("Guard", middleware{guard: f}, f == nil)
}

// With returns Routes that register routes behind this net/http middleware, inside what the scope
// uses. It is not a scope, so Use, Guard, OnHead and OnEnd are mistakes on it. The handlers keep
// their names in reports.
//
//	r.With(limitRate).ReqRes.POST("/login", login)
func (r *Routes) With(mw ...func(http.Handler) http.Handler) *Routes {
	s := r.s.with("With")
	for _, m := range mw {
		s.addMiddleware("With", middleware{http: m}, m == nil)
	}
	return s.routes()
}

// WithGuard returns Routes that register routes behind this guard; see With and Guard.
//
//	r.WithGuard(admins).Fetch.DELETE("/accounts/:id", closeAccount)
func (r *Routes) WithGuard(f func(*http.Request) (context.Context, error)) *Routes {
	s := r.s.with("WithGuard")
	s.addMiddleware("WithGuard", middleware{guard: f}, f == nil)
	return s.routes()
}

// OnHead runs f once for each answer when its head goes out, in whatever shape it was made. f may
// change the headers and must not keep them; r is the request as the handler had it, with the
// context that middleware has put in place. In a function of New it runs for every answer of the
// mux, also for those that belong to no route: 404, 405, redirects, preflights. In a Scope it runs
// for the answers of the scope's routes.
func (r *Routes) OnHead(f func(r *http.Request, status int, h http.Header)) {
	if s := r.s.hooked("OnHead", f == nil); s != nil {
		s.heads = append(s.heads, f)
	}
}

// hooked returns the scope that keeps the hook which the method of that name was given: in a
// function of New that of the whole mux. It is nil for a mistake.
func (s *scope) hooked(name string, isNil bool) *scope {
	if isNil {
		s.mistake(callsite.Caller(), fmt.Errorf("%s was given a nil function", name))
	}
	switch {
	case s.single(name) || isNil:
		return nil
	case s.parent.parent == nil:
		return s.parent
	}
	return s
}

// mistake records what is wrong with a line of the user's.
func (s *scope) mistake(at callsite.Site, err error) {
	s.errs = append(s.errs, located(at, err))
}

func located(at callsite.Site, err error) error { return fmt.Errorf("adapt: %s: %w", at, err) }

// use adds to the chain of the scope what a method of that name was given.
func (s *scope) use(name string, m middleware, isNil bool) {
	if s.single(name) {
		return
	}
	s.addMiddleware(name, m, isNil)
	if s.routed != "" {
		s.mistake(callsite.Caller(), fmt.Errorf("%s comes after a route of its scope, registered at %s, which it would not guard: move it up, or put the routes that it guards into a Scope", name, s.routed))
	}
}

func (s *scope) addMiddleware(name string, m middleware, isNil bool) {
	m.name, m.at = name, callsite.Caller()
	if isNil {
		s.mistake(m.at, fmt.Errorf("%s was given nil middleware", name))
	}
	s.chain = append(s.chain, m)
}

// with returns the scope behind what the method of that name (With, WithGuard) returns; it takes
// only routes.
func (s *scope) with(name string) *scope {
	n := s.nested()
	n.returnedBy = name
	return n
}

// single reports whether s was returned by With, where a method of that name is a mistake.
func (s *scope) single(name string) bool {
	if s.returnedBy == "" {
		return false
	}
	s.mistake(callsite.Caller(), fmt.Errorf("%s on what %s returned, which is for single routes: give %s all that guards them, or use a Scope", name, s.returnedBy, s.returnedBy))
	return true
}
