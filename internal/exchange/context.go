package exchange

// The context of a request. It is the exchange itself in another type, so that asking for it costs
// nothing; only a caller that wants to know when it ends makes the cancellable child that carries
// the cause.

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

var (
	// ErrNoMux is returned by what only a mux can do.
	ErrNoMux = errors.New("this needs a mux: the handler was called without one")

	// ErrClientGone is the cause of a request's context that ended because the client went away
	// before the answer was complete.
	ErrClientGone = errors.New("the client went away before the answer was complete")
)

type exchangeKey struct{}

type exchangeContext Exchange

// FromContext returns the exchange that ctx belongs to, or nil.
func FromContext(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// Context returns the context of the request: what SetContext put in place, or the request's own
// with the causes ErrClientGone and ErrAnswerComplete.
func (x *Exchange) Context() context.Context {
	if ctx := x.ownContext(); ctx != nil {
		return ctx
	}
	return (*exchangeContext)(x)
}

// ownContext returns what SetContext put in place, or nil.
func (x *Exchange) ownContext() context.Context { return x.had().ctx }

// Gone returns a channel that is closed when Context ends before the request is answered, without
// the cost of the context's own.
func (x *Exchange) Gone() <-chan struct{} {
	if ctx := x.ownContext(); ctx != nil {
		return ctx.Done()
	}
	return x.R.Context().Done()
}

// SetContext puts ctx in the place of the request's context.
func (x *Exchange) SetContext(ctx context.Context) {
	if ctx == nil {
		panic("nil context") // as http.Request.WithContext does
	}
	e := x.Extras()
	e.mu.Lock()
	e.ctx, e.http = ctx, nil
	e.mu.Unlock()
	x.handles()
}

// HTTP returns the request as net/http knows it: with this exchange's context, the parameters as
// path values, and a body whose reading is accounted for.
func (x *Exchange) HTTP() *http.Request {
	e := x.Extras()
	e.mu.Lock()
	defer e.mu.Unlock()
	return x.httpLocked(e)
}

// OwnHTTP is HTTP with URL and Header copied, for a handler that may be given up and go on changing
// them. Not so Trailer, which net/http fills when the body ends.
func (x *Exchange) OwnHTTP() *http.Request {
	e := x.Extras()
	e.mu.Lock()
	defer e.mu.Unlock()
	r := x.httpLocked(e)
	u := *r.URL
	r.URL, r.Header = &u, r.Header.Clone()
	return r
}

func (x *Exchange) httpLocked(e *Extras) *http.Request {
	if e.http != nil {
		return e.http
	}
	r := e.room
	if e.room = nil; r == nil {
		r = new(http.Request)
	}
	x.fill(r, e.ctx)
	if !x.Bodyless() {
		r.Body = x.Body().HTTP()
	}
	e.http = r
	return r
}

// fill makes r the request with the context ctx, or the exchange's where that is nil.
func (x *Exchange) fill(r *http.Request, ctx context.Context) {
	if ctx == nil {
		ctx = (*exchangeContext)(x)
	}
	if *r = *x.R.WithContext(ctx); x.Spared || len(x.Env.Names) > len(x.root().Env.Names) {
		*r = *x.CloneHTTP(ctx) // WithParam: the path values of copies are one map
	}
	x.pathValues(r)
}

// Shown is HTTP for others than the handler, which may be at work still. Where it has asked for
// none, that one has no body.
func (x *Exchange) Shown() *http.Request {
	e := x.Extras()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.http != nil {
		return e.http
	}
	r := new(http.Request)
	x.fill(r, e.ctx)
	r.Body = http.NoBody
	return r
}

// CloneHTTP returns a copy of R for another handler of the same request. Its trailers are those of
// R, which net/http fills when the body ends.
func (x *Exchange) CloneHTTP(ctx context.Context) *http.Request {
	r := x.R.Clone(ctx)
	r.Trailer = x.R.Trailer
	return r
}

func (c *exchangeContext) x() *Exchange { return (*Exchange)(c) }

func (c *exchangeContext) Deadline() (time.Time, bool) { return c.R.Context().Deadline() }

// ends returns the context by which c ends.
func (c *exchangeContext) ends() context.Context {
	if c.Nested {
		return c.R.Context()
	}
	return c.x().root().ending()
}

func (c *exchangeContext) Done() <-chan struct{} { return c.ends().Done() }

func (c *exchangeContext) Err() error { return c.ends().Err() }

func (c *exchangeContext) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return c.x()
	}
	if _, ok := key.(workKey); ok {
		return c.x().work()
	}
	if key == c.Env.ParamsKey && c.Env.Params != nil {
		return c.Env.Params(c.x().ParamTexts())
	}
	if !c.Nested {
		root := c.x().root()
		of := root.had().child.Load()
		if of == nil && (root.R.Context().Err() != nil || root.answered()) {
			of = root.ending()
		}
		if of != nil { // context.Cause and WithCancel look for it by a private key
			return of.Value(key)
		}
	}
	return c.R.Context().Value(key)
}

// String keeps %v of a context from printing the whole exchange.
func (c *exchangeContext) String() string { return "crossfade.RequestContext" }

// child is the cancellable context behind Done and Err.
type child struct {
	context.Context
	cancel context.CancelCauseFunc
}

// ending returns the context that ends with the request, of which x is the first exchange. It is
// cut from the cancellation of net/http's context and joined again by AfterFunc, because net/http
// ends that one with the same cause whether the client has gone or the handler has returned.
func (x *Exchange) ending() *child {
	e := x.Extras()
	e.once.Do(func() {
		parent := x.R.Context()
		base, stopTimer := context.WithoutCancel(parent), context.CancelFunc(func() {})
		d, timed := parent.Deadline()
		if timed {
			base, stopTimer = context.WithDeadline(base, d)
		}
		ctx, cancel := context.WithCancelCause(base)
		stop := context.AfterFunc(parent, func() {
			if timed && parent.Err() == context.DeadlineExceeded {
				return // base ends by itself, at the same time and with this error
			}
			cause := context.Cause(parent)
			if cause == context.Canceled {
				cause = ErrClientGone
				if x.Closed() || x.Complete() {
					cause = outbound.ErrAnswerComplete // the end of the handler, not of the client
				}
			}
			cancel(cause)
		})
		e.child.Store(&child{ctx, func(cause error) {
			stop()
			cancel(cause)
			stopTimer()
		}})
		if x.answered() {
			e.endContext()
		}
	})
	return e.child.Load()
}

// endContext ends the context of the request, because the answer is complete.
func (e *Extras) endContext() {
	if child := e.child.Load(); child != nil {
		child.cancel(outbound.ErrAnswerComplete)
	}
}

// answered reports whether the request has ended.
func (x *Exchange) answered() bool { return x.Closed() || x.headOnly() }

// headOnly reports whether the client wanted no more than a head, and has it.
func (x *Exchange) headOnly() bool {
	return x.R.Method == http.MethodHead && x.Complete() && x.Streaming()
}
