package origin

// The proxy: httputil's, with what it does not know. One request is one call, which carries through
// the hooks of the proxy what they learn.

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/inbound"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/peer"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

type proxy struct {
	config  Config
	base    *url.URL
	reverse *httputil.ReverseProxy
	health  *health
}

// call is one request on its way.
type call struct {
	in     *http.Request
	prefix string // under which the app is served
	proxy  peer.Proxies
	header http.Header // of the answer
	set    http.Header // what middleware has set in it
	begun  bool        // the back end has begun its answer
	err    error       // why there is no answer, or not all of it
}

// restore puts back the headers that middleware has set. The proxy of httputil clears all of them
// once it has handed on an informational answer.
func (c *call) restore() {
	for name, values := range c.set {
		if _, ok := c.header[name]; !ok {
			c.header[name] = values
		}
	}
}

type callKey struct{}

func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

func newProxy(c Config, base *url.URL, h *health) *proxy {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil // the way to a back end never leads through an egress proxy
	t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	t.DisableCompression = true // the client has asked, and gets what it has asked for
	t.ResponseHeaderTimeout = c.Timeout
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, 128
	t.IdleConnTimeout = 4 * time.Second // Node closes idle connections after 5
	p := &proxy{config: c, base: base, health: h}
	p.reverse = &httputil.ReverseProxy{
		Transport: migrate.GuardTransport(t), Rewrite: p.rewrite, ModifyResponse: p.answer,
		ErrorHandler: func(_ http.ResponseWriter, r *http.Request, err error) { callOf(r).err = err },
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, 0), // errors are returned
	}
	return p
}

// ServeHTTP hands the request on. What goes wrong is answered as the error of a handler is.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{in: r, prefix: pathname.Outer(r.RequestURI, r.URL), header: w.Header(), set: w.Header().Clone()}
	if x := exchange.FromContext(r.Context()); x != nil {
		c.proxy = x.Env.Proxies
	}
	out := r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	if out.Body != nil && out.Body != http.NoBody {
		out.Body = upload{out.Body}
	}
	p.reverse.ServeHTTP(writer{w}, out)
	gone := r.Context().Err() != nil
	if !gone && c.mistake() == nil {
		p.health.note(c.err == nil)
	}
	switch {
	case c.err == nil:
	case c.begun:
		panic(http.ErrAbortHandler) // the answer is not whole, and nothing more may be said
	default:
		c.restore()
		fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return nil, p.failure(c, gone) }).ServeHTTP(w, r)
	}
}

// upload is the body of the request, whose errors are told from those of the back end.
type upload struct{ io.ReadCloser }

func (u upload) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	return n, inbound.ReadError(err)
}

// mistake returns what is wrong with the request's body, which does not show that the back end is
// dead.
func (c *call) mistake() error {
	if e, ok := errors.AsType[*crossfade.Error](c.err); ok {
		return e
	}
	return nil
}

// failure returns what a failed call is for the mux.
func (p *proxy) failure(c *call, gone bool) error {
	if err := c.mistake(); err != nil { // also of a client that has closed its half of the connection
		return err
	}
	if gone && errors.Is(c.in.Context().Err(), context.Canceled) {
		return context.Cause(c.in.Context())
	}
	status, what := http.StatusBadGateway, "did not answer"
	if e, ok := errors.AsType[net.Error](c.err); ok && e.Timeout() || errors.Is(c.err, context.DeadlineExceeded) {
		status, what = http.StatusGatewayTimeout, "was too slow"
	}
	return crossfade.Errorf(status, "%s at %s %s: %w", p.config.Name, weburl.Redacted(p.config.URL), what, c.err)
}

// rewrite makes the request for the back end.
func (p *proxy) rewrite(r *httputil.ProxyRequest) {
	c := callOf(r.In)
	r.SetURL(p.base)
	r.Out.URL.RawQuery, r.Out.URL.ForceQuery = r.In.URL.RawQuery, r.In.URL.ForceQuery // also one that Go cannot read
	sent := strings.TrimSuffix(p.base.EscapedPath(), "/") + rawPath(r.In.URL)
	if sent != r.Out.URL.EscapedPath() && strings.HasPrefix(sent, "/") && !strings.HasPrefix(sent, "//") {
		r.Out.URL.Opaque = sent
	}
	r.Out.Trailer = r.In.Trailer // which net/http fills when the body ends
	r.Out.Host = p.config.Host
	if r.Out.Host == "" {
		r.Out.Host = c.proxy.Host(r.In)
	}
	trail := c.proxy.Addresses(r.In) // the nearest first
	for i, j := 0, len(trail)-1; i < j; i, j = i+1, j-1 {
		trail[i], trail[j] = trail[j], trail[i]
	}
	r.Out.Header.Set("X-Forwarded-For", strings.Join(trail, ", "))
	r.Out.Header.Set("X-Forwarded-Proto", c.proxy.Scheme(r.In))
	r.Out.Header.Set("X-Forwarded-Host", c.proxy.Host(r.In))
	r.Out.Header.Del("X-Forwarded-Prefix")
	if c.prefix != "" {
		r.Out.Header.Set("X-Forwarded-Prefix", c.prefix)
	}
	if _, ok := r.In.Header["User-Agent"]; !ok {
		r.Out.Header["User-Agent"] = nil // else Go sends its own
	}
}

// rawPath returns the path as it was sent, less what a Mount has taken off.
func rawPath(u *url.URL) string {
	if u.RawPath != "" {
		return u.RawPath
	}
	return u.EscapedPath()
}

// answer returns the answer of the back end, before it goes on.
func (p *proxy) answer(res *http.Response) error {
	c := callOf(res.Request)
	c.restore()
	p.relocate(c, res.Header)
	if res.StatusCode != http.StatusSwitchingProtocols {
		c.begun = true
		res.Body = &body{ReadCloser: res.Body, call: c}
		if res.Header["Content-Type"] == nil {
			c.header["Content-Type"] = nil // what the back end has not said is not guessed
		}
	}
	return nil
}

// writer leaves out the back end's 100 Continue. The server says its own when the body is read,
// which the transport does at the same moment, so that a client would sometimes get two.
type writer struct{ http.ResponseWriter }

func (w writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w writer) WriteHeader(status int) {
	if status != http.StatusContinue {
		w.ResponseWriter.WriteHeader(status)
	}
}

// body notes that an answer has broken off: the proxy cuts the connection under net/http's server
// only.
type body struct {
	io.ReadCloser
	call *call
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		b.call.err = err
	}
	return n, err
}
