package fetch

// An http.Handler in the Fetch shape. It runs on the engine and its answer is
// a Response like any other; only an upgrade is passed through untouched, since
// a connection cannot be a value. Entered natively by a mux, the handler is
// called directly and nothing of this runs.

import (
	"context"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// FromHTTP makes a Handler of an http.Handler. Path parameters are its path
// values, and r.Context is the request's. As a route of a mux it costs nothing
// and may upgrade the connection (WebSocket); behind fetch middleware it may
// do so too, as long as the middleware passes the response on. FromHTTP(nil) is
// nil.
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
	return func(req *Request) (*Response, error) {
		if req == originProbe {
			return nil, exchange.Origin{Handler: h}
		}
		return runHTTP(req, h)
	}
}

func runHTTP(req *Request, h http.Handler) (*Response, error) {
	if err := req.Err(); err != nil {
		return nil, err
	}
	x := &req.x
	if x.W != nil && x.Upgrade() {
		return deferred(func(x *exchange.Exchange) error {
			w := exchange.HTTPWriter(x)
			exchange.CallHTTP(h, w, x.HTTP())
			return w.Finish()
		}), nil
	}
	a, err := engine.Run(req.Context(), x.Gone(), func(ctx context.Context, w http.ResponseWriter) error {
		r := x.HTTP().WithContext(ctx)
		// Copies, since a handler that is given up may go on changing them. Not
		// of Trailer, which net/http fills when the body ends.
		u := *r.URL
		r.URL, r.Header = &u, r.Header.Clone()
		exchange.CallHTTP(h, w, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answered(a), nil
}

// deferred is the answer to an upgrade, which run gives natively once the
// middleware around it has let it through.
func deferred(run func(x *exchange.Exchange) error) *Response {
	r := newResponse(http.StatusOK, upgradeBody)
	r.stream = &stream{direct: run}
	return r
}

// upgrade runs a deferred answer.
func upgrade(x *exchange.Exchange, res *Response) error {
	if !res.stream.take() {
		return errUsed
	}
	copyHead(x, x.W.Header(), res.fields)
	return res.stream.direct(x)
}
