package message

// What a migration needs of an exchange: to look at what passes while one side
// serves, and to give the other side the same request, at once (a fallback) or
// afterwards, apart from everything that is served (a shadow).

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
)

// SwapWriter puts w in the place of W and returns what was there.
func (x *Exchange) SwapWriter(w http.ResponseWriter) (was http.ResponseWriter) {
	x.mu.Lock()
	defer x.mu.Unlock()
	was, x.W = x.W, w
	return was
}

// TapBody puts what wrap makes of it in the place of what the client sends. It
// does nothing where there is no body or somebody has asked for it before.
func (x *Exchange) TapBody(wrap func(io.ReadCloser) io.ReadCloser) {
	if x.Untouched() {
		b := x.ext().body
		if src := x.source(); src != nil && src != http.NoBody {
			b.src = wrap(src)
		}
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

// AfterAnswer runs f once the request has been answered, when the outermost
// exchange of it is released.
func (x *Exchange) AfterAnswer(f func()) {
	for x.nested {
		outer := FromContext(x.R.Context())
		if outer == nil || outer == x {
			break
		}
		x = outer
	}
	x.Cleanup(f)
}

// Copy is a request as it is before a handler sees it, sharing nothing with
// the exchange that it was taken from but the values of the context.
type Copy struct {
	r      *http.Request
	env    Env
	params []string
	locals map[string]any
	ctx    context.Context
}

// Copy takes a copy of the request, without its body.
func (x *Exchange) Copy() *Copy {
	c := &Copy{r: x.R.Clone(x.R.Context()), env: *x.Env, params: slices.Clone(x.values()), ctx: x.Context()}
	c.r.Body = http.NoBody
	c.env.Head = nil
	c.env.After = func(*Exchange, context.Context, func(context.Context)) error { return nil }
	if m := x.more.Load(); m != nil {
		c.locals = maps.Clone(m.locals)
	}
	return c
}

// Context is that of the request, with its end.
func (c *Copy) Context() context.Context { return c.ctx }

// Enter makes x the record of a request of its own like the one that was
// copied, answered through w. Nothing of it reaches the mux: no head hook runs
// and After does nothing. Where log is false, nothing is logged either.
func (c *Copy) Enter(x *Exchange, w http.ResponseWriter, ctx context.Context, body io.ReadCloser, env *Env) {
	r := c.r.Clone(ctx)
	r.Body = body
	x.Begin(w, r, env)
	x.setParams(c.params)
	if c.locals != nil {
		m := newMore()
		m.locals = maps.Clone(c.locals)
		x.more.Store(m)
	}
}
