package work

// The client: what asks a peer, in process. Requests, header map and sink are
// made once and used again, so that what is measured is the peer. A connection
// of net/http would add some 12 µs to each request (see the table "wire").

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Tenant is a header that every request has, of which a canary makes its keys.
const Tenant = "X-Tenant"

// Client asks one app.
type Client interface {
	Do(i int)         // asks request i, the requests being repeated, and discards the answer
	Ask(i int) Answer // does the same and keeps it
	Close()           // ends the connection that the requests seem to have come by
}

// Open returns a client of an app. An app that is not net/http underneath brings
// its own.
func Open(app http.Handler, requests []Request) Client {
	if a, ok := app.(interface{ Client([]Request) Client }); ok {
		return a.Client(requests)
	}
	// As in a server, the context can end, so that whoever waits for that pays for it.
	ctx, end := context.WithCancel(context.WithValue(context.Background(), http.ServerContextKey, &http.Server{}))
	c := &client{app: app, end: end}
	for _, r := range requests {
		hr := &http.Request{
			Method: r.Method, RequestURI: r.Target, Header: r.Header.Clone(), Body: http.NoBody,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "example.com", RemoteAddr: "192.0.2.1:1234",
		}
		hr.URL, _ = url.ParseRequestURI(r.Target)
		if hr.Header == nil {
			hr.Header = make(http.Header)
		}
		hr.Header.Set(Tenant, "acme")
		b := &body{}
		if r.Body != nil {
			b.bytes, hr.Body, hr.ContentLength = r.Body, b, int64(len(r.Body))
		}
		c.requests = append(c.requests, *hr.WithContext(ctx))
		c.bodies = append(c.bodies, b)
	}
	c.sink.header = make(http.Header)
	return c
}

type client struct {
	app      http.Handler
	requests []http.Request
	request  http.Request // the one that is asked: what a router has put into it is gone the next time
	bodies   []*body
	sink     sink
	end      context.CancelFunc
}

func (c *client) Do(i int) {
	i %= len(c.requests)
	c.request = c.requests[i]
	if b := c.bodies[i]; b.bytes != nil {
		b.Reset(b.bytes)
	}
	clear(c.sink.header)
	c.sink.status = 0
	c.app.ServeHTTP(&c.sink, &c.request)
}

func (c *client) Ask(i int) Answer {
	c.sink.kept = new(bytes.Buffer)
	c.Do(i)
	a := Answer{c.sink.status, c.sink.header.Clone(), c.sink.kept.Bytes()}
	c.sink.kept = nil
	return a
}

func (c *client) Close() { c.end() }

// Shared reports whether who writes into the header slices of an answer, as
// middleware around a peer may, spoils the next answer to the same request.
func (c *client) Shared(i int) bool {
	c.Do(i)
	found := maps.Clone(c.sink.header)
	for _, values := range found {
		for j := range values {
			defer func(was string) { values[j] = was }(values[j])
			values[j] = "spoilt"
		}
	}
	for _, values := range c.Ask(i).Header {
		if slices.Contains(values, "spoilt") {
			return true
		}
	}
	return false
}

type body struct {
	bytes.Reader
	bytes []byte
}

func (*body) Close() error { return nil }

// sink is a ResponseWriter with the optional methods that net/http's has.
type sink struct {
	header http.Header
	status int
	kept   *bytes.Buffer
	buf    [32 << 10]byte
}

func (s *sink) Header() http.Header { return s.header }

func (s *sink) WriteHeader(code int) {
	if s.status == 0 && code >= 200 {
		s.status = code
	}
}

func (s *sink) Write(p []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	if s.kept != nil {
		s.kept.Write(p)
	}
	return len(p), nil
}

func (s *sink) WriteString(p string) (int, error) {
	s.WriteHeader(http.StatusOK)
	if s.kept != nil {
		s.kept.WriteString(p)
	}
	return len(p), nil
}

// ReadFrom reads into a buffer that is there already, as net/http's does.
func (s *sink) ReadFrom(r io.Reader) (total int64, err error) {
	for {
		n, err := r.Read(s.buf[:])
		s.Write(s.buf[:n])
		total += int64(n)
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

func (s *sink) Flush()                           { s.WriteHeader(http.StatusOK) }
func (s *sink) FlushError() error                { s.Flush(); return nil }
func (s *sink) SetReadDeadline(time.Time) error  { return nil }
func (s *sink) SetWriteDeadline(time.Time) error { return nil }
func (s *sink) EnableFullDuplex() error          { return nil }
