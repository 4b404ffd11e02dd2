package exchange

// A request once more, apart from everything that is served: what a shadow runs on.

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
)

// Copy is a request as it was before a handler saw it. It shares nothing with the request that is
// served but the values of the context.
type Copy struct{ from Exchange }

// Copy takes a copy of the request, without its body. What a handler of it makes is not logged
// unless log is given.
func (x *Exchange) Copy(log *slog.Logger) *Copy {
	c := new(Copy)
	r := x.R.Clone(x.R.Context())
	r.Body = http.NoBody
	c.from.Fork(x, Detached, nil, r)
	c.from.Extras().values = maps.Clone(x.locals())
	env, service := *c.from.Env, *c.from.Env.Service
	env.Service = &service
	env.After = func(context.Context, func(context.Context)) error { return nil }
	if env.Log = log; log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	env.Guards, env.End = nil, nil // they have let the request pass, and it does not end here
	c.from.Env = &env
	return c
}

// Request is the request as the copy was taken, without a body. It is read only.
func (c *Copy) Request() *http.Request { return c.from.R }

// URL is that of the request.
func (c *Copy) URL() *url.URL { return c.from.URL() }

// Context has the values of the request's context, as the copy was taken.
func (c *Copy) Context() context.Context { return c.from.Context() }

// Enter makes x the record of the copied request, with a body of its own and answered through w.
// ctx is made from Context, and x has its end. No head hook runs for it, and what After is given is
// dropped.
func (c *Copy) Enter(x *Exchange, w http.ResponseWriter, ctx context.Context, body io.ReadCloser) {
	r := c.from.R.WithContext(ctx)
	r.Body = body
	x.Fork(&c.from, Detached, w, r)
	x.Nested = true
	e := x.Extras()
	e.ctx, e.values = nil, maps.Clone(c.from.locals()) // r has the context
}
