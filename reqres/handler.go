package reqres

import (
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Handler answers a request by writing to its response, as an Express handler
// does. The terminal calls of Response return the error to return, so that
// `return res.JSON(v)` ends it as in JavaScript. A returned error or a panic
// becomes an error response, or cuts the connection where the answer has begun;
// a handler that returns without an answer is a 500. A Handler is called from
// many goroutines at once.
type Handler func(req *Request, res *Response) error

// Middleware wraps a handler. There is no next to forget or to call twice by accident: what is not
// called does not run.
type Middleware func(next Handler) Handler

// Methods is the handlers of one path by method. A nil field is a method that the path does not
// have; HEAD is served by GET and OPTIONS by the mux unless they are set.
type Methods struct{ GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS Handler }

// enter makes a request and its response in one piece, and returns their record, which has not
// begun.
func enter() (*Request, *Response, *exchange.Exchange) {
	res := new(Response)
	return (*Request)(res), res, &res.x
}

// ServeHTTP makes a Handler an http.Handler, so that one can be tried without a mux, also under
// http.ServeMux, whose path values Param then reads.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req, res, x := enter()
	x.Start(w, r)
	h.serve(req, res)
}

// serve answers a request that has begun.
func (h Handler) serve(req *Request, res *Response) {
	var err error
	defer req.x.Finish(&err)
	err = h.answer(req, res, false)
}

// answer calls the handler and checks that it has answered.
func (h Handler) answer(req *Request, res *Response, parses bool) error {
	s := req.settings()
	parses = s.parsesFirst() && (parses || !req.x.Env.Unparsed)
	if s.nextJS() {
		return h.runNextJS(req, res, parses)
	}
	return h.run(req, res, parses)
}

func (h Handler) run(req *Request, res *Response, parses bool) error {
	if err := req.x.Admit(); err != nil {
		return err
	}
	if parses {
		if _, err := req.Body(); err != nil {
			return err
		}
	}
	if err := h(req, res); err != nil {
		if refused := res.Err(); refused != nil && exchange.StatusOf(refused) != http.StatusInternalServerError {
			err = fmt.Errorf("%w (and then: %w)", refused, err) // an upgrade where there is no connection
		}
		return err
	}
	return res.answered()
}

// FromHTTP makes a Handler of an http.Handler. Path parameters are its path values, and r.Context
// is the request's. An http.Handler that writes nothing answers an empty 200, as under net/http.
// FromHTTP(nil) is nil.
func FromHTTP(h http.Handler) Handler {
	if h == nil {
		return nil
	}
	if rh, ok := h.(Handler); ok {
		return rh
	}
	return fromHTTP(h)
}

//go:noinline
func fromHTTP(h http.Handler) Handler {
	return func(req *Request, res *Response) error {
		if req == originProbe {
			return exchange.Origin{Handler: h}
		}
		if err := res.begin(callHTTP); err != nil {
			return err
		}
		w := exchange.HTTPWriter(&req.x)
		req.x.ShowParams()
		exchange.CallHTTP(h, w, req.HTTP())
		return req.x.EndHTTP()
	}
}

// originProbe is the request with which a converted handler is asked for its origin; no user ever
// holds it.
var originProbe = new(Request)
