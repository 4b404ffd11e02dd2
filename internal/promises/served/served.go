// Package served serves one endpoint in every form: native in each shape, converted, converted
// there and back, behind middleware, and behind a migration; on HTTP/1.1, HTTP/2 and HTTP/2 without
// TLS, over real servers. It is for the tests of internal/promises and adapt, and leaves nothing
// behind after each.
package served

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

// Twins is one endpoint in both shapes.
type Twins struct {
	ReqRes reqres.Handler
	Fetch  fetch.Handler
}

// Form is a way in which a mux may come to serve an endpoint.
type Form struct {
	Name     string
	Register func(r *adapt.Routes, method, path string, h Twins)
}

// Forms are all of them.
var Forms = []Form{
	{"reqres", func(r *adapt.Routes, m, p string, h Twins) { r.ReqRes.On(m, p, h.ReqRes) }},
	{"fetch", func(r *adapt.Routes, m, p string, h Twins) { r.Fetch.On(m, p, h.Fetch) }},
	{"reqres behind fetch middleware", func(r *adapt.Routes, m, p string, h Twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.UseFetch(PassFetch)
			r.ReqRes.On(m, p, h.ReqRes)
		})
	}},
	{"fetch behind reqres middleware", func(r *adapt.Routes, m, p string, h Twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.UseReqRes(PassReqRes)
			r.Fetch.On(m, p, h.Fetch)
		})
	}},
	{"reqres there and back", func(r *adapt.Routes, m, p string, h Twins) {
		r.ReqRes.On(m, p, adapt.ToReqRes(PassFetch(adapt.ToFetch(h.ReqRes))))
	}},
	{"fetch there and back", func(r *adapt.Routes, m, p string, h Twins) {
		r.Fetch.On(m, p, adapt.ToFetch(PassReqRes(adapt.ToReqRes(h.Fetch))))
	}},
	{"reqres behind net/http middleware", func(r *adapt.Routes, m, p string, h Twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.Use(PassHTTP)
			r.ReqRes.On(m, p, h.ReqRes)
		})
	}},
	{"fetch behind net/http middleware", func(r *adapt.Routes, m, p string, h Twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.Use(PassHTTP)
			r.Fetch.On(m, p, h.Fetch)
		})
	}},
	{"migration at Old", func(r *adapt.Routes, m, p string, h Twins) { r.Migrate(m, p, h.ReqRes, h.Fetch) }},
	{"migration at New", func(r *adapt.Routes, m, p string, h Twins) {
		at := adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.New}}}
		r.Scope(at, func(r *adapt.Routes) { r.Migrate(m, p, h.ReqRes, h.Fetch) })
	}},
}

// Middleware that changes nothing, and that no conversion can see through.
func PassFetch(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) { return next(req) }
}

func PassReqRes(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error { return next(req, res) }
}

func PassHTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// Logs collects what a mux logs.
type Logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *Logs) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func NewMux(t testing.TB, c adapt.Config, routes ...func(*adapt.Routes)) *adapt.Mux {
	t.Helper()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	mux, err := c.New(routes...)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

// Serve starts a server for HTTP/1.1, or for HTTP/2 over TLS.
func Serve(t testing.TB, h http.Handler, h2 bool) *httptest.Server {
	t.Helper()
	return ServeOver(t, h, Protocols[map[bool]int{false: 0, true: 1}[h2]], func(*http.Server) {})
}

// Protocols are the ways in which a client may come.
var Protocols = []string{"HTTP/1.1", "HTTP/2", "h2c"}

func ServeOver(t testing.TB, h http.Handler, protocol string, config func(*http.Server)) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	Start(t, s, protocol, config)
	return s
}

// lingering is how long net/http keeps a connection that it has closed beside an unread body, so
// that the client sees the answer and no reset. No test waits for it: see internal/leak.
const lingering = 500 * time.Millisecond

// Start starts a server, and closes it at the end of the test.
func Start(t testing.TB, s *httptest.Server, protocol string, config func(*http.Server)) {
	t.Helper()
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	config(s.Config)
	switch protocol {
	case "HTTP/2":
		s.EnableHTTP2 = true
		s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate()}}
		s.StartTLS()
	case "h2c":
		h2c := new(http.Protocols)
		h2c.SetUnencryptedHTTP2(true)
		s.Config.Protocols = h2c
		s.Start()
		s.Client().Transport.(*http.Transport).Protocols = h2c
	default:
		s.Start()
	}
	s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(func() {
		closed := make(chan struct{})
		go func() { s.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(lingering / 10):
		}
	})
}

// certificate is for the servers of the tests. Its key is one of P-256: that of httptest is of RSA,
// and to sign with it takes longer than all else in a test.
var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
})

// Answer is a whole response, without what differs from run to run.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

func Do(t testing.TB, c *http.Client, req *http.Request) Answer {
	t.Helper()
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	return Answer{res.StatusCode, res.Header, string(body)}
}

// Everywhere runs a test for an endpoint in every form, over every protocol.
func Everywhere(t *testing.T, method, path string, h Twins, c adapt.Config, test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	Matrix(t, Protocols, method, path, h, c, func(*http.Server) {}, test)
}

// Matrix is Everywhere for some protocols and a server that is configured. The heap is measured
// around all of it, and with full.On around each form and protocol.
func Matrix(t *testing.T, protocols []string, method, path string, h Twins, c adapt.Config, config func(*http.Server), test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	keepsHeap(t)
	for _, form := range Forms {
		for _, protocol := range protocols {
			t.Run(form.Name+"/"+protocol, func(t *testing.T) {
				if full.On {
					keepsHeap(t)
				}
				LeavesNothing(t)
				var l Logs
				c := c
				c.Logger = l.Logger()
				mux := NewMux(t, c, func(r *adapt.Routes) { form.Register(r, method, path, h) })
				test(t, ServeOver(t, mux, protocol, config))
				if t.Failed() {
					t.Log(l.String())
				}
			})
		}
	}
}

// openSources is how many sources of streams have not been closed, and closedTwice how often one
// was that had been.
var openSources, closedTwice atomic.Int64

// LeavesNothing fails t if, at its end, there is a goroutine more, or a source that was not closed.
func LeavesNothing(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		if left := leak.Wait(10 * time.Second); left != "" {
			t.Errorf("goroutines left behind:\n\n%s", left)
		}
		if n := openSources.Swap(0); n != 0 {
			t.Errorf("%d sources were not closed", n)
		}
		if n := closedTwice.Swap(0); n != 0 {
			t.Errorf("%d times a source was closed again", n)
		}
	})
}

// keepsHeap fails t if, at its end, there is 1 MiB more in the heap than now.
func keepsHeap(t *testing.T) {
	t.Helper()
	before := Heap()
	t.Cleanup(func() {
		// What has been let go of need not be collected at once: finalizers and pools keep it for a
		// while.
		grown := Heap() - before
		for deadline := time.Now().Add(10 * time.Second); grown > 1<<20 && time.Now().Before(deadline); grown = Heap() - before {
			time.Sleep(10 * time.Millisecond)
		}
		if grown > 1<<20 {
			t.Errorf("the heap has grown by %d bytes", grown)
		}
	})
}

// Heap is how many bytes are in use, after everything that can be collected is.
func Heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// LeaveAfter is a client that asks for a stream and leaves after its first n bytes.
func LeaveAfter(t *testing.T, s *httptest.Server, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	cancel()
	res.Body.Close()
}
