package rollout

// What an error becomes is decided before anything is made of it: the error handlers around the
// pair, innermost first, then the mux. The outcome, the fallback and the comparison look at that
// answer, and whoever would render the error sends it. So each of those functions runs once for
// each side that failed, also where the other side answers.
//
// What stands between the pair and the client and replaces an error is not foreseen: it has not run
// yet.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

// ErrorHandler is what reqres.OnError was given.
type ErrorHandler = func(err error, req *reqres.Request, res *reqres.Response) error

// rendered returns err with the answer that it becomes. code is the status that the handler has
// set, 0 for none. An error that is not answered by those stays as it is: the default says what its
// status is.
func (s *Sides) rendered(x *exchange.Exchange, code int, err error) error {
	if err == nil || x.Committed() || x.Env.Rendered == nil || x.R.Context().Err() != nil ||
		errors.Is(err, migrate.ErrDecline) || errors.Is(err, http.ErrAbortHandler) {
		return err
	}
	if _, done := errors.AsType[*route.Rendered](err); done {
		return err
	}
	last := err
	if _, panicked := errors.AsType[*exchange.PanicError](err); !panicked {
		for _, handle := range s.OnError {
			var r *route.Rendered
			if r, last = handled(x, code, handle, last); r != nil {
				r.Err = err
				return r
			}
			if last == nil {
				last = fmt.Errorf("an error handler has neither answered nor returned an error, for the error %q", err)
				break
			}
		}
	}
	if r := x.Rendered(last); r != nil {
		r.Err = last
		return r
	}
	return last
}

// handled calls an error handler on a response that is recorded: it returns the answer, or the
// error that goes on.
func handled(x *exchange.Exchange, code int, handle ErrorHandler, err error) (*route.Rendered, error) {
	rec := new(engine.Recorder)
	maps.Copy(rec.Header(), x.W.Header().Clone())
	req, res, y := inReqRes.Enter()
	y.Fork(x, exchange.View, rec, x.R)
	y.Silent = true
	if code != 0 {
		res.Status(code)
	}
	next := exchange.Caught(func() error { return handle(err, req, res) })
	if !y.Committed() {
		return nil, next
	}
	if next != nil {
		x.Log(next) // it has failed after its head: what there is of it is not an answer
		return nil, err
	}
	return &route.Rendered{Status: rec.Status(), Handled: true, Send: func(ctx context.Context) error {
		z := exchange.FromContext(ctx)
		maps.Copy(z.W.Header(), rec.Head())
		return z.SendWhole(z.W.Header(), rec.Status(), "", rec.Body())
	}}, nil
}
