package adapt

// The mux: one table for both shapes. A request is matched once, on the
// normalised escaped path, and served in the shape in which its route was
// written; what no route serves the mux answers itself.

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Mux serves the routes of both shapes. Its routes are immutable once built, and it is safe
// for any number of goroutines.
type Mux struct {
	config    Config
	rows      []*entry // all that was registered
	entries   []*entry // those of the table
	apps      []*app
	table     *table
	heads     []headHook // of every answer
	ends      []endHook  // likewise
	env       *route.Env
	answers   *route.Answers              // of routes whose answers are alike
	envs      map[*cors.Policy]*route.Env // of the mux's own answers, by policy
	services  map[Limits]*route.Service   // of the routes, by their limits
	preflight preflight                   // for paths without a route
	missing   *target                     // of what nobody serves
	after     *after
	following following
}

// ServeHTTP serves a request: what is wrong with its host or its path is answered
// first, then a preflight by the table, what a route matches natively by its
// handler, and all else by what the mux itself says to it.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name := m.config.RequestID; name != "" {
		identify(r, name)
	}
	path, flags, own := m.enter(r)
	if own != nil {
		own.serve(w, r, nil)
		return
	}
	if f := m.preflightFor(r, path); f != nil {
		began := time.Now()
		status := m.servePreflight(w, r, f)
		if len(m.ends) > 0 {
			m.tellEnd(m.ends, m.preflighted(r, status, began))
		}
		return
	}
	serve, ps := m.table.lookup(r.Method, path)
	if own := m.answer(r, path, flags, serve != nil, ps); own != nil {
		own.serve(w, r, nil)
		return
	}
	serve(w, r, ps)
}

// enter returns the path that a request is routed on, or an answer to one that
// goes no further.
func (m *Mux) enter(r *http.Request) (path string, flags pathname.Flags, own *target) {
	path, flags = pathname.Normalize(r.URL)
	if err := m.env.Proxies.Check(r); err != nil {
		own = refusal(m.env, err)
	} else if crooked(r, flags) {
		own, path = m.straighten(r, path, flags)
	}
	return path, flags, own
}

// answer returns the target that answers what the mux itself has to say to a
// request, or nil for one that its route serves.
func (m *Mux) answer(r *http.Request, path string, flags pathname.Flags, matched bool, ps httprouter.Params) *target {
	switch {
	case !matched:
		return m.unmatched(r, path)
	case flags&pathname.Escaped != 0 && !decodes(ps):
		return m.undecodable(r.Method, path)
	}
	return nil
}

// unmatched is the target of a request that no route serves: for a path that has
// routes the list of their methods, or 405; for one that lacks a slash or has one
// too many a redirect; else 404.
func (m *Mux) unmatched(r *http.Request, path string) *target {
	var room few
	there, near := m.table.at(path, &room)
	if allow := there.allow(); allow != "" {
		env := m.envOf(there)
		if r.Method == http.MethodOptions {
			return answering(env, func(*fetch.Request) (*fetch.Response, error) {
				return fetch.NoContent(fetch.SetHeader("Allow", allow))
			})
		}
		return refusal(env, &fetch.Error{
			Status:  http.StatusMethodNotAllowed,
			Message: r.Method + " is not supported here, but " + allow,
			Header:  http.Header{"Allow": {allow}},
		})
	}
	if !near {
		return m.missing
	}
	path = toggleSlash(path)
	there, _ = m.table.at(path, &room)
	return m.redirect(r, path, there)
}

// answering is the target of an answer of the mux itself.
func answering(env *route.Env, h fetch.Handler) *target {
	return &target{env: env, handler: handler{fetch: h}}
}

func refusal(env *route.Env, err error) *target {
	return answering(env, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
}

var errNotFound = fetch.Errorf(http.StatusNotFound, "Not Found")

// undecodable refuses a request whose route has a parameter that does not decode; an app that is handed its paths as they
// were sent has none.
func (m *Mux) undecodable(method, path string) *target {
	e, ps := m.table.find(method, path)
	if e.asSent {
		return nil
	}
	i := slices.IndexFunc(ps, func(p httprouter.Param) bool { return !decodes(httprouter.Params{p}) })
	return refusal(m.envs[e.target.cors], fetch.Errorf(http.StatusBadRequest,
		"the path parameter %q is not valid percent-encoded UTF-8", e.pattern.Names()[i]))
}

// Routes lists every endpoint in the order of registration. Those of legacy apps
// are among them, but for those that have moved.
func (m *Mux) Routes() iter.Seq[Route] {
	return func(yield func(Route) bool) {
		for _, e := range m.rows {
			if e.taken == nil && !yield(e.Route) {
				return
			}
		}
	}
}

// Overlaps lists the pairs of routes that both match some request, with the
// one that serves it: where surprises come from while endpoints move. Last come
// the endpoints of legacy apps that are dead, since they have moved.
func (m *Mux) Overlaps() iter.Seq[Overlap] {
	return func(yield func(Overlap) bool) {
		for o := range overlaps(m.entries) {
			if !yield(o) {
				return
			}
		}
		for _, e := range m.rows {
			if e.dead() && !yield(newOverlap(e.taken, e)) {
				return
			}
		}
	}
}

// Migrations lists the pairs of Migrate, in the order of registration.
func (m *Mux) Migrations() iter.Seq[*migrate.Pair] {
	return func(yield func(*migrate.Pair) bool) {
		for _, e := range m.entries {
			if e.Pair != nil && !yield(e.Pair) {
				return
			}
		}
	}
}

// Migration returns the pair of Migrate with that name, which is the route's "GET /path" unless its
// configuration names it.
func (m *Mux) Migration(name string) (*migrate.Pair, bool) {
	for p := range m.Migrations() {
		if p.Name() == name {
			return p, true
		}
	}
	return nil, false
}

// Shutdown stops following a source, and waits for that, for the work that After
// has started and for the shadow runs of migrations, until ctx ends. Call it after
// http.Server.Shutdown. It may be called again.
func (m *Mux) Shutdown(ctx context.Context) error {
	errs := []error{m.following.end(ctx), m.after.wait(ctx)}
	for p := range m.Migrations() {
		errs = append(errs, p.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

// Fetch serves a request in process: no socket, no recorder. Errors, 404 and
// 405 come back as responses, rendered as on the wire. The error is for a bad
// request value, a context that has ended, or an answer that broke before its
// head was complete. A stream must be read to its end or closed.
func (m *Mux) Fetch(req *fetch.Request) (res *fetch.Response, err error) {
	if req == nil {
		return nil, errors.New("adapt: Fetch was given a nil request")
	}
	if err := req.Err(); err != nil {
		return nil, err
	}
	if err := context.Cause(req.Context()); err != nil {
		return nil, err
	}
	outer := inFetch.Exchange(req)
	r := outer.R.WithContext(outer.Context())
	if name := m.config.RequestID; name != "" {
		r.Header = maps.Clone(r.Header) // which others may have
		identify(r, name)
	}
	inner := new(fetch.Request)
	x := inFetch.Exchange(inner)
	x.Fork(outer, exchange.Called, nil, r)
	path, flags, t := m.enter(r)
	var ps httprouter.Params
	if t == nil {
		if f := m.preflightFor(r, path); f != nil {
			x.Env = m.env
			return inFetch.Record(x, func(x *exchange.Exchange) bool { m.servePreflight(x.W, r, f); return true })
		}
		var e *entry
		e, ps = m.table.find(r.Method, path)
		if t = m.answer(r, path, flags, e != nil, ps); t == nil {
			t = &e.target
		}
	}
	x.Env = t.env
	x.R.Pattern = t.env.Pattern
	t.params(x, ps)
	return t.fetch(inner)
}

// fetch calls the handler as a function and renders its error.
func (t *target) fetch(req *fetch.Request) (*fetch.Response, error) {
	x := inFetch.Exchange(req)
	res, err := call(t.handler.asFetch(), req)
	if err == nil && res == nil {
		err = fetch.ErrNoResponse
	}
	if err == nil {
		err = res.Err()
	}
	switch {
	case errors.Is(err, http.ErrAbortHandler):
		x.Release()
		return nil, err
	case err != nil && context.Cause(req.Context()) != nil:
		defer x.Release()
		return nil, context.Cause(req.Context())
	case err != nil:
		return inFetch.Record(x, func(x *exchange.Exchange) bool { return x.Fail(err) })
	}
	return inFetch.Headed(x, inFetch.Finished(x, res)), nil
}

// call turns a panic into an error.
func call(h fetch.Handler, req *fetch.Request) (res *fetch.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			err = http.ErrAbortHandler
		} else if v != nil {
			err = exchange.NewPanicError(v)
		}
	}()
	if err = inFetch.Exchange(req).Admit(); err == nil {
		res, err = h(req)
	}
	if err != nil {
		res.Close()
	}
	return res, err
}
