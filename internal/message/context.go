package message

// The context of a request. It is the exchange itself in another type, so that
// asking for it costs nothing; only a caller that wants to know when it ends
// makes the cancellable child that carries the cause.

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// ErrNoMux is returned by what only a mux can do.
var ErrNoMux = errors.New("this needs a mux: the handler was called without one")

type exchangeKey struct{}

type exchangeContext Exchange

// FromContext returns the exchange that ctx belongs to, or nil.
func FromContext(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// Context returns the context of the request: what SetContext put in place, or
// the request's own with the causes ErrClientGone and ErrAnswerComplete.
func (x *Exchange) Context() context.Context {
	if x.rare != nil && x.rare.ctx != nil {
		return x.rare.ctx
	}
	return (*exchangeContext)(x)
}

// Gone returns a channel that is closed when Context ends before the request is
// answered, without the cost of the context's own.
func (x *Exchange) Gone() <-chan struct{} {
	if x.rare != nil && x.rare.ctx != nil {
		return x.rare.ctx.Done()
	}
	return x.R.Context().Done()
}

// SetContext puts ctx in the place of the request's context.
func (x *Exchange) SetContext(ctx context.Context) {
	if ctx == nil {
		panic("nil context") // as http.Request.WithContext does
	}
	x.Rare().ctx = ctx
	if m := x.more.Load(); m != nil {
		m.http = nil
	}
}

// HTTP returns the request as net/http knows it: with this exchange's context,
// the parameters as path values, and a body whose reading is accounted for.
func (x *Exchange) HTTP() *http.Request {
	m := x.ext()
	if m.http != nil && m.http.Context() == x.Context() {
		return m.http
	}
	r := x.R.WithContext(x.Context())
	for i, name := range x.Env.Names {
		if i < len(x.values()) {
			r.SetPathValue(name, x.value(i))
		}
	}
	if x.R.Body != nil && x.R.Body != http.NoBody {
		if m.body.src == nil {
			m.body.src = x.R.Body
		}
		r.Body = &httpBody{x: x}
	}
	m.http = r
	return r
}

func (c *exchangeContext) x() *Exchange { return (*Exchange)(c) }

func (c *exchangeContext) Deadline() (time.Time, bool) { return c.R.Context().Deadline() }

func (c *exchangeContext) Done() <-chan struct{} {
	if c.nested {
		return c.R.Context().Done()
	}
	return c.child().Done()
}

func (c *exchangeContext) Err() error {
	if c.nested {
		return c.R.Context().Err()
	}
	return c.child().Err()
}

func (c *exchangeContext) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return c.x()
	}
	if c.Env.Value != nil {
		if v := c.Env.Value(c.x(), key); v != nil {
			return v
		}
	}
	if !c.nested {
		var of *child
		m := c.more.Load()
		if m != nil {
			of = m.child.Load()
		}
		if of == nil && (c.R.Context().Err() != nil || m != nil && m.ended.Load()) {
			of = c.child()
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

// child is cut from the cancellation of net/http's context and joined again by
// AfterFunc, because net/http ends that one with the same cause whether the
// client has gone or the handler has returned.
func (c *exchangeContext) child() *child {
	m := c.x().ext()
	m.once.Do(func() {
		parent := c.R.Context()
		base, stopTimer := context.WithoutCancel(parent), context.CancelFunc(func() {})
		if d, ok := parent.Deadline(); ok {
			base, stopTimer = context.WithDeadline(base, d)
		}
		ctx, cancel := context.WithCancelCause(base)
		stop := context.AfterFunc(parent, func() {
			cause := context.Cause(parent)
			if cause == context.Canceled {
				cause = ErrClientGone
				if m.ended.Load() || c.x().is(closed|complete) {
					cause = ErrAnswerComplete // the end of the handler, not of the client
				}
			}
			cancel(cause)
		})
		m.child.Store(&child{ctx, func(cause error) {
			stop()
			cancel(cause)
			stopTimer()
		}})
		if m.ended.Load() || c.x().is(closed) {
			m.child.Load().cancel(ErrAnswerComplete)
		}
	})
	return m.child.Load()
}

// endContext ends the context of the request, because the answer is complete.
func (m *more) endContext() {
	m.ended.Store(true)
	if child := m.child.Load(); child != nil {
		child.cancel(ErrAnswerComplete)
	}
}
