package fetch

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// Option is one thing said about a new Response or, for NewRequest, a new
// Request. It is a value without a closure: it costs no allocation and may be a
// package variable that every request uses. The zero Option says nothing.
type Option struct {
	kind        optionKind
	status      int
	name, value string
	body        []byte
	err         error
}

type optionKind uint8

const (
	optNone optionKind = iota
	optStatus
	optSetHeader
	optAddHeader
	optBody
	optError
)

// Status sets the status of a response.
func Status(code int) Option { return Option{kind: optStatus, status: code} }

// SetHeader gives a header just this value.
func SetHeader(name, value string) Option {
	return Option{kind: optSetHeader, name: name, value: value}
}

// AddHeader adds one value to a header.
func AddHeader(name, value string) Option {
	return Option{kind: optAddHeader, name: name, value: value}
}

// SetCookie adds a Set-Cookie header. Cookies of the same name are not
// replaced.
func SetCookie(name, value string, o CookieOptions) Option {
	line, err := cookie.Format(name, value, o)
	if err != nil {
		return Option{kind: optError, err: err}
	}
	return Option{kind: optAddHeader, name: "Set-Cookie", value: line}
}

// Body gives a request made by NewRequest its body. The bytes are not copied;
// the caller must not change them.
func Body(b []byte) Option { return Option{kind: optBody, body: b} }

// JSONBody gives a request made by NewRequest the JSON of v as its body, with
// the Content-Type application/json.
func JSONBody(v any) Option {
	b, err := jsontext.Marshal(v)
	if err != nil {
		return Option{kind: optError, err: err}
	}
	return Option{kind: optBody, body: b, name: "Content-Type", value: "application/json"}
}

// apply adds the options to r.
func (r *Response) apply(opts []Option) {
	for i := range opts {
		o := &opts[i]
		switch o.kind {
		case optStatus:
			r.setStatus(o.status)
		case optSetHeader:
			r.set(o.name, o.value)
		case optAddHeader:
			r.add(o.name, o.value)
		case optError:
			r.fail(o.err)
		case optBody:
			r.fail(errBodyOption)
		}
	}
}

func hasHeader(opts []Option, name string) bool {
	for i := range opts {
		if o := &opts[i]; (o.kind == optSetHeader || o.kind == optAddHeader) && len(o.name) == len(name) && http.CanonicalHeaderKey(o.name) == name {
			return true
		}
	}
	return false
}
