package fetch

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/header"
)

// ResponseOption is one thing said about a new Response. It is a value without a closure: it costs
// no allocation and may be a package variable that every request uses. The zero value says nothing.
type ResponseOption struct {
	kind        responseOptionKind
	status      int
	name, value string
	headers     Header
	err         error
}

type responseOptionKind uint8

const (
	_ responseOptionKind = iota
	optStatus
	optSetHeader
	optAddHeader
	optCookie // a header that is valid
	optHeaders
	optStatusText
	optFailed
	optFails // see Fails: nothing of the response
)

// Status sets the status of a response, 200 to 599.
func Status(code int) ResponseOption { return ResponseOption{kind: optStatus, status: code} }

// SetHeader gives a header just this value.
func SetHeader(name, value string) ResponseOption {
	return ResponseOption{kind: optSetHeader, name: name, value: value}
}

// AddHeader adds one value to a header.
func AddHeader(name, value string) ResponseOption {
	return ResponseOption{kind: optAddHeader, name: name, value: value}
}

// SetCookie adds a Set-Cookie header. Cookies of the same name are not replaced.
func SetCookie(name, value string, o CookieOptions) ResponseOption {
	return cookieOption(cookie.Format(name, value, o))
}

// ClearCookie adds the Set-Cookie header that deletes a cookie, as reqres.Response.ClearCookie
// does: one that ended in 1970. Browsers delete only the cookie with the same Domain and Path, so o
// must hold those that it was set with; MaxAge and Expires do not count.
func ClearCookie(name string, o CookieOptions) ResponseOption {
	return cookieOption(cookie.Clear(name, "", o))
}

func cookieOption(line string, err error) ResponseOption {
	if err != nil {
		return ResponseOption{kind: optFailed, err: err}
	}
	return ResponseOption{kind: optCookie, name: "Set-Cookie", value: line}
}

// Headers gives the headers of h, in place of those of the same names.
func Headers(h Header) ResponseOption { return ResponseOption{kind: optHeaders, headers: h} }

// apply adds the options to r.
func (r *Response) apply(opts []ResponseOption) {
	for i := range opts {
		o := &opts[i]
		switch o.kind {
		case optStatus:
			r.setStatus(o.status)
		case optStatusText:
			r.setStatusText(o.value)
		default:
			r.applyHeader(o)
		}
	}
}

// applyHeader adds what an option says of the headers.
func (r *Response) applyHeader(o *ResponseOption) {
	switch o.kind {
	case optSetHeader:
		r.set(o.name, o.value)
	case optAddHeader:
		r.add(o.name, o.value)
	case optCookie:
		r.fields = append(r.fields, header.Field{Name: o.name, Value: o.value})
	case optHeaders:
		r.setAll(o.headers)
	case optFailed:
		r.fail(o.err)
	}
}

func hasHeader(opts []ResponseOption, name string) bool {
	for i := range opts {
		switch o := &opts[i]; o.kind {
		case optSetHeader, optAddHeader, optCookie:
			if len(o.name) == len(name) && http.CanonicalHeaderKey(o.name) == name {
				return true
			}
		case optHeaders:
			if o.headers.Has(name) {
				return true
			}
		}
	}
	return false
}
