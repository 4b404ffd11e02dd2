package adapt_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

const plain = "text/plain;charset=UTF-8"

func TestDispatch(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
		r.Fetch.GET("/", served.Says("root"))
		r.Fetch.GET("/users/:id", served.Says("user"))
		r.Fetch.GET("/users/me", served.Says("me"))
		r.Fetch.POST("/users/:id", served.Says("post user"))
		r.Fetch.GET("/users/:uid/likes", served.Says("likes"))
		r.Fetch.GET("/files/[...path]", served.Says("files"))
		r.Fetch.GET("/files/readme", served.Says("readme"))
		r.Fetch.GET("/shop/[[...all]]", served.Says("shop"))
		r.Fetch.Any("/any/:x", served.Says("any"))
		r.Fetch.DELETE("/any/:x", served.Says("delete any"))
		r.Fetch.HEAD("/any/:x", served.Says("head any"))
		r.Fetch.GET("/dir/", served.Says("dir"))
		r.Fetch.GET("/tea", served.Says("tea"))
		r.Fetch.GET("/tea/green", served.Says("green"))
		r.Fetch.GET("/tea/black", served.Says("black"))
		r.Fetch.On("PROPFIND", "/dav", served.Says("dav"))
	})
	text := func(s string) served.Answer {
		return served.Answer{Status: 200, Header: served.Header("Content-Type", plain), Body: s}
	}
	notFound := served.JSONError(404, "Not Found")
	notAllowed := func(method, allow string) served.Answer {
		a := served.JSONError(405, method+" is not supported here, but "+allow)
		a.Header.Set("Allow", allow)
		return a
	}
	redirect := func(to string) served.Answer {
		return served.Answer{Status: 308, Header: served.Header("Location", to), Body: ""}
	}
	allow := func(s string) served.Answer {
		return served.Answer{Status: 204, Header: served.Header("Allow", s), Body: ""}
	}
	tests := []struct {
		rule, method, target string
		want                 served.Answer
	}{
		{"the root", "GET", "/", text("root")},
		{"a parameter", "GET", "/users/7", text("user")},
		{"a literal before a parameter", "GET", "/users/me", text("me")},
		{"method first: the literal has no POST, so the parameter serves it", "POST", "/users/me", text("post user")},
		{"a failed specific route falls through", "GET", "/users/me/likes", text("likes")},
		{"a catch-all", "GET", "/files/a/b", text("files")},
		{"a literal before a catch-all", "GET", "/files/readme", text("readme")},
		{"a catch-all needs a segment", "GET", "/files", notFound},
		{"an optional catch-all needs none", "GET", "/shop", text("shop")},
		{"Any serves a method of its own", "PROPFIND", "/any/1", text("any")},
		{"a verb beats Any", "DELETE", "/any/1", text("delete any")},
		{"Any serves OPTIONS", "OPTIONS", "/any/1", text("any")},
		{"an unusual method", "PROPFIND", "/dav", text("dav")},
		{"no such path", "GET", "/nowhere", notFound},
		{"no such path, whatever the method", "OPTIONS", "/nowhere", notFound},
		{"405 with what is allowed", "PUT", "/users/7", notAllowed("PUT", "GET, HEAD, OPTIONS, POST")},
		{"Allow is the union over all patterns that match", "PUT", "/users/me", notAllowed("PUT", "GET, HEAD, OPTIONS, POST")},
		{"an unknown method", "FOO", "/dav", notAllowed("FOO", "OPTIONS, PROPFIND")},
		{"OPTIONS is served by the table", "OPTIONS", "/users/me", allow("GET, HEAD, OPTIONS, POST")},
		{"a trailing slash that no route wants", "GET", "/users/7/?a=b&c", redirect("/users/7?a=b&c")},
		{"a trailing slash before routes that have it inside", "GET", "/tea/", redirect("/tea")},
		{"a trailing slash that is missing", "GET", "/dir?x", redirect("/dir/?x")},
		{"a redirect keeps the method", "POST", "/users/7/", redirect("/users/7")},
		{"a redirect never leaves the host", "GET", "//evil.example/", notFound},
		{"dot segments lead to the path without them", "GET", "/files/../users/%2e%2E/users/me", redirect("/users/me")},
		{"an escaped slash is part of its segment", "GET", "/users/a%2Fb", text("user")},
		{"an empty segment is not a parameter", "GET", "/users//likes", notFound},
		{"a parameter that is not UTF-8", "GET", "/users/%ff", served.JSONError(400, `the path parameter "id" is not valid percent-encoded UTF-8`)},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, served.Ask(t, mux, tt.method, tt.target)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.target, diff)
			}
		})
	}
}

func TestHEADIsServedByGET(t *testing.T) {
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			return res.Set("X-Method", req.Method()).Type("text/plain;charset=UTF-8").Send("body")
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text("body", fetch.SetHeader("X-Method", req.Method()))
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{ReqRes: reqres.Settings{ETag: reqres.NoETag}}, func(t *testing.T, s *httptest.Server) {
		r, _ := http.NewRequest("HEAD", s.URL+"/", nil)
		got := served.Do(t, s.Client(), r)
		got.Header.Set("Content-Type", plain) // the two shapes write it differently
		want := served.Answer{Status: 200, Header: served.Header("Content-Length", "4", "Content-Type", plain, "X-Method", "HEAD"), Body: ""}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// trace is middleware of each kind that leaves its name.
type trace struct {
	mu    sync.Mutex
	names []string
}

func (t *trace) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = append(t.names, name)
}

func (t *trace) fetch(name string) fetch.Middleware {
	return func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) { t.add(name); return next(req) }
	}
}

func (t *trace) reqres(name string) reqres.Middleware {
	return func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error { t.add(name); return next(req, res) }
	}
}

func (t *trace) http(name string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.add(name); next.ServeHTTP(w, r) })
	}
}

// A Use guards every route of its scope and of the scopes in it, whatever the shapes, in the order
// of the lines.
func TestUseGuardsTheScope(t *testing.T) {
	var tr trace
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.UseFetch(tr.fetch("1 fetch"))
		r.UseReqRes(tr.reqres("2 reqres"), tr.reqres("3 reqres"))
		r.Use(tr.http("4 http"))
		r.UseBoth(tr.fetch("5 fetch"), tr.reqres("5 reqres"))
		r.Scope(adapt.Scope{Prefix: "/in"}, func(r *adapt.Routes) {
			r.UseFetch(tr.fetch("6 fetch"))
			r.ReqRes.GET("/r", served.OldSays("x"))
			r.Migrate("GET", "/m", served.OldSays("x"), served.Says("x"))
		})
		r.Fetch.GET("/f", served.Says("x"))
		r.ReqRes.GET("/r", served.OldSays("x"))
		r.Handle("GET", "/h", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") }))
	}, func(r *adapt.Routes) {
		r.Fetch.GET("/other", served.Says("x"))
	})
	outer := []string{"1 fetch", "2 reqres", "3 reqres", "4 http"}
	for path, want := range map[string][]string{
		"/f":       append(slices.Clone(outer), "5 fetch"),
		"/r":       append(slices.Clone(outer), "5 reqres"),
		"/h":       append(slices.Clone(outer), "5 reqres"),
		"/in/r":    append(slices.Clone(outer), "5 fetch", "6 fetch"),
		"/in/m":    append(slices.Clone(outer), "5 fetch", "6 fetch"),
		"/other":   nil,
		"/nowhere": nil,
	} {
		tr.names = nil
		served.Ask(t, mux, "GET", path)
		if diff := cmp.Diff(want, tr.names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestScopes(t *testing.T) {
	body := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			s, err := req.Text()
			if err != nil {
				return err
			}
			return res.Send(s)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			s, err := req.Text()
			if err != nil {
				return nil, err
			}
			return fetch.Text(s)
		},
	}
	mux := served.NewMux(t, adapt.Config{Limits: adapt.Limits{Body: 10}}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/api", Owner: "core"}, func(r *adapt.Routes) {
			r.Fetch.GET("/", served.Says("api"))
			r.Fetch.POST("/small", body.Fetch)
			r.Scope(adapt.Scope{Prefix: "/big/", Limits: adapt.Limits{Body: 100}, Owner: "media"}, func(r *adapt.Routes) {
				r.ReqRes.POST("/:name", body.ReqRes)
			})
			r.Scope(adapt.Scope{Prefix: "/free", Limits: adapt.Limits{Body: -1}}, func(r *adapt.Routes) {
				r.ReqRes.POST("/:name", body.ReqRes)
			})
		})
	})
	post := func(path string, n int) int {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest("POST", path, strings.NewReader(strings.Repeat("x", n))))
		return rec.Code
	}
	for _, tt := range []struct {
		rule, path string
		n, want    int
	}{
		{"the mux's limit holds in a scope that has none", "/api/small", 10, 200},
		{"one byte more", "/api/small", 11, 413},
		{"a scope's own limit", "/api/big/x", 100, 200},
		{"one byte more", "/api/big/x", 101, 413},
		{"a negative limit is none", "/api/free/x", 10 << 20, 200},
	} {
		if got := post(tt.path, tt.n); got != tt.want {
			t.Errorf("%s: %d bytes to %s: %d, want %d", tt.rule, tt.n, tt.path, got, tt.want)
		}
	}
	if got := served.Ask(t, mux, "GET", "/api").Body; got != "api" {
		t.Errorf("the path / of a scope is not its prefix: %q", got)
	}
	var owners []string
	for route := range mux.Routes() {
		owners = append(owners, route.Pattern+" "+route.Owner)
	}
	want := []string{"/api core", "/api/small core", "/api/big/:name media", "/api/free/:name core"}
	if diff := cmp.Diff(want, owners); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
}

func TestMount(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %q %q", r.Method, r.URL.Path, r.URL.RawPath, r.URL.RawQuery)
	})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/legacy/new", served.Says("new"))
		r.Mount("/legacy", echo)
		r.Scope(adapt.Scope{Prefix: "/scope"}, func(r *adapt.Routes) { r.Mount("/in/", echo) })
	})
	for target, want := range map[string]string{
		"/legacy/":           `GET / "" ""`,
		"/legacy/a/b%2Fc?q":  `GET /a/b/c "/a/b%2Fc" "q"`,
		"/legacy/dir/":       `GET /dir/ "" ""`,
		"/legacy/new":        "new",
		"/scope/in/x":        `GET /x "" ""`,
		"/legacy/../legacy/": `GET /../legacy/ "" ""`,
	} {
		if got := served.Ask(t, mux, "GET", target).Body; got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	if got := served.Ask(t, mux, "PURGE", "/legacy/x").Body; !strings.HasPrefix(got, "PURGE /x") {
		t.Errorf("a mounted handler serves all methods: %s", got)
	}
}

// Handlers of net/http and httprouter are as good an old side as any, and see their parameters.
func TestForeignHandlers(t *testing.T) {
	std := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.PathValue("id"), " ", httprouter.ParamsFromContext(r.Context()).ByName("id"))
	})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Handle("GET", "/handle/:id", std)
		r.ReqRes.GET("/reqres/:id", reqres.FromHTTP(std))
		r.Fetch.GET("/fetch/:id", fetch.FromHTTP(std))
		r.Fetch.GET("/wrapped/:id", served.PassFetch(fetch.FromHTTP(std)))
		r.Migrate("GET", "/migrate/:id", reqres.FromHTTP(std), served.Says("x"))
	})
	for _, path := range []string{"handle", "reqres", "fetch", "wrapped", "migrate"} {
		got := served.Ask(t, mux, "GET", "/"+path+"/a%2Fb")
		if want := (served.Answer{Status: 200, Header: served.Header("Content-Type", "text/plain; charset=utf-8"), Body: "a/b a/b"}); got.Body != want.Body || got.Status != 200 {
			t.Errorf("%s (-want +got):\n%s", path, cmp.Diff(want, got))
		}
	}
	under := http.NewServeMux()
	under.Handle("GET /x/{id}", fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Param("id")) }))
	under.Handle("GET /y/{id}", reqres.Handler(func(req *reqres.Request, res *reqres.Response) error { return res.Send(req.Param("id")) }))
	for _, path := range []string{"/x/7", "/y/7"} {
		if got := served.Ask(t, under, "GET", path).Body; got != "7" {
			t.Errorf("under http.ServeMux, %s: Param is %q, want the path value", path, got)
		}
	}
}

// A round trip is the original, and names survive it.
func TestRoundTrips(t *testing.T) {
	old, next := served.OldSays("old"), served.Says("new")
	if got := served.Ask(t, adapt.ToReqRes(adapt.ToFetch(old)), "GET", "/"); got.Body != "old" {
		t.Errorf("reqres there and back: %+v", got)
	}
	if got := served.Ask(t, adapt.ToFetch(adapt.ToReqRes(adapt.ToFetch(adapt.ToReqRes(next)))), "GET", "/"); got.Body != "new" {
		t.Errorf("fetch there and back, twice: %+v", got)
	}
	called := false
	user := fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { called = true; return nil, nil })
	adapt.ToReqRes(user)
	if called {
		t.Error("a conversion has called the user's handler")
	}
	allocs := testing.AllocsPerRun(100, func() { adapt.ToReqRes(adapt.ToFetch(old)) })
	engine := testing.AllocsPerRun(100, func() { adapt.ToFetch(old) })
	if allocs > 2*engine+4 {
		t.Errorf("a round trip makes %v allocations", allocs)
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/a", adapt.ToFetch(named))
		r.ReqRes.GET("/b", adapt.ToReqRes(adapt.ToFetch(named)))
		r.Handle("GET", "/c", http.HandlerFunc(http.NotFound))
		r.ReqRes.GET("/d", reqres.FromHTTP(http.HandlerFunc(http.NotFound)))
	})
	var names []string
	for route := range mux.Routes() {
		names = append(names, route.Handler)
	}
	if diff := cmp.Diff([]string{"adapt_test.named", "adapt_test.named", "http.NotFound", "http.NotFound"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func named(_ *reqres.Request, res *reqres.Response) error { return res.End() }

// In process, a service answers as on the wire.
func TestFetchAnswersAsOnTheWire(t *testing.T) {
	hooked := func(_ *http.Request, status int, h http.Header) { h.Set("X-Hook", fmt.Sprint(status)) }
	var l served.Logs
	mux := served.NewMux(t, adapt.Config{Logger: l.Logger()}, func(r *adapt.Routes) {
		r.OnHead(hooked)
		r.Fetch.GET("/fetch/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Param("id")) })
		r.ReqRes.GET("/reqres/:id", func(req *reqres.Request, res *reqres.Response) error { return res.Send(req.Param("id")) })
		r.Fetch.GET("/error", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(418, "no") })
		r.ReqRes.GET("/error2", func(*reqres.Request, *reqres.Response) error { return reqres.Errorf(418, "no") })
		r.Fetch.GET("/panic", func(*fetch.Request) (*fetch.Response, error) { panic("secret") })
		r.ReqRes.GET("/panic2", func(*reqres.Request, *reqres.Response) error { panic("secret") })
		r.Fetch.GET("/nil", func(*fetch.Request) (*fetch.Response, error) { return nil, nil })
		r.ReqRes.GET("/nil2", func(*reqres.Request, *reqres.Response) error { return nil })
		r.Handle("GET", "/http", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<p>") }))
	})
	for _, method := range []string{"GET", "HEAD", "PUT", "OPTIONS"} {
		for _, path := range []string{"/fetch/1", "/reqres/1", "/error", "/error2", "/panic", "/panic2", "/nil", "/nil2", "/nowhere", "/fetch/1/", "/fetch/%ff", "/http"} {
			wire := served.Ask(t, mux, method, path)
			res, err := mux.Fetch(fetch.NewRequest(method, path))
			if err != nil {
				t.Errorf("%s %s: %v", method, path, err)
				continue
			}
			body, err := res.Text()
			if err != nil {
				t.Errorf("%s %s: %v", method, path, err)
			}
			if method == "HEAD" {
				wire.Body, body = "", ""
			}
			got := served.Answer{Status: res.Status(), Header: res.Headers().HTTP(), Body: body}
			for _, h := range []http.Header{got.Header, wire.Header} {
				h.Del("Content-Length") // net/http adds it as it sends
				if path == "/http" {
					h.Del("Content-Type") // and guesses this one
				}
			}
			if diff := cmp.Diff(wire, got); diff != "" {
				t.Errorf("%s %s (-wire +in process):\n%s", method, path, diff)
			}
		}
	}
	if strings.Contains(l.String(), "secret") != true {
		t.Error("a panic is not in the log")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for rule, req := range map[string]*fetch.Request{
		"a nil request":             nil,
		"a bad target":              fetch.NewRequest("GET", "no slash"),
		"a bad method":              fetch.NewRequest("G T", "/"),
		"a bad header":              fetch.NewRequest("GET", "/").WithHeader("A", "b\nc"),
		"a context that has ended":  fetch.NewRequest("GET", "/fetch/1").WithContext(ctx),
		"credentials in the target": fetch.NewRequest("GET", "http://a:b@h/"),
	} {
		if res, err := mux.Fetch(req); err == nil {
			t.Errorf("%s: answered %d, want an error", rule, res.Status())
		}
	}
}

type coded int

func (coded) Error() string     { return "secret" }
func (c coded) StatusCode() int { return int(c) }

// ErrorResponse is told what a client may read, whatever the error is, and the error itself.
func TestErrorResponseIsTold(t *testing.T) {
	type told struct {
		Status  int
		Message string
		Fields  map[string]string
	}
	for rule, c := range map[string]struct {
		err  error
		want told
	}{
		"a message for clients":          {fmt.Errorf("at home: %w", crossfade.Errorf(404, "no such cat")), told{404, "no such cat", nil}},
		"fields":                         {crossfade.Invalid(map[string]string{"name": "is missing"}), told{400, "invalid input: name: is missing", map[string]string{"name": "is missing"}}},
		"a message that is not for them": {&crossfade.Error{Status: 503, Message: "secret", Fields: map[string]string{"a": "secret"}}, told{503, "Service Unavailable", nil}},
		"an error of any kind":           {errors.New("secret"), told{500, "Internal Server Error", nil}},
		"with a status":                  {coded(409), told{409, "Conflict", nil}},
		"with one that is not an error":  {coded(200), told{500, "Internal Server Error", nil}},
		"a body that is too large":       {&http.MaxBytesError{Limit: 1}, told{413, "Request Entity Too Large", nil}},
	} {
		var got told
		config := adapt.Config{Logger: slog.New(slog.DiscardHandler), ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
			e, _ := errors.AsType[*crossfade.Error](err)
			got = told{e.Status, e.Message, e.Fields}
			if !errors.Is(err, c.err) || err.Error() != c.err.Error() {
				t.Errorf("%s: ErrorResponse gets %q, not the error %q", rule, err, c.err)
			}
			return nil
		}}
		mux, err := config.New(func(r *adapt.Routes) {
			r.Fetch.GET("/", func(*fetch.Request) (*fetch.Response, error) { return nil, c.err })
		})
		if err != nil {
			t.Fatal(err)
		}
		res, err := mux.Fetch(fetch.NewRequest("GET", "/"))
		if err != nil || res.Status() != c.want.Status {
			t.Errorf("%s: answered %v, %v", rule, res, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", rule, diff)
		}
	}
}

func TestConfigErrorResponse(t *testing.T) {
	c := adapt.Config{
		ErrorResponse: func(req *fetch.Request, err error) *fetch.Response {
			if req.Query("default") != "" {
				return nil
			}
			return fetch.Must(fetch.Text("custom: "+err.Error()+" "+req.Path(), fetch.Status(599)))
		},
		NotFound: served.Says("nothing here"),
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Cache-Control", "public").Set("X-Kept", "1").Err()
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
	}
	served.Everywhere(t, "GET", "/none", h, c, func(t *testing.T, s *httptest.Server) {
		r, _ := http.NewRequest("GET", s.URL+"/none", nil)
		got := served.Do(t, s.Client(), r)
		got.Header.Del("X-Kept") // what middleware of the mutable shape has set stays
		want := served.Answer{Status: 599, Header: served.Header("Content-Type", plain, "Content-Length", "53"), Body: "custom: the handler returned without an answer /none"}
		want.Header.Set("Content-Length", fmt.Sprint(len(want.Body)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		r, _ = http.NewRequest("GET", s.URL+"/none?default=1", nil)
		if got := served.Do(t, s.Client(), r); got.Status != 500 {
			t.Errorf("ErrorResponse returned nil, and the answer is %+v", got)
		}
		r, _ = http.NewRequest("GET", s.URL+"/nowhere", nil)
		if got := served.Do(t, s.Client(), r); got.Body != "nothing here" {
			t.Errorf("NotFound: %+v", got)
		}
	})
}

func TestAfterAndShutdown(t *testing.T) {
	ran := make(chan string, 10)
	release := make(chan struct{})
	after := func(ctx context.Context, name string) error {
		return adapt.After(ctx, func(ctx context.Context) {
			<-release
			<-ctx.Done()
			ran <- name
		})
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/fetch", func(req *fetch.Request) (*fetch.Response, error) {
			if err := after(req.Context(), "fetch"); err != nil {
				return nil, err
			}
			return fetch.NoContent()
		})
		r.ReqRes.GET("/reqres", func(req *reqres.Request, res *reqres.Response) error {
			if err := after(req.Context(), "reqres"); err != nil {
				return err
			}
			return res.Status(204).End()
		})
		r.Fetch.GET("/panic", func(req *fetch.Request) (*fetch.Response, error) {
			adapt.After(req.Context(), func(context.Context) { panic("after") })
			return fetch.NoContent()
		})
	})
	for _, path := range []string{"/fetch", "/reqres", "/panic"} {
		if got := served.Ask(t, mux, "GET", path); got.Status != 204 {
			t.Errorf("%s: %+v; want an answer that does not wait", path, got)
		}
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := mux.Shutdown(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown returned %v while work was under way", err)
	}
	close(release)
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Errorf("the second Shutdown: %v", err)
	}
	got := []string{<-ran, <-ran}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"fetch", "reqres"}, got); diff != "" {
		t.Errorf("work that ran and was told to stop (-want +got):\n%s", diff)
	}
	if got := served.Ask(t, mux, "GET", "/fetch"); got.Status != 500 {
		t.Errorf("After accepted work after Shutdown: %+v", got)
	}
	if err := adapt.After(t.Context(), func(context.Context) {}); err == nil {
		t.Error("After accepted a context that belongs to no request")
	}
}

// Requests that are kept after their handlers have returned never see another request's data:
// nothing that a handler can hold is reused.
func TestKeptRequestsStayTheirOwn(t *testing.T) {
	var mu sync.Mutex
	kept := map[string]served.Request{}
	h := served.Reads(nil)
	keep := func(req served.Request) {
		mu.Lock()
		defer mu.Unlock()
		kept[req.Param("id")] = req
	}
	h.ReqRes = func(req *reqres.Request, res *reqres.Response) error { keep(req); return res.Send(req.Param("id")) }
	h.Fetch = func(req *fetch.Request) (*fetch.Response, error) { keep(req); return fetch.Text(req.Param("id")) }
	served.Everywhere(t, "GET", "/:id", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		clear(kept)
		for i := range 20 {
			id := fmt.Sprintf("user-%d", i)
			r, _ := http.NewRequest("GET", s.URL+"/"+id+"?q="+id, nil)
			r.Header.Set("X-Id", id)
			if got := served.Do(t, s.Client(), r).Body; got != id {
				t.Fatalf("answered %q to %q", got, id)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for id, req := range kept {
			if req.Param("id") != id || req.Query("q") != id || req.Header("X-Id") != id {
				t.Errorf("the request of %s now says %s %s %s", id, req.Param("id"), req.Query("q"), req.Header("X-Id"))
			}
		}
		if len(kept) != 20 {
			t.Errorf("%d requests kept", len(kept))
		}
	})
}

// The mux is safe for concurrent use, also while a migration switches.
func TestConcurrentRequestsAndASwitchingMigration(t *testing.T) {
	var pair *migrate.Pair
	key := func(r *http.Request) (string, bool) { return r.URL.Query().Get("k"), true }
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Key: key}}, func(r *adapt.Routes) {
			pair = r.Migrate("GET", "/m", served.OldSays("old"), served.Says("new"))
		})
		r.Fetch.GET("/converted", adapt.ToFetch(served.PassReqRes(adapt.ToReqRes(served.Says("x")))))
	})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				if got := served.Ask(t, mux, "GET", fmt.Sprintf("/m?k=%d", i)).Body; got != "old" && got != "new" {
					t.Errorf("answered %q", got)
				}
				if got := served.Ask(t, mux, "GET", "/converted").Body; got != "x" {
					t.Errorf("answered %q", got)
				}
			}
		})
	}
	for range 50 {
		for _, plan := range []migrate.Plan{{Stage: migrate.Canary, Share: 0.5}, {Stage: migrate.New}, {}} {
			if err := pair.Set(plan, "test"); err != nil {
				t.Error(err)
			}
		}
	}
	wg.Wait()
	pair.Kill("end", "test")
	if got := served.Ask(t, mux, "GET", "/m?k=1").Body; got != "old" {
		t.Errorf("after Kill: %q", got)
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
