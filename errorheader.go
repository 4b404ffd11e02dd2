package crossfade

// Errors whose response has headers: Retry-After beside a 429, WWW-Authenticate beside a 401, a
// cookie that is taken back where the session is refused.

import (
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/header"
)

// WithHeader returns an error like err whose response has this header, in both shapes: in place of
// what err says of it, or, for Set-Cookie, beside it. The status, the message and the causes are
// err's. A nil err stays nil.
//
// A name or a value that no header can have makes it a 500 that says so, in the log.
func WithHeader(err error, name, value string) error {
	if err == nil {
		return nil
	}
	name, value, refused := header.Clean(name, value)
	if refused != nil {
		return &Error{Err: fmt.Errorf("crossfade.WithHeader: %w (for the error %q)", refused, err)}
	}
	return &headerError{err: err, header: http.Header{name: {value}}}
}

// headerError is an error whose response has headers. A name without values takes the header away.
type headerError struct {
	err    error
	header http.Header
}

func (e *headerError) Error() string { return e.err.Error() }

func (e *headerError) Unwrap() error { return e.err }

// headersOf returns what the response to err has of itself: the headers of the first *Error in its
// tree, and over them those of WithHeader, the outer ones last. The names are canonical; the lists
// must not be written to. The second result is why one of an *Error cannot be sent.
func headersOf(err error) (http.Header, error) {
	e, ok := errors.AsType[*headerError](err)
	if !ok {
		plain, ok := errors.AsType[*Error](err)
		if !ok || len(plain.Header) == 0 {
			return nil, nil
		}
		fields, refused := header.Checked(plain.Header)
		return Header{fields: fields}.HTTP(), refused
	}
	h, refused := headersOf(e.err)
	if h == nil {
		return maps.Clone(e.header), refused
	}
	for name, values := range e.header {
		if name == "Set-Cookie" && len(values) > 0 {
			values = append(h[name][:len(h[name]):len(h[name])], values...)
		}
		h[name] = values
	}
	return h, refused
}
