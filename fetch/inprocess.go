package fetch

// What a mux needs to answer in process: an answer that was written becomes a response, and a
// response gets what the head hooks add on the wire.

import (
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
)

// Record returns what write answers x with, as a response. The error is http.ErrAbortHandler where
// the answer broke.
func (internals) Record(x *exchange.Exchange, write func(x *exchange.Exchange) bool) (*Response, error) {
	rec := new(engine.Recorder)
	y := new(exchange.Exchange)
	y.Fork(x, exchange.Inner, rec, x.R)
	y.Silent = false
	ok := write(y)
	x.Release()
	if !ok {
		return nil, http.ErrAbortHandler
	}
	r := newResponse(rec.Status(), bytesBody)
	r.bytes = rec.Body()
	if x.R.Method == http.MethodHead || len(r.bytes) == 0 {
		r.kind, r.bytes = nullBody, nil
	}
	r.fields = header.FieldsOf(rec.Head())
	return r, nil
}

// Headed returns res with what the hooks of x make of its head. The request is released when the
// body has ended.
func (in internals) Headed(x *exchange.Exchange, res *Response) *Response {
	if len(x.Env.Head) > 0 {
		var changed *Response
		err := exchange.Caught(func() error {
			changed = in.Rehead(res, func(h http.Header) { x.RunHooks(res.Status(), h) })
			return nil
		})
		if err != nil { // a plain 500, without the hooks, which have had their turn
			res.Close()
			env := *x.Env
			env.Head = nil
			x.Env = &env
			changed, _ = in.Record(x, func(x *exchange.Exchange) bool { return x.Fail(err) })
			return changed
		}
		res = changed
	}
	if x.R.Method == http.MethodHead && res.kind != upgradeBody {
		res = res.headOnly(counted(x))
	}
	if !res.kind.streamed() {
		x.Release()
	} else {
		in.WhenEnded(res, func(error) { x.Release() })
	}
	return res
}

// headOnly returns r as HEAD is answered: with the length of its body, and without the body. The
// length of what a handler has written is said only up to counted bytes.
func (r *Response) headOnly(counted int) *Response {
	n, known := int64(len(r.text)+len(r.bytes)), r.kind == textBody || r.kind == bytesBody
	if r.kind == streamBody {
		n, known = r.stream.length, r.stream.length >= 0
		r.Close()
	}
	c := r.copied()
	c.kind, c.text, c.bytes, c.stream = nullBody, "", nil, nil
	said := c.fields.Has("Content-Length")
	if known && !(said && (r.ran || r.kind == streamBody)) && !(r.ran && n > int64(counted)) { // what one that writes says counts
		c.fields, _ = c.fields.With("Content-Length", strconv.FormatInt(n, 10))
	}
	return c
}

// Rehead returns res with what change makes of its headers.
func (internals) Rehead(res *Response, change func(h http.Header)) *Response {
	h := res.Headers().HTTP()
	change(h)
	c := res.copied()
	c.fields = header.FieldsOf(h)
	return c
}

// Bare returns a response without a body.
func (internals) Bare(status int, h http.Header) *Response {
	r := newResponse(status, nullBody)
	r.fields = header.FieldsOf(h)
	return r
}
