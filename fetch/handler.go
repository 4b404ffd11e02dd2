package fetch

import (
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Handler answers a request with a response or an error, as a Next.js Route Handler does. An *Error
// chooses its status; any other error, a panic and a nil response are a 500 whose detail is only
// logged. A Handler is called from many goroutines at once.
type Handler func(req *Request) (*Response, error)

// Middleware wraps a handler. It may answer itself, change the request with With… before, and the
// response with With… after.
type Middleware func(next Handler) Handler

// Methods is the handlers of one path by method: what a Next.js route.ts file exports. A nil field
// is a method that the path does not have; HEAD is served by GET and OPTIONS by the mux unless they
// are set.
type Methods struct{ GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS Handler }

// ServeHTTP makes a Handler an http.Handler, so that one can be tried without a mux, also under
// http.ServeMux, whose path values Param then reads.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := new(Request)
	req.x.Start(w, r)
	h.serve(req)
}

// serve answers a request that has begun.
func (h Handler) serve(req *Request) {
	var err error
	defer req.x.Finish(&err)
	if method := req.x.R.Method; method == http.MethodConnect {
		err = Errorf(http.StatusNotImplemented, "CONNECT is not supported")
		return
	}
	var res *Response
	if err = req.x.Admit(); err == nil {
		res, err = h(req)
	}
	err = answer(&req.x, res, err)
}

// answer sends what a handler has returned.
func answer(x *exchange.Exchange, res *Response, err error) error {
	if err != nil {
		res.Close()
		if res = responseIn(err); res == nil {
			return err
		}
		if res.Status() >= 500 { // a failure, whoever has said what the client gets
			x.Log(err)
		}
	}
	return send(x, res)
}

// AsError makes an error of a constructor's result. The error ends a handler from any depth and is
// answered with that response, its cookies included, as redirect() and notFound() do in Next.js. It
// is found through wrapping, and has the response's StatusCode.
//
//	return fetch.AsError(fetch.Redirect("/login", fetch.Status(307)))
func AsError(res *Response, err error) error {
	switch {
	case err != nil:
		return err
	case res == nil:
		return ErrNoResponse
	}
	return &responseError{res}
}

// responseError is an error that is a response.
type responseError struct{ res *Response }

func (e *responseError) Error() string {
	return "answered with status " + http.StatusText(e.res.Status())
}

func (e *responseError) StatusCode() int { return e.res.Status() }

// responseIn returns the response that err is or wraps, or nil: also where an error handler has
// answered it.
func responseIn(err error) *Response {
	if r, ok := errors.AsType[*route.Rendered](err); ok && r.Handled {
		return nil
	}
	if e, ok := errors.AsType[*responseError](err); ok {
		return e.res
	}
	return nil
}
