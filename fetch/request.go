package fetch

// The immutable request. It is a view of the exchange; With… makes a second exchange of the same
// request that shares the body.

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Request is an immutable request (Fetch Standard, "Request class"). Its accessors have the same
// names and meanings as those of reqres.Request. A Request may be kept after its handler has
// returned and, except for its body, used from several goroutines.
type Request struct {
	x exchange.Exchange
}

// originProbe is the request with which a converted handler is asked for its origin; no user ever
// holds it.
var originProbe = new(Request)

// Method returns the method.
func (r *Request) Method() string { return r.x.R.Method }

// URL returns a copy of the absolute URL. Its scheme and host are the connection's, or those that a
// trusted proxy reports.
func (r *Request) URL() *url.URL { return r.x.URL() }

// Path returns the escaped path that the request is routed on: dot segments resolved, backslashes
// turned (URL Standard).
func (r *Request) Path() string { return r.x.Path() }

// Route returns the path of the route that serves the request, as it was written behind the
// prefixes of its scopes, such as /users/:id: what metrics and logs are grouped by. It is "" where
// no route does. Without a mux it is the path of [http.Request.Pattern].
func (r *Request) Route() string { return r.x.Route() }

// Param returns the path parameter of a name, percent-decoded, or "". Of a catch-all it is the rest
// of the path, without a slash in front.
func (r *Request) Param(name string) string { return r.x.Param(name) }

// Params returns the segments of a path parameter, each percent-decoded by itself, so that an
// encoded slash inside one stays distinguishable; nil where there is none.
func (r *Request) Params(name string) []string { return r.x.Params(name) }

// Query returns the first value of a query parameter, or "" (URL Standard, "URLSearchParams": a
// broken escape stays as it is, ";" is data).
func (r *Request) Query(name string) string { return r.x.Query(name) }

// QueryValues returns all values of a query parameter, in order.
func (r *Request) QueryValues(name string) []string { return r.x.QueryValues(name) }

// Header returns a header, or "". Several lines are joined as Node does: with ", ", cookies with ";
// ", and of those that may occur only once the first.
func (r *Request) Header(name string) string { return r.x.Header(name) }

// HeaderValues returns the lines of a header.
func (r *Request) HeaderValues(name string) []string { return r.x.HeaderValues(name) }

// Headers returns all headers. Host is among them, though net/http keeps it apart.
func (r *Request) Headers() Header { return r.x.Headers() }

// Cookie returns the value of a cookie, percent-decoded, and whether there is one. Of several with
// one name the first counts.
func (r *Request) Cookie(name string) (string, bool) { return r.x.Cookie(name) }

// Cookies yields the cookies, their values percent-decoded; of several with one name only the
// first.
func (r *Request) Cookies() iter.Seq2[string, string] { return r.x.Cookies() }

// IP returns the address of the client: the nearest one that is not a trusted proxy
// (adapt.Config.TrustedProxies).
func (r *Request) IP() string { return r.x.IP() }

// Context returns the context of the request. It ends when the client leaves, with the cause
// ErrClientGone, and when the answer is complete, with ErrAnswerComplete. On HTTP/1 the client's
// leaving is noticed once the body has been read, or the answer begun without it.
func (r *Request) Context() context.Context { return r.x.Context() }

// Err returns what was wrong with the arguments of NewRequest or of a With….
func (r *Request) Err() error { return r.x.Err() }

// BodyUsed reports whether the body has been read (Fetch Standard, "bodyUsed").
func (r *Request) BodyUsed() bool { return r.x.Body().Used() }

// Bytes reads the body, at most Limits.Body bytes of it. A second read is ErrBodyUsed unless Buffer
// came first. GET and HEAD have no body.
func (r *Request) Bytes() ([]byte, error) {
	b, err := r.x.Body().Use()
	return slices.Clip(bytes.Clone(b)), err // the body may be asked for again, also by others
}

// Text reads the body as UTF-8 (Encoding Standard, "UTF-8 decode").
func (r *Request) Text() (string, error) {
	b, err := r.x.Body().Use()
	return text.Decode(b), err
}

// JSON reads the body as JSON into dst, a pointer. Malformed JSON, data after it, and values that
// do not fit are a 400 that says where.
func (r *Request) JSON(dst any) error {
	b, err := r.x.Body().Use()
	if err != nil {
		return err
	}
	return exchange.UnmarshalJSON(b, dst)
}

// Form reads the body as a form, multipart or URL-encoded. Another media type is a 415. Files are
// in memory or in temporary files, which are removed when the request has been answered.
func (r *Request) Form() (*Form, error) { return r.x.Body().UseForm() }

// Parts yields the parts of a multipart body as they arrive, so that a file need not be held. A
// part is valid until the next one is asked for.
func (r *Request) Parts() iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) { r.x.Body().UseParts(yield) }
}

// Reader returns the body as a stream, at most Limits.Stream bytes of it. It may be read while the
// answer is written, and not after that.
func (r *Request) Reader() io.Reader { return r.x.Body().UseStream() }

// Buffer reads the body into memory, at most Limits.Body bytes of it, and lets it be read any
// number of times from then on.
func (r *Request) Buffer() error { return r.x.Body().Buffer() }

// Clone returns a request with a body of its own. The body is read into memory first, at most
// Limits.Body bytes of it; it is an error if it has been used.
func (r *Request) Clone() (*Request, error) {
	if err := r.x.Body().UsedErr(); err != nil {
		return nil, err
	}
	c := r.twin()
	if r.x.NullBody() {
		return c, nil
	}
	b, err := r.x.Body().Collect()
	if err != nil {
		return nil, err
	}
	c.x.SetBody(b)
	return c, nil
}

func (r *Request) twin() *Request {
	c := new(Request)
	c.x.Fork(&r.x, exchange.View, r.x.W, r.x.R)
	if err := r.Err(); err != nil {
		c.x.Extras().Err = err
	}
	return c
}

// WithContext returns a copy with another context, which should come from the request's own.
func (r *Request) WithContext(ctx context.Context) *Request {
	c := r.twin()
	c.x.SetContext(ctx)
	return c
}

// WithHeader returns a copy in which the header has just this value. A refused name or value is
// kept in Err.
func (r *Request) WithHeader(name, value string) *Request {
	c := r.twin()
	hr := *r.x.R
	hr.Header = make(http.Header, len(r.x.R.Header)+1)
	maps.Copy(hr.Header, r.x.R.Header)
	switch name, value, err := header.Clean(name, value); {
	case err != nil && c.Err() == nil:
		c.x.Extras().Err = err
	case err != nil:
	case name == "Host":
		hr.Host = value
	default:
		hr.Header[name] = []string{value}
	}
	c.x.R = &hr
	return c
}

// WithParam returns a copy with a path parameter, so that a handler can be called as a function.
func (r *Request) WithParam(name, value string) *Request {
	c := r.twin()
	c.x.SetParam(name, value)
	return c
}
