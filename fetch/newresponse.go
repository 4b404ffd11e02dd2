package fetch

// The constructor that follows the Fetch Standard to the letter, for what was
// written against it. The others are kinder: a body of theirs can be read and
// sent again.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/status"
)

// NewResponse is `new Response(body, init)` (Fetch Standard, "initialize a
// response"). A body option says what the body is and brings its Content-Type;
// without one there is no body. The body can be read, or sent, once: Text, JSON
// and the like use it up, and then return ErrBodyUsed, until Clone has made a
// second one. The checks come in the Standard's order; the error is that of the
// first.
func NewResponse(opts ...Option) (*Response, error) {
	r := newResponse(http.StatusOK, nullBody)
	var body *Option
	code := http.StatusOK
	for i := range opts {
		switch o := &opts[i]; o.kind {
		case optBody, optStream:
			body = o
		case optStatus:
			code = o.status
		case optStatusText:
			r.stream = &stream{statusText: o.value}
		case optHeaders:
			r.setAll(o.more.(Header))
		case optSetHeader:
			r.set(o.name, o.value)
		case optAddHeader, optCookie:
			r.add(o.name, o.value)
		case optError:
			return nil, o.more.(error)
		case optMethod:
			return nil, errMethodOption
		}
	}
	switch {
	case code < 200 || code > 599:
		return nil, fmt.Errorf("fetch.NewResponse: the status %d is %w: a response has 200 to 599", code, ErrRange)
	case !reasonPhrase(r.StatusText()):
		return nil, fmt.Errorf("fetch.NewResponse: the status text %q must be one line without control characters (RFC 9112, 4)", r.StatusText())
	case r.Err() != nil:
		return nil, r.Err()
	case body != nil && status.NullBody(code):
		return nil, fmt.Errorf("fetch.NewResponse: a response with the status %d cannot have a body, not even an empty one", code)
	}
	r.status = int32(code)
	if body == nil {
		return r, nil
	}
	if body.value != "" && !r.fields.Has("Content-Type") {
		r.add("Content-Type", body.value)
		if err := r.Err(); err != nil {
			return nil, errors.Join(errors.New("fetch.NewResponse: the type of the body is no header"), err)
		}
	}
	if r.kind = streamBody; r.stream == nil {
		r.stream = new(stream)
	}
	if body.kind == optStream {
		r.stream.reader, r.stream.length = body.more.(io.Reader), -1
	} else {
		r.stream.reader, r.stream.length = bytes.NewReader(bytes.Clone(body.body)), int64(len(body.body))
	}
	return r, nil
}

// StatusText sets the status text of NewResponse. It is kept for whoever asks
// and never sent; see Response.StatusText.
func StatusText(s string) Option { return Option{kind: optStatusText, value: s} }

// reasonPhrase reports whether s matches reason-phrase (RFC 9112, 4).
func reasonPhrase(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7F {
			return false
		}
	}
	return true
}
