package reqres

import (
	"bytes"
	"context"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Request is the request as Express shows it. Its accessors have the same names and meanings as
// those of fetch.Request; Express's own are beside them. A Request may be kept after its handler
// has returned: it is never reused for another one.
type Request struct {
	x exchange.Exchange
	answer
}

func (r *Request) settings() *Settings { return settingsOf(&r.x) }

func settingsOf(x *exchange.Exchange) *Settings {
	if s, ok := x.Env.Settings.(*Settings); ok {
		return s
	}
	return &express
}

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
// first. Signed ones are among them, as they were sent: see SignedCookie.
func (r *Request) Cookies() iter.Seq2[string, string] { return r.x.Cookies() }

// Context returns the context of the request. It ends when the client leaves, with the cause
// ErrClientGone, and when the answer is complete, with ErrAnswerComplete. On HTTP/1 the client's
// leaving is noticed once the body has been read, or the answer begun without it.
func (r *Request) Context() context.Context { return r.x.Context() }

// SetContext puts ctx, which should come from the request's own context, in its place: what
// middleware leaves for the handler.
func (r *Request) SetContext(ctx context.Context) { r.x.SetContext(ctx) }

// Reader returns the body as a stream, at most Limits.Stream bytes of it. It may be read while the
// answer is written. A body that has been collected is read again from its start.
func (r *Request) Reader() io.Reader { return r.x.Body().Stream() }

// Bytes reads the body, at most Limits.Body bytes of it, and keeps it: it may be asked for again,
// by every method here. The bytes are the caller's.
func (r *Request) Bytes() ([]byte, error) {
	b, err := r.x.Body().Collect()
	return slices.Clip(bytes.Clone(b)), err
}

// Text reads the body as UTF-8 (Encoding Standard, "UTF-8 decode").
func (r *Request) Text() (string, error) {
	b, err := r.x.Body().Collect()
	return text.Decode(b), err
}

// JSON reads the body as JSON into dst, a pointer. Malformed JSON, data after it, and values that
// do not fit are a 400 that says where.
func (r *Request) JSON(dst any) error {
	b, err := r.x.Body().Collect()
	if err != nil {
		return err
	}
	return exchange.UnmarshalJSON(b, dst)
}

// Form reads the body as a form, multipart or URL-encoded. Another media type is a 415. Files are
// in memory or in temporary files, which are removed when the request has been answered.
func (r *Request) Form() (*Form, error) { return r.x.Body().Form() }

// Parts yields the parts of a multipart body as they arrive, so that a file need not be held. A
// part is valid until the next one is asked for.
func (r *Request) Parts() iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) { r.x.Body().Parts(yield) }
}

// HTTP returns the request as net/http knows it, with the path parameters as path values and with
// Context as its context. It must not be changed.
func (r *Request) HTTP() *http.Request { return r.x.HTTP() }

// IP returns the address of the client: the nearest one that is not a trusted proxy
// (adapt.Config.TrustedProxies).
func (r *Request) IP() string { return r.x.IP() }

// IPs returns the addresses that trusted proxies report, from the client on; none where no proxy is
// trusted.
func (r *Request) IPs() []string { return r.x.IPs() }

// Protocol returns "http" or "https", or what a trusted proxy reports.
func (r *Request) Protocol() string { return r.x.Protocol() }

// Secure reports whether Protocol is https.
func (r *Request) Secure() bool { return r.x.Protocol() == "https" }

// Host returns the host asked for, with its port.
func (r *Request) Host() string { return r.x.Host() }

// Hostname returns the host asked for, without its port.
func (r *Request) Hostname() string { return r.x.Hostname() }

// OriginalURL returns the request target as the client sent it.
func (r *Request) OriginalURL() string {
	if uri := r.x.R.RequestURI; uri != "" {
		return uri
	}
	return r.x.R.URL.RequestURI()
}

// XHR reports whether X-Requested-With is XMLHttpRequest.
func (r *Request) XHR() bool {
	return strings.EqualFold(r.x.Header("X-Requested-With"), "XMLHttpRequest")
}
