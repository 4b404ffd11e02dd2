package adapt_test

// The end of answers: OnEnd, the log, and the request as its handler had it.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// ends collects what OnEnd is told.
type ends struct {
	mu  sync.Mutex
	all []adapt.Ended
	one chan struct{}
}

func newEnds() *ends { return &ends{one: make(chan struct{}, 100)} }

func (e *ends) add(a adapt.Ended) {
	e.mu.Lock()
	e.all = append(e.all, a)
	e.mu.Unlock()
	e.one <- struct{}{}
}

// take waits for one and forgets it.
func (e *ends) take() adapt.Ended {
	<-e.one
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.all[0]
	e.all = e.all[1:]
	return a
}

func TestOnEnd(t *testing.T) {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example"}})
	if err != nil {
		t.Fatal(err)
	}
	got, inScope := newEnds(), 0
	stage := func(s migrate.Stage) adapt.Scope {
		return adapt.Scope{Prefix: "/" + s.String(), Migration: migrate.Config{Plan: migrate.Plan{Stage: s}}}
	}
	failing := func(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("no") }
	config := adapt.Config{
		CORS: policy, Logger: slog.New(slog.DiscardHandler), RequestID: "x-request-id", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
	mux := served.NewMux(t, config, func(r *adapt.Routes) {
		r.OnEnd(got.add)
		r.Fetch.GET("/fetch/:id", served.Says("hello"))
		r.ReqRes.GET("/reqres/:id", served.OldSays("hello"))
		r.Handle("GET", "/http", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
		r.Fetch.GET("/converted", adapt.ToFetch(served.OldSays("hello")))
		r.Fetch.GET("/fails", failing)
		r.Fetch.GET("/panics", func(*fetch.Request) (*fetch.Response, error) { panic("no") })
		r.Fetch.GET("/breaks", func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				io.WriteString(w, "hel")
				w.Flush()
				return errors.New("no")
			})
		})
		r.Fetch.GET("/streams", func(*fetch.Request) (*fetch.Response, error) { return fetch.Stream(strings.NewReader("hello")) })
		r.ReqRes.GET("/writes", func(_ *reqres.Request, res *reqres.Response) error {
			io.WriteString(res, "hello")
			return res.Flush()
		})
		r.Scope(stage(migrate.Old), func(r *adapt.Routes) { r.Migrate("GET", "/", served.OldSays("x"), served.Says("x")) })
		r.Scope(stage(migrate.New), func(r *adapt.Routes) { r.Migrate("GET", "/", served.OldSays("x"), served.Says("x")) })
		r.Scope(stage(migrate.Live), func(r *adapt.Routes) {
			r.Migrate("GET", "/", served.OldSays("x"), served.Says("x"))
			r.Migrate("GET", "/falls-back", served.OldSays("x"), failing)
		})
		r.Scope(adapt.Scope{Prefix: "/scope"}, func(r *adapt.Routes) {
			r.OnEnd(func(adapt.Ended) { inScope++ })
			r.OnEnd(func(adapt.Ended) { panic("a hook panics") })
			r.UseFetch(served.PassFetch)
			r.ReqRes.GET("/", served.OldSays("hello"))
		})
	})
	defer shutdown(t, mux)
	s := httptest.NewServer(mux)
	defer s.Close()
	for _, tt := range []struct {
		method, path string
		want         adapt.Ended
	}{
		{"GET", "/fetch/1", adapt.Ended{Route: "/fetch/:id", Status: 200, Bytes: 5}},
		{"HEAD", "/fetch/1", adapt.Ended{Route: "/fetch/:id", Status: 200}},
		{"GET", "/reqres/1", adapt.Ended{Route: "/reqres/:id", Status: 200, Bytes: 5}},
		{"GET", "/http", adapt.Ended{Route: "/http", Status: 204}},
		{"GET", "/converted", adapt.Ended{Route: "/converted", Status: 200, Bytes: 5}},
		{"GET", "/streams", adapt.Ended{Route: "/streams", Status: 200, Bytes: 5}},
		{"GET", "/writes", adapt.Ended{Route: "/writes", Status: 200, Bytes: 5}},
		{"HEAD", "/writes", adapt.Ended{Route: "/writes", Status: 200}},
		{"GET", "/fails", adapt.Ended{Route: "/fails", Status: 500, Bytes: 33}},
		{"GET", "/panics", adapt.Ended{Route: "/panics", Status: 500, Bytes: 33}},
		{"GET", "/breaks", adapt.Ended{Route: "/breaks", Status: 200, Bytes: 3, Broken: true}},
		{"GET", "/nowhere", adapt.Ended{Status: 404, Bytes: 21}},
		{"POST", "/http", adapt.Ended{Status: 405, Bytes: 62}},
		{"OPTIONS", "/http", adapt.Ended{Status: 204}},
		{"GET", "/http/", adapt.Ended{Status: 308}},
		{"GET", "/x/../http", adapt.Ended{Status: 308}},
		{"PREFLIGHT", "/http", adapt.Ended{Status: 204}},
		{"GET", "/old", adapt.Ended{Route: "/old", Status: 200, Bytes: 1, Side: "old"}},
		{"GET", "/new", adapt.Ended{Route: "/new", Status: 200, Bytes: 1, Side: "new"}},
		{"GET", "/live", adapt.Ended{Route: "/live", Status: 200, Bytes: 1, Side: "new"}},
		{"GET", "/live/falls-back", adapt.Ended{Route: "/live/falls-back", Status: 200, Bytes: 1, Side: "old"}},
		{"GET", "/scope", adapt.Ended{Route: "/scope", Status: 200, Bytes: 5}},
	} {
		req, _ := http.NewRequest(tt.method, s.URL, nil)
		req.URL.Path = tt.path
		if tt.method == "PREFLIGHT" {
			req.Method = "OPTIONS"
			req.Header = served.Header("Origin", "https://app.example", "Access-Control-Request-Method", "GET")
		}
		req.Header.Set("X-Request-Id", "id-1")
		req.Header.Set("X-Forwarded-For", "192.0.2.7")
		res, err := s.Client().Transport.RoundTrip(req)
		if err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if id := res.Header.Get("X-Request-Id"); id != "id-1" {
				t.Errorf("%s %s: the answer has the id %q", tt.method, tt.path, id)
			}
		}
		ended := got.take()
		if ended.Duration <= 0 || ended.Request.URL.Path != tt.path {
			t.Errorf("%s %s: ended after %v for %s", tt.method, tt.path, ended.Duration, ended.Request.URL.Path)
		}
		tt.want.IP, tt.want.RequestID = "192.0.2.7", "id-1"
		if diff := cmp.Diff(tt.want, ended, cmpopts.IgnoreFields(adapt.Ended{}, "Request", "Duration")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.path, diff)
		}
	}
	s.Close() // waits for the hooks behind the one that was waited for
	if inScope != 1 {
		t.Errorf("the hook of the scope ran %d times", inScope)
	}
}

// What middleware has put into the context is there for head hooks, for OnEnd and for the log, in
// every chain.
func TestHooksSeeTheContextOfTheHandler(t *testing.T) {
	type key struct{}
	value := func(ctx context.Context) string { s, _ := ctx.Value(key{}).(string); return s }
	with := func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, "from middleware") }
	inFetch := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) { return next(req.WithContext(with(req.Context()))) }
	}
	inReqRes := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			req.SetContext(with(req.Context()))
			return next(req, res)
		}
	}
	inHTTP := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.WithContext(with(r.Context()))) })
	}
	inLocals := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			res.Locals()["user"] = "from middleware"
			return next(req, res)
		}
	}
	chains := map[string]func(r *adapt.Routes){
		"Guard": func(r *adapt.Routes) {
			r.Guard(func(r *http.Request) (context.Context, error) { return with(r.Context()), nil })
		},
		"Guard behind others": func(r *adapt.Routes) {
			r.UseFetch(served.PassFetch)
			r.Guard(func(r *http.Request) (context.Context, error) { return with(r.Context()), nil })
		},
		"UseFetch":            func(r *adapt.Routes) { r.UseFetch(inFetch) },
		"UseReqRes":           func(r *adapt.Routes) { r.UseReqRes(inReqRes) },
		"Use":                 func(r *adapt.Routes) { r.Use(inHTTP) },
		"UseBoth":             func(r *adapt.Routes) { r.UseBoth(inFetch, inReqRes) },
		"With":                func(r *adapt.Routes) { *r = *r.With(inHTTP) },
		"Use behind UseFetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch); r.Use(inHTTP); r.UseReqRes(served.PassReqRes) },
		"Locals":              func(r *adapt.Routes) { r.UseReqRes(inLocals) },
	}
	for name, chain := range chains {
		var head, log string
		got := newEnds()
		logger := slog.New(contextHandler{slog.DiscardHandler, func(ctx context.Context) { log = value(ctx) }})
		seen := value
		if name == "Locals" {
			seen = func(ctx context.Context) string { s, _ := adapt.Locals(ctx)["user"].(string); return s }
			logger = slog.New(contextHandler{slog.DiscardHandler, func(ctx context.Context) { log = seen(ctx) }})
		}
		mux := served.NewMux(t, adapt.Config{Logger: logger}, func(r *adapt.Routes) {
			r.OnHead(func(r *http.Request, _ int, _ http.Header) { head = seen(r.Context()) })
			r.OnEnd(got.add)
			r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
				chain(r)
				r.Fetch.GET("/fetch", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(seen(req.Context())) })
				r.ReqRes.GET("/reqres", func(req *reqres.Request, res *reqres.Response) error { return res.Send(seen(req.Context())) })
				r.Fetch.GET("/fetch-fails", func(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("no") })
				r.ReqRes.GET("/reqres-fails", func(*reqres.Request, *reqres.Response) error { return errors.New("no") })
			})
		})
		for _, path := range []string{"/fetch", "/reqres", "/fetch-fails", "/reqres-fails"} {
			head, log = "", ""
			body := served.Ask(t, mux, "GET", path).Body
			fails := strings.HasSuffix(path, "fails")
			if !fails && body != "from middleware" || head != "from middleware" || fails && log != "from middleware" {
				t.Errorf("%s, %s: the handler sees %q, the head hook %q, the log %q", name, path, body, head, log)
			}
			if end := seen(got.take().Request.Context()); end != "from middleware" {
				t.Errorf("%s, %s: OnEnd sees %q", name, path, end)
			}
		}
	}
	if adapt.Locals(context.Background()) != nil || adapt.RequestID(context.Background()) != "" {
		t.Error("a context of no request has locals or an id")
	}
}

// contextHandler tells the context of each record.
type contextHandler struct {
	slog.Handler
	tell func(context.Context)
}

func (h contextHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h contextHandler) Handle(ctx context.Context, _ slog.Record) error { h.tell(ctx); return nil }

// Each request has one id, for all who ask.
func TestRequestID(t *testing.T) {
	var lines bytes.Buffer
	var around string
	h := served.Reads(func(req served.Request) (any, error) {
		return adapt.RequestID(req.Context()) + " " + req.Header("x-request-id"), nil
	})
	mux := served.NewMux(t, adapt.Config{RequestID: "x-request-ID", Logger: slog.New(slog.NewJSONHandler(&lines, nil))}, func(r *adapt.Routes) {
		r.Fetch.GET("/fetch", h.Fetch)
		r.ReqRes.GET("/reqres", h.ReqRes)
		r.Fetch.GET("/fails", func(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("no") })
	})
	outer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r)
		around = r.Header.Get("X-Request-Id")
	})
	for _, tt := range []struct {
		sent []string
		kept bool
	}{
		{nil, false}, {[]string{"abc-1_2.3:4/5+6=7@8"}, true}, {[]string{strings.Repeat("x", 128)}, true}, {[]string{strings.Repeat("x", 129)}, false},
		{[]string{""}, false}, {[]string{"a b"}, false}, {[]string{"a\"b"}, false}, {[]string{"é"}, false}, {[]string{"a\nb"}, false}, {[]string{"a,b"}, false}, {[]string{"a", "b"}, false},
	} {
		for _, path := range []string{"/fetch", "/reqres", "/fails", "/nowhere"} {
			lines.Reset()
			r := httptest.NewRequest("GET", path, nil)
			if tt.sent != nil {
				r.Header["X-Request-Id"] = tt.sent
			}
			w := httptest.NewRecorder()
			outer.ServeHTTP(w, r)
			id := w.Header().Get("X-Request-Id")
			if id == "" || around != id || tt.kept != (tt.sent != nil && id == tt.sent[0]) {
				t.Errorf("%q, %s: the answer has the id %q, around the mux it is %q", tt.sent, path, id, around)
			}
			if strings.HasSuffix(path, "s") && path != "/fails" && w.Body.String() != `"`+id+" "+id+`"` {
				t.Errorf("%q, %s: the id is %q, the handler sees %s", tt.sent, path, id, w.Body)
			}
			if path == "/fails" {
				var line map[string]any
				if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line["request_id"] != id {
					t.Errorf("%q: the log says %s, the id is %q", tt.sent, lines.String(), id)
				}
			}
		}
	}
	// In process nothing of the caller's request changes.
	req := fetch.NewRequest("GET", "/fetch", fetch.RequestHeader("A", "b"))
	res, err := mux.Fetch(req)
	if err != nil || res.Header("X-Request-Id") == "" || req.Header("X-Request-Id") != "" {
		t.Errorf("in process the answer has the id %q, the request %q (%v)", res.Header("X-Request-Id"), req.Header("X-Request-Id"), err)
	}
	if _, err := (adapt.Config{RequestID: "not a name"}).New(); err == nil || !strings.Contains(err.Error(), "Config.RequestID") {
		t.Errorf("a bad name is answered with %v", err)
	}
}

// The log of a migration names the handler that ran, and its side.
func TestD4LogNamesTheSideThatFailed(t *testing.T) {
	for stage, want := range map[migrate.Stage][2]string{migrate.Old: {"old", "adapt_test.oldFails"}, migrate.New: {"new", "adapt_test.newFails"}} {
		var lines bytes.Buffer
		mux := served.NewMux(t, adapt.Config{Logger: slog.New(slog.NewJSONHandler(&lines, nil))}, func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: stage}}}, func(r *adapt.Routes) { r.Migrate("GET", "/", oldFails, newFails) })
		})
		served.Ask(t, mux, "GET", "/")
		var line map[string]any
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line["side"] != want[0] || line["handler"] != want[1] {
			t.Errorf("at %s the log says %s, want the side %s and the handler %s", stage, lines.String(), want[0], want[1])
		}
	}
}

func oldFails(*reqres.Request, *reqres.Response) error { return errors.New("broken") }

func newFails(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("broken") }
