package adapt_test

// Guards, and the routes of With: who is let in, what a handler sees of it, and what it costs.

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
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

type userKey struct{}

// requireUser is the guard of a service.
func requireUser(r *http.Request) (context.Context, error) {
	user := r.Header.Get("X-User")
	if user == "" {
		return nil, fetch.Errorf(401, "log in first")
	}
	return context.WithValue(r.Context(), userKey{}, user), nil
}

func userOf(ctx context.Context) string {
	user, _ := ctx.Value(userKey{}).(string)
	return user
}

// guarded registers an endpoint of each kind below a prefix, which answers with the user that it
// sees.
func guarded(r *adapt.Routes) {
	old := func(req *reqres.Request, res *reqres.Response) error {
		return res.Type("txt").Send(userOf(req.Context()))
	}
	next := func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(userOf(req.Context())) }
	std := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, userOf(r.Context())) })
	r.ReqRes.Any("/reqres/:id", old)
	r.Fetch.Any("/fetch/:id", next)
	r.Handle("GET", "/http/:id", std)
	r.Mount("/mount", std)
	r.Legacy("/app", adapt.App{Handler: std})
	r.ReqRes.Any("/to-reqres/:id", adapt.ToReqRes(next))
	r.Fetch.Any("/to-fetch/:id", adapt.ToFetch(old))
	r.Fetch.Any("/from-http/:id", fetch.FromHTTP(std))
	for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Live, migrate.New} {
		r.Scope(adapt.Scope{Prefix: "/" + stage.String(), Migration: migrate.Config{Plan: migrate.Plan{Stage: stage}}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/:id", old, next)
		})
	}
}

var guardedPaths = []string{
	"/reqres/1", "/fetch/1", "/http/1", "/mount/1", "/app/1", "/to-reqres/1", "/to-fetch/1", "/from-http/1", "/old/1", "/shadow/1", "/live/1", "/new/1",
}

// chains are the places in which a guard may stand.
var chains = map[string]func(r *adapt.Routes){
	"alone":                      func(r *adapt.Routes) { r.Guard(requireUser) },
	"behind another guard":       func(r *adapt.Routes) { r.Guard(passGuard); r.Guard(requireUser) },
	"before fetch middleware":    func(r *adapt.Routes) { r.Guard(requireUser); r.UseFetch(served.PassFetch) },
	"before reqres middleware":   func(r *adapt.Routes) { r.Guard(requireUser); r.UseReqRes(served.PassReqRes) },
	"before net/http middleware": func(r *adapt.Routes) { r.Guard(requireUser); r.Use(served.PassHTTP) },
	"behind fetch middleware":    func(r *adapt.Routes) { r.UseFetch(served.PassFetch); r.Guard(requireUser) },
	"behind reqres middleware":   func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes); r.Guard(requireUser) },
	"behind net/http middleware": func(r *adapt.Routes) { r.Use(served.PassHTTP); r.Guard(requireUser) },
	"behind both":                func(r *adapt.Routes) { r.UseBoth(served.PassFetch, served.PassReqRes); r.Guard(requireUser) },
	"between": func(r *adapt.Routes) {
		r.UseFetch(served.PassFetch)
		r.Use(served.PassHTTP)
		r.Guard(requireUser)
		r.UseReqRes(served.PassReqRes)
	},
}

func passGuard(*http.Request) (context.Context, error) { return nil, nil }

func askAs(h http.Handler, method, target, user string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	if user != "" {
		r.Header.Set("X-User", user)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A guard stands before every kind of handler, wherever its line is, and what it puts into the
// context is seen there.
func TestGuardOfEveryShape(t *testing.T) {
	for name, chain := range chains {
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { chain(r); guarded(r) })
		for _, path := range guardedPaths {
			if w := askAs(mux, "GET", path, "ada"); w.Code != 200 || w.Body.String() != "ada" {
				t.Errorf("%s, %s: let in with %d %q", name, path, w.Code, w.Body)
			}
			if w := askAs(mux, "GET", path, ""); w.Code != 401 || w.Body.String() != `{"error":"log in first"}` {
				t.Errorf("%s, %s: refused with %d %q", name, path, w.Code, w.Body)
			}
			res, err := mux.Fetch(fetch.NewRequest("GET", path, fetch.RequestHeader("X-User", "ada")))
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := res.Text(); res.Status() != 200 || text != "ada" {
				t.Errorf("%s, %s in process: let in with %d %q", name, path, res.Status(), text)
			}
			if res, err = mux.Fetch(fetch.NewRequest("GET", path)); err != nil || res.Status() != 401 {
				t.Errorf("%s, %s in process: refused with %d, %v", name, path, res.Status(), err)
			}
			res.Close()
		}
		shutdown(t, mux)
	}
}

func shutdown(t testing.TB, mux *adapt.Mux) {
	t.Helper()
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// The answers of a guard are answers like those of a handler.
func TestGuardAnswers(t *testing.T) {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example"}})
	if err != nil {
		t.Fatal(err)
	}
	other, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		rule  string
		guard func(*http.Request) (context.Context, error)
		want  served.Answer
		log   string
	}{
		{"an error of ours", requireUser, served.JSONError(401, "log in first"), ""},
		{"any error is a 500", func(*http.Request) (context.Context, error) { return nil, errors.New("secret") }, served.JSONError(500, "Internal Server Error"), "secret"},
		{"a panic is one too", func(*http.Request) (context.Context, error) { panic("secret") }, served.JSONError(500, "Internal Server Error"), "secret"},
		{"a redirect", func(*http.Request) (context.Context, error) { return nil, fetch.AsError(fetch.Redirect("/login")) },
			served.Answer{Status: 302, Header: served.Header("Location", "/login")}, ""},
		{"a context from elsewhere", func(*http.Request) (context.Context, error) { return other, nil },
			served.JSONError(500, "Internal Server Error"), "is not made from that of its request"},
		{"a context from elsewhere that lives", func(*http.Request) (context.Context, error) { return context.Background(), nil },
			served.JSONError(500, "Internal Server Error"), "returned a context that is not made from that of its request: make it with r.Context() as the parent"},
	}
	for _, tt := range tests {
		for name, before := range map[string]func(r *adapt.Routes){
			"first": func(*adapt.Routes) {}, "behind fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) },
			"behind reqres": func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes) }, "behind net/http": func(r *adapt.Routes) { r.Use(served.PassHTTP) },
		} {
			var log strings.Builder
			config := adapt.Config{Answers: adapt.Standard, CORS: policy, Logger: slog.New(slog.NewTextHandler(&log, nil))}
			mux := served.NewMux(t, config, func(r *adapt.Routes) { before(r); r.Guard(tt.guard); guarded(r) })
			for _, path := range guardedPaths {
				log.Reset()
				w := askAs(mux, "GET", path, "", "Origin", "https://app.example")
				got := served.Answer{Status: w.Code, Header: served.Clean(w.Result().Header), Body: w.Body.String()}
				if origin := got.Header.Get("Access-Control-Allow-Origin"); origin != "https://app.example" {
					t.Errorf("%s, %s, %s: scripts of %q may read it", tt.rule, name, path, origin)
				}
				for _, h := range []string{"Access-Control-Allow-Origin", "Vary"} {
					got.Header.Del(h)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s, %s, %s (-want +got):\n%s", tt.rule, name, path, diff)
				}
				if !strings.Contains(log.String(), tt.log) || tt.log == "" && log.Len() > 0 {
					t.Errorf("%s, %s, %s: the log says %q", tt.rule, name, path, log.String())
				}
			}
			shutdown(t, mux)
		}
	}
}

// What belongs to no route runs no guard.
func TestGuardIsForRoutes(t *testing.T) {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example"}, Methods: []string{"PUT"}})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	mux := served.NewMux(t, adapt.Config{CORS: policy}, func(r *adapt.Routes) {
		r.Guard(func(*http.Request) (context.Context, error) { asked++; return nil, fetch.Errorf(401, "no") })
		r.Fetch.GET("/a", served.Says("x"))
		r.Fetch.PUT("/a", served.Says("x"))
		r.Fetch.GET("/x/:id", served.Says("x"))
	})
	for _, tt := range []struct {
		method, target string
		status, asked  int
	}{
		{"GET", "/nowhere", 404, 0}, {"POST", "/a", 405, 0}, {"OPTIONS", "/a", 204, 0}, {"GET", "/a/", 308, 0}, {"GET", "/y/../a", 308, 0}, {"GET", "/x/%ff", 400, 0},
		{"GET", "/a", 401, 1}, {"HEAD", "/a", 401, 1},
	} {
		asked = 0
		if w := askAs(mux, tt.method, tt.target, ""); w.Code != tt.status || asked != tt.asked {
			t.Errorf("%s %s: %d, and the guard was asked %d times; want %d and %d", tt.method, tt.target, w.Code, asked, tt.status, tt.asked)
		}
	}
	asked = 0
	if w := askAs(mux, "OPTIONS", "/a", "", "Origin", "https://app.example", "Access-Control-Request-Method", "PUT"); w.Code != 204 || asked != 0 {
		t.Errorf("a preflight: %d, and the guard was asked %d times", w.Code, asked)
	}
}

// A guard is asked once, with what was matched, before anybody reads the body, and in its turn.
func TestGuardSeesTheRequest(t *testing.T) {
	var saw []string
	note := func(name string) func(*http.Request) (context.Context, error) {
		return func(r *http.Request) (context.Context, error) {
			saw = append(saw, fmt.Sprintf("%s %s %s %s", name, r.Pattern, r.PathValue("id"), userOf(r.Context())))
			return context.WithValue(r.Context(), userKey{}, userOf(r.Context())+name), nil
		}
	}
	around := func(ctx context.Context, next func(ctx context.Context)) {
		saw = append(saw, "middleware "+userOf(ctx))
		next(context.WithValue(ctx, userKey{}, userOf(ctx)+"m"))
		saw = append(saw, "and again "+userOf(ctx))
	}
	inFetch := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (res *fetch.Response, err error) {
			around(req.Context(), func(ctx context.Context) { res, err = next(req.WithContext(ctx)) })
			return res, err
		}
	}
	inReqRes := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) (err error) {
			around(req.Context(), func(ctx context.Context) { req.SetContext(ctx); err = next(req, res) })
			return err
		}
	}
	middlewares := map[string]func(r *adapt.Routes){
		"UseFetch": func(r *adapt.Routes) { r.UseFetch(inFetch) }, "UseReqRes": func(r *adapt.Routes) { r.UseReqRes(inReqRes) },
		"UseBoth": func(r *adapt.Routes) { r.UseBoth(inFetch, inReqRes) },
		"Use": func(r *adapt.Routes) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					around(r.Context(), func(ctx context.Context) { next.ServeHTTP(w, r.WithContext(ctx)) })
				})
			})
		},
	}
	h := served.Reads(func(req served.Request) (any, error) { return req.Param("id") + userOf(req.Context()), nil })
	for shape, register := range map[string]func(r *adapt.Routes){
		"fetch":     func(r *adapt.Routes) { r.Fetch.POST("/u/:id", h.Fetch) },
		"reqres":    func(r *adapt.Routes) { r.ReqRes.POST("/u/:id", h.ReqRes) },
		"migration": func(r *adapt.Routes) { r.Migrate("POST", "/u/:id", h.ReqRes, h.Fetch) },
	} {
		for kind, use := range middlewares {
			saw = nil
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				r.Guard(note("A"))
				use(r)
				r.Guard(note("B"))
				r.Scope(adapt.Scope{}, func(r *adapt.Routes) { r.Guard(note("C")); register(r) })
			})
			r := httptest.NewRequest("POST", "/u/a%2Fb", strings.NewReader("body"))
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			want := []string{"A POST /u/:id a/b ", "middleware A", "B POST /u/:id a/b Am", "C POST /u/:id a/b AmB", "and again A"}
			if diff := cmp.Diff(want, saw); diff != "" || w.Body.String() != `"a/bAmBC"` {
				t.Errorf("%s behind %s: %s (-want +saw):\n%s", shape, kind, w.Body, diff)
			}
			if r.Pattern != "POST /u/:id" || r.PathValue("id") != "a/b" {
				t.Errorf("%s behind %s: around the mux the request has the pattern %q and the id %q", shape, kind, r.Pattern, r.PathValue("id"))
			}
		}
	}
	// A malformed body is none of a stranger's business.
	mux := served.NewMux(t, adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}, func(r *adapt.Routes) {
		r.Guard(requireUser)
		r.ReqRes.POST("/", served.OldSays("x"))
	})
	body := &counting{Reader: strings.NewReader("{")}
	r := httptest.NewRequest("POST", "/", body)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != 401 || body.n != 0 {
		t.Errorf("answered %d after %d bytes of the body were read", w.Code, body.n)
	}
}

type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// Middleware of one route stands inside that of its scope; names and the order of lines are as
// without it.
func TestWith(t *testing.T) {
	var tr trace
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.UseFetch(tr.fetch("scope"))
		r.With(tr.http("http")).ReqRes.POST("/http", login)
		r.Fetch.With(tr.fetch("fetch")).GET("/fetch", served.Says("x"))
		r.ReqRes.With(tr.reqres("reqres"), tr.reqres("reqres 2")).GET("/reqres", named)
		r.WithGuard(requireUser).ReqRes.GET("/guard", named)
		r.With(tr.http("a")).With(tr.http("b")).WithGuard(passGuard).Migrate("GET", "/pair", named, served.Says("x"))
		r.ReqRes.GET("/plain", named)
		with := r.With(tr.http("shared"))
		with.Fetch.GET("/one", served.Says("x"))
		with.ReqRes.Route("/two", reqres.Methods{GET: named})
		with.Mount("/three", http.NotFoundHandler())
	})
	for _, tt := range []struct {
		method, path string
		want         []string
	}{
		{"POST", "/http", []string{"scope", "http"}}, {"GET", "/fetch", []string{"scope", "fetch"}}, {"GET", "/reqres", []string{"scope", "reqres", "reqres 2"}},
		{"GET", "/guard", []string{"scope"}}, {"GET", "/pair", []string{"scope", "a", "b"}}, {"GET", "/plain", []string{"scope"}},
		{"GET", "/one", []string{"scope", "shared"}}, {"GET", "/two", []string{"scope", "shared"}}, {"GET", "/three/x", []string{"scope", "shared"}},
	} {
		tr.names = nil
		served.Ask(t, mux, tt.method, tt.path)
		if diff := cmp.Diff(tt.want, tr.names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
	}
	if got := served.Ask(t, mux, "GET", "/guard").Status; got != 401 {
		t.Errorf("WithGuard lets in with %d", got)
	}
	var names []string
	for route := range mux.Routes() {
		names = append(names, route.Handler)
		if !strings.HasPrefix(route.Source, "chain_test.go:") {
			t.Errorf("%v is registered elsewhere", route)
		}
	}
	if names[0] != "adapt_test.login" || names[2] != "adapt_test.named" || names[3] != "adapt_test.named" {
		t.Errorf("the handlers are called %q", names)
	}
}

func login(_ *reqres.Request, res *reqres.Response) error { return res.Send("in") }

// A guard costs no allocation of its own, whether it passes on a context or not.
func TestGuardAllocatesNothing(t *testing.T) {
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(204) },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return noContent, nil },
	}
	var last context.Context
	same := func(r *http.Request) (context.Context, error) { return nil, nil }
	known := func(r *http.Request) (context.Context, error) { // that costs what context.WithValue does, and no more
		last = context.WithValue(r.Context(), userKey{}, "ada")
		return last, nil
	}
	allocs := func(register func(r *adapt.Routes)) float64 {
		mux := served.NewMux(t, adapt.Config{}, register)
		r, w := httptest.NewRequest("GET", "/", nil), &discard{header: http.Header{}}
		return testing.AllocsPerRun(200, func() { clear(w.header); mux.ServeHTTP(w, r) })
	}
	for shape, register := range map[string]func(r *adapt.Routes){
		"fetch":  func(r *adapt.Routes) { r.Fetch.GET("/", h.Fetch) },
		"reqres": func(r *adapt.Routes) { r.ReqRes.GET("/", h.ReqRes) },
		"old":    func(r *adapt.Routes) { r.Migrate("GET", "/", h.ReqRes, h.Fetch) },
		"new": func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.New}}}, func(r *adapt.Routes) {
				r.Migrate("GET", "/", h.ReqRes, h.Fetch)
			})
		},
	} {
		plain := allocs(register)
		for name, guard := range map[string]func(*http.Request) (context.Context, error){"nil": same, "a context": known} {
			want := plain
			if name == "a context" {
				want += 1 // context.WithValue
			}
			if got := allocs(func(r *adapt.Routes) { r.Guard(guard); register(r) }); got > want {
				t.Errorf("%s, %s: %v allocations with a guard, %v without", shape, name, got, plain)
			}
			if got := allocs(func(r *adapt.Routes) { r.Guard(same); r.Guard(guard); r.Guard(same); register(r) }); got > want+1 {
				t.Errorf("%s, %s: %v allocations with three guards, %v without", shape, name, got, plain)
			}
		}
	}
}

var noContent = fetch.Must(fetch.NoContent())

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// Route is the pattern, for handlers and middleware of every kind; r.Pattern says it around the
// mux.
func TestRequestRoute(t *testing.T) {
	var seen []string
	h := served.Reads(func(req served.Request) (any, error) {
		seen = append(seen, req.(interface{ Route() string }).Route())
		return nil, nil
	})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/v1"}, func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) {
					seen = append(seen, req.WithHeader("A", "b").Route())
					return next(req)
				}
			})
			r.UseReqRes(func(next reqres.Handler) reqres.Handler {
				return func(req *reqres.Request, res *reqres.Response) error {
					seen = append(seen, req.Route())
					return next(req, res)
				}
			})
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					seen = append(seen, strings.TrimPrefix(r.Pattern, r.Method+" "))
					next.ServeHTTP(w, r)
				})
			})
			r.Fetch.GET("/fetch/[id]", h.Fetch)
			r.ReqRes.GET("/reqres/:id", h.ReqRes)
			r.ReqRes.Any("/any/*rest", h.ReqRes)
			r.Migrate("GET", "/pair/:id", h.ReqRes, h.Fetch)
		})
	})
	for target, want := range map[string]string{"/v1/fetch/1": "/v1/fetch/[id]", "/v1/reqres/1": "/v1/reqres/:id", "/v1/any/a/b": "/v1/any/*rest", "/v1/pair/1": "/v1/pair/:id"} {
		seen = nil
		r := httptest.NewRequest("GET", target, nil)
		mux.ServeHTTP(httptest.NewRecorder(), r)
		if len(seen) != 4 || slices.ContainsFunc(seen, func(s string) bool { return s != want }) {
			t.Errorf("%s has the route %q", target, seen)
		}
		if pattern := strings.TrimPrefix(r.Pattern, "GET "); pattern != want || strings.HasPrefix(target, "/v1/any") == strings.HasPrefix(r.Pattern, "GET ") {
			t.Errorf("%s has the pattern %q around the mux", target, r.Pattern)
		}
	}
	under := http.NewServeMux()
	under.Handle("GET /x/{id}", h.Fetch)
	under.Handle("/y/{id}", h.ReqRes)
	for _, target := range []string{"/x/1", "/y/1"} {
		seen = nil
		under.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
		if want := strings.Replace(target, "1", "{id}", 1); len(seen) != 1 || seen[0] != want {
			t.Errorf("under http.ServeMux %s has the route %q", target, seen)
		}
	}
}
