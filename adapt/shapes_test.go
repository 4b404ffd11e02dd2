package adapt_test

// One test in every form of a handler: native in each shape, converted,
// converted there and back, and behind a migration; on HTTP/1.1, HTTP/2 and
// HTTP/2 without TLS, over real servers. After each, nothing is left behind.

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestMain(m *testing.M) { leak.Main(m) }

// twins is one endpoint in both shapes.
type twins struct {
	reqres reqres.Handler
	fetch  fetch.Handler
}

// forms are the ways in which a mux may come to serve an endpoint.
var forms = []struct {
	name     string
	register func(r *adapt.Routes, method, path string, h twins)
}{
	{"reqres", func(r *adapt.Routes, m, p string, h twins) { r.ReqRes.On(m, p, h.reqres) }},
	{"fetch", func(r *adapt.Routes, m, p string, h twins) { r.Fetch.On(m, p, h.fetch) }},
	{"reqres behind fetch middleware", func(r *adapt.Routes, m, p string, h twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.Fetch.Use(passFetch)
			r.ReqRes.On(m, p, h.reqres)
		})
	}},
	{"fetch behind reqres middleware", func(r *adapt.Routes, m, p string, h twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.ReqRes.Use(passReqRes)
			r.Fetch.On(m, p, h.fetch)
		})
	}},
	{"reqres there and back", func(r *adapt.Routes, m, p string, h twins) {
		r.ReqRes.On(m, p, adapt.ToReqRes(passFetch(adapt.ToFetch(h.reqres))))
	}},
	{"fetch there and back", func(r *adapt.Routes, m, p string, h twins) {
		r.Fetch.On(m, p, adapt.ToFetch(passReqRes(adapt.ToReqRes(h.fetch))))
	}},
	{"reqres behind net/http middleware", func(r *adapt.Routes, m, p string, h twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.Use(passHTTP)
			r.ReqRes.On(m, p, h.reqres)
		})
	}},
	{"fetch behind net/http middleware", func(r *adapt.Routes, m, p string, h twins) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.Use(passHTTP)
			r.Fetch.On(m, p, h.fetch)
		})
	}},
	{"migration at Old", func(r *adapt.Routes, m, p string, h twins) { r.Migrate(m, p, h.reqres, h.fetch) }},
	{"migration at New", func(r *adapt.Routes, m, p string, h twins) {
		at := adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.New}}}
		r.Scope(at, func(r *adapt.Routes) { r.Migrate(m, p, h.reqres, h.fetch) })
	}},
}

// full says that the tests take the sizes of the full matrix, which is minutes:
// see CONTRIBUTING.md.
var full = os.Getenv("CROSSFADE_FULL") != ""

// sized is a size that depends on full.
func sized[T any](small, large T) T {
	if full {
		return large
	}
	return small
}

// Middleware that changes nothing, and that no conversion can see through.
func passFetch(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) { return next(req) }
}

func passReqRes(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error { return next(req, res) }
}

func passHTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// logs collects what a mux logs.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logs) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func newMux(t testing.TB, c adapt.Config, routes ...func(*adapt.Routes)) *adapt.Mux {
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

// serve starts a server for HTTP/1.1, or for HTTP/2 over TLS.
func serve(t testing.TB, h http.Handler, h2 bool) *httptest.Server {
	t.Helper()
	return serveOver(t, h, protocols[map[bool]int{false: 0, true: 1}[h2]], func(*http.Server) {})
}

// protocols are the ways in which a client may come.
var protocols = []string{"HTTP/1.1", "HTTP/2", "h2c"}

func serveOver(t testing.TB, h http.Handler, protocol string, config func(*http.Server)) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	start(t, s, protocol, config)
	return s
}

func start(t testing.TB, s *httptest.Server, protocol string, config func(*http.Server)) {
	t.Helper()
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	config(s.Config)
	switch protocol {
	case "HTTP/2":
		s.EnableHTTP2 = true
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
	t.Cleanup(s.Close)
}

// answer is a whole response, without what differs from run to run.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func do(t testing.TB, c *http.Client, req *http.Request) answer {
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
	return answer{res.StatusCode, res.Header, string(body)}
}

// everywhere runs a test for an endpoint in every form, over every protocol.
func everywhere(t *testing.T, method, path string, h twins, c adapt.Config, test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	matrix(t, protocols, method, path, h, c, func(*http.Server) {}, test)
}

// matrix is everywhere for some protocols and a server that is configured.
func matrix(t *testing.T, protocols []string, method, path string, h twins, c adapt.Config, config func(*http.Server), test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	for _, form := range forms {
		for _, protocol := range protocols {
			t.Run(form.name+"/"+protocol, func(t *testing.T) {
				leavesNothing(t)
				var l logs
				c := c
				c.Logger = l.logger()
				mux := newMux(t, c, func(r *adapt.Routes) { form.register(r, method, path, h) })
				test(t, serveOver(t, mux, protocol, config))
				if t.Failed() {
					t.Log(l.String())
				}
			})
		}
	}
}

// openSources is how many sources of streams have not been closed, and
// closedTwice how often one was that had been.
var openSources, closedTwice atomic.Int64

// leavesNothing fails t if, at its end, there is a goroutine more, a source that
// was not closed, or 1 MiB more in the heap than now.
func leavesNothing(t *testing.T) {
	t.Helper()
	before := heap()
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
		// What has been let go of need not be collected at once: finalizers and
		// pools keep it for a while.
		grown := heap() - before
		for deadline := time.Now().Add(10 * time.Second); grown > 1<<20 && time.Now().Before(deadline); grown = heap() - before {
			time.Sleep(10 * time.Millisecond)
		}
		if grown > 1<<20 {
			t.Errorf("the heap has grown by %d bytes", grown)
		}
	})
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// leaveAfter is a client that asks for a stream and leaves after its first n
// bytes.
func leaveAfter(t *testing.T, s *httptest.Server, n int) {
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
