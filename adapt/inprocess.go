package adapt

// Requests in process: the mux as a function. What is decided about a request is decided as on the wire;
// its answer is a value.

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

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
