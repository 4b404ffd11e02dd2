package fetch

// Requests made by hand, for tests and for calls in process: what `new Request` is in JavaScript.

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// NewRequest returns a request to call a handler or a mux with, without a server. The target is a
// path with its query or an absolute http or https URL; both are read as the URL Standard does
// before a browser sends them: dot segments and backslashes are resolved, a fragment is not part of
// the path. A fault in the method, the target or an option is kept in Err, and reported by whatever
// the request is given to. GET and HEAD cannot have a body. Its client has the address 192.0.2.1,
// as in net/http/httptest; for another one, trust that address (adapt.Config.TrustedProxies) and
// set X-Forwarded-For.
func NewRequest(method, target string, opts ...RequestOption) *Request {
	u, err := parseTarget(target)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	if !header.ValidName(method) {
		err = errors.Join(err, fmt.Errorf("fetch.NewRequest: the method %q is not a token", method))
		method = http.MethodGet
	}
	hr := &http.Request{
		Method: header.NormalMethod(method), URL: u, Host: u.Host, Header: make(http.Header),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
		RequestURI: u.RequestURI(), RemoteAddr: "192.0.2.1:1234", // TEST-NET-1, as net/http/httptest
	}
	if hr.Host == "" {
		hr.Host = "localhost"
	}
	if u.Scheme == "https" {
		hr.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: u.Hostname()} // as net/http/httptest
	}
	r := new(Request)
	r.fail(err)
	r.apply(hr, "fetch.NewRequest", opts)
	r.x.Start(nil, hr)
	return r
}

func parseTarget(target string) (*url.URL, error) {
	path := strings.HasPrefix(target, "/")
	absolute := target
	if path {
		absolute = "http://localhost" + target
	}
	absolute, err := weburl.Parse(absolute)
	target = weburl.Redacted(target)
	if errors.Is(err, weburl.ErrNotWeb) {
		return nil, fmt.Errorf("fetch.NewRequest: the target %q must begin with / or be an absolute http or https URL", target)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch.NewRequest: the target %q is not a URL of a request: %w", target, err)
	}
	u, err := weburl.Read(absolute)
	switch {
	case err != nil: // as net/http refuses it in a request line
		return nil, fmt.Errorf("fetch.NewRequest: the target %q has a malformed escape: %w", target, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("fetch.NewRequest: the target %q is not an http or https URL", target)
	case u.User != nil:
		return nil, errors.New("fetch.NewRequest: the target must not contain credentials")
	case path:
		u.Scheme, u.Host = "", ""
	}
	return u, nil
}

func (r *Request) fail(err error) {
	if err != nil { // else there need not be extras
		r.x.Extras().Err = errors.Join(r.Err(), err)
	}
}

// Derive returns a request that differs in what the options say: the Method, more headers, other
// headers, a body (Fetch Standard, `new Request(req, init)`). Without a body option it takes over
// the body, and r's is used from then on; the body of a used request can only be replaced. An error
// leaves r as it was.
func (r *Request) Derive(opts ...RequestOption) (*Request, error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	c := r.twin()
	hr := *r.x.R
	hr.Header = r.x.R.Header.Clone()
	replaced := c.apply(&hr, "fetch.Request.Derive", opts)
	var err error
	switch {
	case replaced || r.x.NullBody():
	case r.x.Body().UsedErr() != nil:
		err = r.x.Body().UsedErr()
	case hr.Method == http.MethodGet || hr.Method == http.MethodHead:
		err = fmt.Errorf("fetch.Request.Derive: a request with the method %s cannot have a body", hr.Method)
	}
	if err = errors.Join(c.Err(), err); err != nil {
		return nil, err
	}
	if !replaced && !r.x.NullBody() {
		hr.Body = io.NopCloser(r.x.Body().UseStream())
	}
	c.x.OwnBody(r.x.W)
	c.x.R = &hr
	return c, nil
}

// QueryParams returns all query parameters.
func (r *Request) QueryParams() Params { return crossfade.ParseParams("?" + r.x.RawQuery()) }
