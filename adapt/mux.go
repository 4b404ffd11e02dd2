package adapt

// The mux: one table for both shapes. A request is matched once, on the
// normalised escaped path, and served in the shape in which its route was
// written; what no route serves the mux answers itself.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/internal/pathname"
)

// Mux serves the routes of both shapes. It is immutable once built, and safe
// for any number of goroutines.
type Mux struct {
	config  Config
	entries []*entry
	table   *table
	env     *message.Env // of the answers that belong to no route
	after   *after
}

// ServeHTTP serves a request.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _ := pathname.Normalize(r.URL)
	if e, ps := m.table.find(r.Method, path); e != nil && validHost(r) && decodes(ps) {
		e.target.serve(w, r, ps)
		return
	}
	t := m.other(r, path)
	t.serve(w, r, nil)
}

func validHost(r *http.Request) bool { return r.Host == "" || pathname.ValidHost(r.Host) }

// other is the target of a request that no route serves.
func (m *Mux) other(r *http.Request, path string) *target {
	t := &target{env: m.env}
	t.handler.fetch = func(req *fetch.Request) (*fetch.Response, error) {
		return m.answer(req, r, path)
	}
	return t
}

// answer is what the mux itself says.
func (m *Mux) answer(req *fetch.Request, r *http.Request, path string) (*fetch.Response, error) {
	if !validHost(r) {
		return nil, fetch.Errorf(http.StatusBadRequest, "the Host header %q is not a host", r.Host)
	}
	if e, ps := m.table.find(r.Method, path); e != nil {
		return nil, undecodable(e, ps)
	}
	if allow := m.table.allow(path); allow != "" {
		if r.Method == http.MethodOptions {
			return fetch.NoContent(fetch.SetHeader("Allow", allow))
		}
		return nil, &fetch.Error{
			Status:  http.StatusMethodNotAllowed,
			Message: fmt.Sprintf("%s is not supported here, but %s", r.Method, allow),
			Header:  http.Header{"Allow": {allow}},
		}
	}
	if toggled := toggleSlash(path); toggled != "" && m.table.allow(toggled) != "" {
		return fetch.Redirect(pathname.Redirect(toggled, r.URL.RawQuery), fetch.Status(http.StatusPermanentRedirect))
	}
	if m.config.NotFound != nil {
		return m.config.NotFound(req)
	}
	return nil, fetch.Errorf(http.StatusNotFound, "Not Found")
}

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
	path, _ := pathname.Normalize(r.URL)
	e, ps := m.table.find(r.Method, path)
	var t *target
	if e != nil && validHost(r) && decodes(ps) {
		t = &e.target
	} else {
		t, ps = m.other(r, path), nil
	}
	inner := new(fetch.Request)
	x := inner.Exchange()
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
		return nil, err
	case err != nil && context.Cause(req.Context()) != nil:
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
