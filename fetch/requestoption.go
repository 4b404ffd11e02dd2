package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/header"
)

// RequestOption is one thing said about a new Request: a header, a body or, for Derive, the method.
// It is a value that may be a package variable, but for one with a stream. The zero value says
// nothing.
type RequestOption struct {
	kind        requestOptionKind
	name, value string
	bytes       []byte
	stream      io.Reader
	headers     Header
	err         error
}

type requestOptionKind uint8

const (
	_ requestOptionKind = iota
	reqMethod
	reqHeader
	reqHeaders
	reqBody   // bytes, with the media type in value
	reqStream // likewise
	reqFailed
)

// RequestHeader adds a line of a header. Host is the host that is asked.
func RequestHeader(name, value string) RequestOption {
	return RequestOption{kind: reqHeader, name: name, value: value}
}

// RequestHeaders gives the headers of h in place of all that the request has.
func RequestHeaders(h Header) RequestOption { return RequestOption{kind: reqHeaders, headers: h} }

// Method sets the method of a derived request.
func Method(method string) RequestOption { return RequestOption{kind: reqMethod, name: method} }

func (o *RequestOption) isBody() bool { return o.kind == reqBody || o.kind == reqStream }

// content returns the body that o says, and its length, -1 for one that is not known.
func (o *RequestOption) content() (io.ReadCloser, int64) {
	if o.kind == reqBody {
		return io.NopCloser(bytes.NewReader(bytes.Clone(o.bytes))), int64(len(o.bytes))
	}
	if c, ok := o.stream.(io.ReadCloser); ok {
		return c, -1
	}
	return io.NopCloser(o.stream), -1
}

// apply adds the options to hr, whose parts must be r's own, and reports whether one was a body.
func (r *Request) apply(hr *http.Request, caller string, opts []RequestOption) (body bool) {
	contentType := ""
	for i := range opts {
		switch o := &opts[i]; o.kind {
		case reqMethod:
			if !header.ValidName(o.name) {
				r.fail(fmt.Errorf("%s: the method %q is not a token", caller, o.name))
				continue
			}
			hr.Method = header.NormalMethod(o.name)
		case reqHeaders:
			hr.Header = o.headers.HTTP()
			if host := hr.Header["Host"]; host != nil { // which net/http keeps apart
				hr.Host = host[0]
				delete(hr.Header, "Host")
			}
			r.fail(o.headers.Err())
		case reqHeader:
			r.fail(addHeader(hr, o.name, o.value))
		case reqBody, reqStream:
			body, contentType = true, o.value
			hr.Body, hr.ContentLength = o.content()
		case reqFailed:
			r.fail(o.err)
		}
	}
	switch {
	case !body:
	case hr.Method == http.MethodGet || hr.Method == http.MethodHead:
		r.fail(fmt.Errorf("%s: a request with the method %s cannot have a body", caller, hr.Method))
	case contentType != "" && hr.Header["Content-Type"] == nil:
		hr.Header["Content-Type"] = []string{contentType}
	}
	return body
}

func addHeader(r *http.Request, name, value string) error {
	name, value, err := header.Clean(name, value)
	switch {
	case err != nil:
		return err
	case name == "Host":
		r.Host = value
	default:
		r.Header[name] = append(r.Header[name], value)
	}
	return nil
}
