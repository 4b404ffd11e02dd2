package fetch

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/header"
)

// Option is one thing said about a new Response or, for NewRequest, a new
// Request. It is a value without a closure: it costs no allocation and may be a
// package variable that every request uses. The zero Option says nothing.
type Option struct {
	kind        optionKind
	status      int
	name, value string
	body        []byte
	more        any // the error, the io.Reader or the Header of a kind that has one
}

type optionKind uint8

const (
	optNone optionKind = iota
	optStatus
	optSetHeader
	optAddHeader
	optCookie // a header that is valid
	optHeaders
	optMethod
	optStatusText
	optBody
	optStream
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
		return failedOption(err)
	}
	return Option{kind: optCookie, name: "Set-Cookie", value: line}
}

// Headers gives the headers of h, in place of those of the same names. With
// Derive it replaces all headers of the request.
func Headers(h Header) Option { return Option{kind: optHeaders, more: h} }

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
		case optCookie:
			r.fields = append(r.fields, header.Field{Name: o.name, Value: o.value})
		case optHeaders:
			r.setAll(o.more.(Header))
		case optError:
			r.fail(o.more.(error))
		case optBody, optStream, optStatusText:
			r.fail(errBodyOption)
		case optMethod:
			r.fail(errMethodOption)
		}
	}
}

func failedOption(err error) Option { return Option{kind: optError, more: err} }

func hasHeader(opts []Option, name string) bool {
	for i := range opts {
		switch o := &opts[i]; o.kind {
		case optSetHeader, optAddHeader, optCookie:
			if len(o.name) == len(name) && http.CanonicalHeaderKey(o.name) == name {
				return true
			}
		case optHeaders:
			if o.more.(Header).Has(name) {
				return true
			}
		}
	}
	return false
}
