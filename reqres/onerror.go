package reqres

// Error handlers, as Express's functions of four arguments are: they answer what the handlers
// behind them could not.

import (
	"errors"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
)

// OnError makes a middleware of an error handler. It is called with the error that the handler
// behind it returned, unless the head is out: then the error goes on, and the connection is cut.
// Status and headers that have been set stay, for the error handler to keep or to change. Its
// result goes to the error handler around it. An error that it answers is not logged, so log there
// what you want to see. It is not called for a panic.
//
//	r.UseReqRes(reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
//		return res.Status(500).Send("something broke")
//	}))
//
// A migration asks handle before it decides which side answers, so what handle makes of an error is
// what counts; it runs once for each side that failed, and must write to nothing but its response.
//
//go:noinline
func OnError(handle func(err error, req *Request, res *Response) error) Middleware {
	return func(next Handler) Handler {
		return func(req *Request, res *Response) error {
			if req == originProbe {
				return exchange.Origin{Handler: handle}
			}
			err := next(req, res)
			if err == nil {
				err = res.answered()
			}
			if err == nil || res.HeadersSent() {
				return err
			}
			if r, ok := errors.AsType[*route.Rendered](err); ok { // by a pair, which has asked handle
				if r.Handled {
					return req.x.SendRendered(r)
				}
				return err
			}
			res.TakeErr()
			res.first = noCall
			return handle(err, req, res)
		}
	}
}

// TakeErr returns the first call that was refused and forgets it, as a try/catch around the call
// does, so that the response can be answered.
func (r *Response) TakeErr() error {
	err := r.Err()
	if err != nil {
		r.x.Extras().Err = nil
	}
	return err
}
