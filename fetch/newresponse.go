package fetch

// The constructor that follows the Fetch Standard to the letter, for what was written against it.
// The others are kinder: a body of theirs can be read and sent again.

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/text"
)

// NewResponse is `new Response(body, init)` (Fetch Standard, "initialize a response"). The body is
// what Body, JSONBody or another body option says, and brings its Content-Type; the zero
// RequestOption is not a body. It can be read, or sent, once: Text, JSON and the like use it up,
// and then return ErrBodyUsed, until Clone has made a second one. The checks come in the Standard's
// order; the error is that of the first.
func NewResponse(body RequestOption, opts ...ResponseOption) (*Response, error) {
	r := newResponse(http.StatusOK, nullBody)
	code := http.StatusOK
	for i := range opts {
		switch o := &opts[i]; o.kind {
		case optStatus:
			code = o.status
		case optStatusText:
			r.stream = &stream{statusText: o.value}
		case optFailed:
			return nil, o.err
		default:
			r.applyHeader(o)
		}
	}
	switch {
	case body.kind == reqFailed:
		return nil, body.err
	case body.kind != 0 && !body.isBody():
		return nil, errors.New("fetch.NewResponse: the option is not a body: use Body, BlobBody, JSONBody, FormBody or StreamBody")
	case code < 200 || code > 599:
		return nil, fmt.Errorf("fetch.NewResponse: the status %d is %w: a response has 200 to 599", code, ErrRange)
	case !text.IsField(r.StatusText()):
		return nil, fmt.Errorf("fetch.NewResponse: the status text %q must be one line without control characters (RFC 9112, 4)", r.StatusText())
	case r.Err() != nil:
		return nil, r.Err()
	case body.isBody() && status.NullBody(code):
		return nil, fmt.Errorf("fetch.NewResponse: a response with the status %d cannot have a body, not even an empty one", code)
	}
	r.status = int32(code)
	if !body.isBody() {
		return r, nil
	}
	if body.value != "" && !r.fields.Has("Content-Type") {
		r.add("Content-Type", body.value)
		if err := r.Err(); err != nil {
			return nil, errors.Join(errors.New("fetch.NewResponse: the type of the body is not a header"), err)
		}
	}
	if r.kind = streamBody; r.stream == nil {
		r.stream = new(stream)
	}
	r.stream.reader, r.stream.length = body.content()
	return r, nil
}

// StatusText sets the status text of a response. It is kept for whoever asks and never sent; see
// Response.StatusText.
func StatusText(s string) ResponseOption { return ResponseOption{kind: optStatusText, value: s} }
