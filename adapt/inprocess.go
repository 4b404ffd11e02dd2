package adapt

// Requests in process: the mux as a function. What is decided about a request is decided as on the
// wire; its answer is a value.

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Fetch serves a request in process: no socket, no recorder. Errors, 404 and 405 come back as
// responses, rendered as on the wire. The error is for a bad request value, a context that has
// ended, or an answer that broke before its head was complete. A stream must be read to its end or
// closed.
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
	inner, x := m.within(req)
	r := x.R
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
	return t.ask(inner, x, func() { t.params(x, ps) })
}

// within returns a request in process as m sees it, with its exchange.
func (m *Mux) within(req *fetch.Request) (*fetch.Request, *exchange.Exchange) {
	outer := inFetch.Exchange(req)
	r := outer.R.WithContext(outer.Context())
	if name := m.config.RequestID; name != "" {
		r.Header = maps.Clone(r.Header) // which others may have
		identify(r, name)
	}
	inner := new(fetch.Request)
	x := inFetch.Exchange(inner)
	x.Fork(outer, exchange.Called, nil, r)
	return inner, x
}

// ask has the handler answer req, whose exchange is x; params gives it its parameters.
func (t *target) ask(req *fetch.Request, x *exchange.Exchange, params func()) (*fetch.Response, error) {
	x.Env = t.env
	x.R.Pattern = t.env.Pattern
	params()
	return t.fetch(req)
}

// fetch calls the handler as a function and renders its error.
func (t *target) fetch(req *fetch.Request) (*fetch.Response, error) {
	x := inFetch.Exchange(req)
	res, err := answered(t.handler.asFetch(), req)
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
	case err != nil && context.Cause(req.Context()) != nil && exchange.StatusOf(err) >= http.StatusInternalServerError:
		// A body that has not come in time ends the context too: that handler knows better why.
		defer x.Release()
		return nil, context.Cause(req.Context())
	case err != nil:
		return inFetch.Record(x, func(x *exchange.Exchange) bool { return x.Fail(err) })
	}
	return inFetch.Headed(x, inFetch.Finished(x, res)), nil
}

// answered turns a panic into an error.
func answered(h fetch.Handler, req *fetch.Request) (res *fetch.Response, err error) {
	err = exchange.Caught(func() (err error) {
		if err = inFetch.Exchange(req).Admit(); err == nil {
			res, err = h(req)
		}
		return err
	})
	if err != nil {
		res.Close()
	}
	return res, err
}
