package adapt_test

// One test in every form of a handler: native in each shape, converted, and
// converted there and back; on HTTP/1.1 and HTTP/2, over real servers.

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
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
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = h2
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	if h2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(s.Close)
	return s
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

// everywhere runs a test for an endpoint in every form, over HTTP/1.1 and
// HTTP/2.
func everywhere(t *testing.T, method, path string, h twins, c adapt.Config, test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	for _, form := range forms {
		for _, h2 := range []bool{false, true} {
			name := form.name + "/HTTP/1.1"
			if h2 {
				name = form.name + "/HTTP/2"
			}
			t.Run(name, func(t *testing.T) {
				mux := newMux(t, c, func(r *adapt.Routes) { form.register(r, method, path, h) })
				test(t, serve(t, mux, h2))
			})
		}
	}
}
