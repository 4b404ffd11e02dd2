package message

// What a migration needs of an exchange: to look at what passes while one side
// serves, and to give the other side the same request, at once (a fallback) or
// afterwards, apart from everything that is served (a shadow).

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
)

// SwapWriter puts w in the place of W and returns what was there.
func (x *Exchange) SwapWriter(w http.ResponseWriter) (was http.ResponseWriter) {
	x.mu.Lock()
	defer x.mu.Unlock()
	was, x.W = x.W, w
	x.known.shared = true
	return was
}

// TapBody puts what wrap makes of it in the place of what the client sends. It
// does nothing where there is no body or somebody has asked for it before.
func (x *Exchange) TapBody(wrap func(io.ReadCloser) io.ReadCloser) {
	if src := x.source(); x.Untouched() && src != nil && src != http.NoBody {
		x.ext().body.src = wrap(src)
	}
}

// Untouched reports whether nobody has asked for the body yet.
func (x *Exchange) Untouched() bool {
	m := x.more.Load()
	return m == nil || !m.body.have && !m.body.taken && m.body.err == nil
}

// Collected returns the body where the whole of it is in memory.
func (x *Exchange) Collected() ([]byte, bool) {
	if m := x.more.Load(); m != nil && m.body.have {
		return m.body.buf, true
	}
	return nil, x.R.Body == nil || x.R.Body == http.NoBody
}

// Rewind makes buf the body again, as if nobody had asked for it.
func (x *Exchange) Rewind(buf []byte) {
	b := x.ext().body
	*b = body{src: b.src, keep: b.keep, buf: buf, have: true, eof: true}
}

// Sibling makes x a twin of another exchange with a request of its own, and
// leaves no trace in what they share.
func (x *Exchange) Sibling(of *Exchange, r *http.Request) {
	m := of.ext()
	root, first := m.root, m.first
	x.Twin(of)
	x.R, m.root, m.first = r, root, first
}

// Adopt makes the answer that a twin has given x's own, and closes the twin.
func (x *Exchange) Adopt(twin *Exchange) {
	twin.mu.Lock()
	defer twin.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.state.Or(twin.state.Load())
	x.status, x.written, x.declared, x.whole = twin.status, twin.written, twin.declared, twin.whole
	twin.state.Or(closed)
}

// AfterAnswer runs f once the request has been answered, and tells it whether
// the client had left by then. It reports false, and f never runs, where the
// request has been answered already.
func (x *Exchange) AfterAnswer(f func(gone bool)) bool {
	x = x.outermost() // to which Release leaves the clean-up
	if x.is(closed) || x.ext().ended.Load() {
		return false
	}
	x.Cleanup(func() { f(x.R.Context().Err() != nil) })
	return true
}

// outermost is the exchange that x is nested in, or x.
func (x *Exchange) outermost() *Exchange {
	for x.nested {
		outer := FromContext(x.R.Context())
		if outer == nil || outer == x {
			break
		}
		x = outer
	}
	return x
}

// Copy is a request as it was before a handler saw it. It shares nothing with
// the request that is served but the values of the context.
type Copy struct{ from Exchange }

// Copy takes a copy of the request, without its body. What a handler of it
// makes is not logged unless log is given.
func (x *Exchange) Copy(log *slog.Logger) *Copy {
	c := new(Copy)
	r := x.R.Clone(x.R.Context())
	r.Body = http.NoBody
	c.from.Sibling(x, r)
	c.from.W = nil
	c.from.nested = false
	own := newMore()
	if m := x.more.Load(); m != nil {
		own.locals = maps.Clone(m.locals)
	}
	c.from.more.Store(own)
	env, service := *c.from.Env, *c.from.Env.Service
	env.Head, env.Service = nil, &service
	env.After = func(*Exchange, context.Context, func(context.Context)) error { return nil }
	if env.Log = log; log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	c.from.Env = &env
	return c
}

// Context has the values of the request's context, as the copy was taken.
func (c *Copy) Context() context.Context { return c.from.Context() }

// Enter makes x the record of the copied request, with a body of its own and
// answered through w. No head hook runs for it, and what After is given is
// dropped.
func (c *Copy) Enter(x *Exchange, w http.ResponseWriter, ctx context.Context, body io.ReadCloser) {
	r := c.from.R.WithContext(ctx)
	r.Body = body
	x.Derive(&c.from, w, r)
	own := newMore()
	own.locals = maps.Clone(c.from.more.Load().locals)
	x.more.Store(own)
	x.SetContext(copyContext{ctx, x})
}

// copyContext is a context that belongs to x, whatever exchange the values
// come from.
type copyContext struct {
	context.Context
	x *Exchange
}

func (c copyContext) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return c.x
	}
	if c.x.Env.Value != nil {
		if v := c.x.Env.Value(c.x, key); v != nil {
			return v
		}
	}
	return c.Context.Value(key)
}

// Ended reports whether the answer is complete, so that an error which comes
// later does not spoil it.
func (x *Exchange) Ended() bool { return x.is(ended) }
