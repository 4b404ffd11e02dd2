package adapt

// The mux: one table for both shapes. A request is matched once, on the
// normalised escaped path, and served in the shape in which its route was
// written; what no route serves the mux answers itself.

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/internal/pathname"
)

// Mux serves the routes of both shapes. It is immutable once built, and safe
// for any number of goroutines.
type Mux struct {
	config    Config
	entries   []*entry
	table     *table
	heads     []headHook // of every answer
	env       *message.Env
	envs      map[*cors.Policy]*message.Env // of the mux's own answers, by policy
	services  map[Limits]*message.Service   // of the routes, by their limits
	preflight *cors.Preflight               // for paths without a route
	missing   *target                       // of what nobody serves
	after     *after
}

// ServeHTTP serves a request.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, flags := pathname.Normalize(r.URL)
	if r.Method == http.MethodOptions && validHost(r) {
		if f := m.preflightFor(r, path); f != nil {
			m.servePreflight(w, r, f)
			return
		}
	}
	if flags&pathname.Escaped == 0 && !m.table.marked && validHost(r) {
		switch handle, ps, sure := m.table.trees(r.Method).lookup(path); {
		case handle != nil:
			handle(w, r, ps)
			return
		case sure:
			m.other(r, path).serve(w, r, nil)
			return
		}
	}
	t, ps := m.route(r, path, flags)
	t.serve(w, r, ps)
}

func validHost(r *http.Request) bool { return r.Host == "" || pathname.ValidHost(r.Host) }

// route returns the target of a request: its route's, or one that answers what
// the mux itself has to say.
func (m *Mux) route(r *http.Request, path string, flags pathname.Flags) (*target, httprouter.Params) {
	if !validHost(r) {
		return own(m.env, nil, fetch.Errorf(http.StatusBadRequest, "the Host header %q is not a host", r.Host)), nil
	}
	e, ps := m.table.find(r.Method, path)
	switch {
	case e == nil:
		return m.other(r, path), nil
	case flags&pathname.Escaped != 0 && !e.asSent && !decodes(ps):
		return own(m.envs[e.target.cors], nil, undecodable(e, ps)), nil
	}
	return &e.target, ps
}

// own is the target of an answer of the mux.
func own(env *message.Env, answer fetch.Handler, err error) *target {
	if answer == nil {
		answer = func(*fetch.Request) (*fetch.Response, error) { return nil, err }
	}
	return &target{env: env, handler: handler{fetch: answer}}
}

// other is the target of a request that no route serves.
func (m *Mux) other(r *http.Request, path string) *target {
	allow, near := m.table.allow(path)
	if allow != "" {
		env := m.envOf(path)
		if r.Method == http.MethodOptions {
			return own(env, func(*fetch.Request) (*fetch.Response, error) {
				return fetch.NoContent(fetch.SetHeader("Allow", allow))
			}, nil)
		}
		return own(env, nil, &fetch.Error{
			Status:  http.StatusMethodNotAllowed,
			Message: r.Method + " is not supported here, but " + allow,
			Header:  http.Header{"Allow": {allow}},
		})
	}
	if toggled := toggleSlash(path); near && toggled != "" {
		if allow, _ := m.table.allow(toggled); allow != "" {
			return own(m.envOf(toggled), func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Redirect(pathname.Redirect(toggled, r.URL.RawQuery), fetch.Status(http.StatusPermanentRedirect))
			}, nil)
		}
	}
	return m.missing
}

var errNotFound = fetch.Errorf(http.StatusNotFound, "Not Found")

func undecodable(e *entry, ps httprouter.Params) error {
	for i, name := range e.pattern.Names() {
		if i < len(ps) && !decodes(ps[i:i+1]) {
			return fetch.Errorf(http.StatusBadRequest, "the path parameter %q is not valid percent-encoded UTF-8", name)
		}
	}
	return fetch.Errorf(http.StatusBadRequest, "the path is not valid percent-encoded UTF-8")
}

// toggleSlash returns the path with or without its last slash, "" for none.
func toggleSlash(path string) string {
	switch {
	case path == "/" || path == "*":
		return ""
	case strings.HasSuffix(path, "/"):
		return strings.TrimRight(path, "/")
	default:
		return path + "/"
	}
}

// Routes lists every endpoint in the order of registration.
func (m *Mux) Routes() iter.Seq[Route] {
	return func(yield func(Route) bool) {
		for _, e := range m.entries {
			if !yield(e.Route) {
				return
			}
		}
	}
}

// Overlaps lists the pairs of routes that both match some request, with the
// one that serves it: where surprises come from while endpoints move.
func (m *Mux) Overlaps() iter.Seq[Overlap] { return overlaps(m.entries) }

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

// Shutdown waits for the work that After has started and for the shadow runs
// of migrations, until ctx ends. Call it after http.Server.Shutdown. It may be
// called again.
func (m *Mux) Shutdown(ctx context.Context) error {
	errs := []error{m.after.wait(ctx)}
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
	outer := req.Exchange()
	r := outer.R
	path, flags := pathname.Normalize(r.URL)
	inner := new(fetch.Request)
	x := inner.Exchange()
	if r.Method == http.MethodOptions && validHost(r) {
		if f := m.preflightFor(r, path); f != nil {
			x.Enter(outer, m.env)
			return fetch.Record(x, func(x *message.Exchange) bool { m.servePreflight(x.W, r, f); return true })
		}
	}
	t, ps := m.route(r, path, flags)
	x.Enter(outer, t.env)
	t.params(x, ps)
	return t.fetch(inner)
}

// fetch calls the handler as a function and renders its error.
func (t *target) fetch(req *fetch.Request) (*fetch.Response, error) {
	x := req.Exchange()
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
		return fetch.Record(x, func(x *message.Exchange) bool { return x.Fail(err) })
	}
	return fetch.Headed(x, res), nil
}

// call turns a panic into an error.
func call(h fetch.Handler, req *fetch.Request) (res *fetch.Response, err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			err = http.ErrAbortHandler
		} else if v != nil {
			err = message.NewPanicError(v)
		}
	}()
	res, err = h(req)
	if err != nil {
		res.Close()
	}
	return res, err
}
