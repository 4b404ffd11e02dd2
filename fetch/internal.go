package fetch

import (
	"io"

	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Internal is for the packages of this module: nobody else can make its argument.
func Internal(key door.Of) internals {
	key.Open()
	return internals{}
}

// internals is what a mux and conversions need of the shape.
type internals struct{}

// Exchange returns the record behind a request; of a new Request one that has not begun.
func (internals) Exchange(req *Request) *exchange.Exchange { return &req.x }

// WithRoom returns a new Request, which has not begun, with room for guards.
func (internals) WithRoom() *Request {
	r := new(struct {
		Request
		room exchange.Room
	})
	r.x.Furnish(&r.room)
	return &r.Request
}

// Serve answers a request that has begun.
func (internals) Serve(h Handler, req *Request) { h.serve(req) }

// InError returns the response that err is or wraps (see AsError), or nil.
func (internals) InError(err error) *Response { return responseIn(err) }

// Send writes res as the answer of x. An error that comes before the head leaves x uncommitted, so
// that an error response can follow.
func (internals) Send(x *exchange.Exchange, res *Response) error { return send(x, res) }

// Answer sends what a handler has returned, as Serve does.
func (internals) Answer(x *exchange.Exchange, res *Response, err error) error {
	return answer(x, res, err)
}

// Streams reports whether the body of res is a stream that has not ended.
func (internals) Streams(res *Response) bool {
	return res != nil && res.kind.streamed() && !res.stream.closed.Load()
}

// Copy has w, whose writes must not fail, get what is consumed of the stream of res. whole, once
// the stream has ended, reports whether that was all.
func (internals) Copy(res *Response, w io.Writer) (whole func() bool) {
	res.stream.copied = w
	return res.stream.whole.Load
}

// WhenEnded has f told, when the stream of res has ended, why it broke while it was sent, or nil.
func (internals) WhenEnded(res *Response, f func(err error)) {
	s, after := res.stream, res.stream.after
	s.after = func() {
		defer func() { f(s.err) }()
		if after != nil {
			after()
		}
	}
}

// Alike returns h whose responses are finished as the environment of their request says. h must not
// be a conversion, whose origin would be hidden.
func (internals) Alike(h Handler) Handler { return alike(h) }

// Finished returns res as the client of x gets it.
func (internals) Finished(x *exchange.Exchange, res *Response) *Response { return finished(x, res) }

// AsIs returns res without the mark that it is to be finished: for what answers in place of a
// handler.
func (internals) AsIs(res *Response) *Response {
	if res == nil || res.mark == unmarked {
		return res
	}
	c := res.copied()
	c.mark = unmarked
	return c
}

// Run runs a handler that writes its answer, on the engine, and returns its response.
func (internals) Run(x *exchange.Exchange, b *engine.Body, serve func(b *engine.Body) error) (*Response, error) {
	return run(x, b, serve)
}

// Buffered is Response.Buffered without the copy: nobody may write to it.
func (internals) Buffered(res *Response) ([]byte, bool) { return res.buffered() }

// OriginProbe returns the request with which a converted handler is asked for its origin.
func (internals) OriginProbe() *Request { return originProbe }
