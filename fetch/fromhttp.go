package fetch

// An http.Handler in the Fetch shape. It runs on the engine and its answer is a Response like any
// other, also where it takes the connection: then the handler waits until the 101 has passed the
// middleware. Entered natively by a mux, the handler is called directly and nothing of this runs.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// FromHTTP makes a Handler of an http.Handler. Path parameters are its path values, and r.Context
// is the request's. As a route of a mux it costs nothing and may upgrade the connection
// (WebSocket); behind fetch middleware it may do so too, as long as the middleware passes the
// response on. FromHTTP(nil) is nil.
func FromHTTP(h http.Handler) Handler {
	if h == nil {
		return nil
	}
	if fh, ok := h.(Handler); ok {
		return fh
	}
	return fromHTTP(h)
}

//go:noinline
func fromHTTP(h http.Handler) Handler {
	serve := func(b *engine.Body) error {
		x := new(exchange.Exchange)
		b.Enter(x)
		h.ServeHTTP(exchange.HTTPWriter(x), x.OwnHTTP())
		return b.Leave(x, x.EndHTTP())
	}
	return func(req *Request) (*Response, error) {
		if req == originProbe {
			return nil, exchange.Origin{Handler: h}
		}
		if err := req.Err(); err != nil {
			return nil, err
		}
		return run(&req.x, new(engine.Body), serve)
	}
}

// run runs a handler on the engine and returns its response.
func run(x *exchange.Exchange, b *engine.Body, serve func(b *engine.Body) error) (*Response, error) {
	room := new(roomy)
	b.Fields = room.fields[:0]
	a, err := b.Run(x.Context(), x, serve)
	if err != nil {
		return nil, err
	}
	return room.answered(a), nil
}

// upgrade lets a handler have the connection that has waited for it.
func upgrade(x *exchange.Exchange, res *Response) error {
	if !res.stream.take() {
		return errUsed
	}
	h := x.W.Header()
	copyHead(x, h, res.fields, false)
	if code := res.Status(); code != http.StatusSwitchingProtocols {
		return x.SendWhole(h, code, "", nil) // middleware has other plans: the handler is told
	}
	err := res.stream.run.Grant(x)
	if err == nil && !x.Committed() {
		err = engine.ErrUpgradeRefused
	}
	return err
}
