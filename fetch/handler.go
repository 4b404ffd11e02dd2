package fetch

import (
	"errors"
	"net/http"
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
	if err != nil {
		res.Close()
		res, err = responseOf(err)
	}
	if err == nil {
		err = send(&req.x, res)
	}
}

// ResponseError is an error that is a response: it ends a handler from any depth, as redirect() and
// notFound() do in Next.js. It is found through wrapping (errors.As), and its cookies are sent.
type ResponseError struct{ Response *Response }

// Error names the status of the response.
func (e *ResponseError) Error() string {
	if e.Response == nil {
		return "a response in place of an error"
	}
	return "answered with status " + http.StatusText(e.Response.Status())
}

// StatusCode returns the status of the response.
func (e *ResponseError) StatusCode() int {
	if e.Response == nil {
		return http.StatusInternalServerError
	}
	return e.Response.Status()
}

// responseOf returns the response that err carries, or err.
func responseOf(err error) (*Response, error) {
	if e, ok := errors.AsType[*ResponseError](err); ok && e.Response != nil {
		return e.Response, nil
	}
	return nil, err
}

// AsError makes an error of a constructor's result, to end a handler from within a function that
// returns just an error:
//
//	return fetch.AsError(fetch.Redirect("/login", fetch.Status(307)))
func AsError(res *Response, err error) error {
	if err != nil {
		return err
	}
	return &ResponseError{Response: res}
}
