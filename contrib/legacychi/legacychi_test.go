package legacychi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacychi"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// service is the service of legacytest, as one writes it for chi.
func service(dir string) chi.Router {
	h := legacytest.Handlers{Param: func(r *http.Request, name string) string {
		if name == "rest" {
			name = "*"
		}
		return chi.URLParam(r, name)
	}}
	r := chi.NewRouter()
	r.Use(legacytest.Recover, middleware.GetHead, header("X-Legacy", "chi"))
	r.Get("/users/{id}", h.User)
	r.Post("/users", h.CreateUser)
	r.Get("/search", h.Search)
	r.Get("/me", h.Me)
	r.Post("/upload", h.Upload)
	r.Get("/events", h.Events)
	r.Get("/upgrade", legacytest.Upgrade)
	r.Get("/panic", h.Panic)
	r.Get("/cut", h.Cut)
	r.Get("/fail", h.Fail)
	r.Get("/old", h.Old)
	r.Get("/target", h.Target)
	r.HandleFunc("/any/*", h.Any)
	r.Handle("/static/*", h.Static(dir))
	r.Route("/api/v1", func(r chi.Router) {
		r.Use(legacytest.Auth)
		r.Get("/items/{id}", h.Item)
		r.Delete("/items/{id}", h.DeleteItem)
	})
	return r
}

func header(name, value string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(name, value)
			next.ServeHTTP(w, r)
		})
	}
}

func TestUnderTheMux(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{New: func(dir string) (http.Handler, adapt.App) {
		r := service(dir)
		return r, legacychi.App(r)
	}})
}

func list(w http.ResponseWriter, r *http.Request) {}

func TestApp(t *testing.T) {
	r := chi.NewRouter()
	r.Get("/users/{id}", list)
	r.Get("/files/{file-name}", list)
	r.HandleFunc("/any/*", list)
	r.Get("/items/{id:[0-9]+}", list)
	r.Get("/v{n}/x", list)
	r.With(legacytest.Auth).Put("/a:b", list)
	r.Route("/articles", func(r chi.Router) {
		r.Get("/", list)
		r.Route("/{slug}", func(r chi.Router) { r.Delete("/likes", list) })
	})
	r.Mount("/admin", http.HandlerFunc(list))
	var got []string
	for _, e := range legacychi.App(r).Endpoints {
		if e.Handler != "legacychi_test.list" && e.Own != "/admin/*" { // chi wraps what it mounts
			t.Errorf("%s is served by %s", e, e.Handler)
		}
		if e.Reason != "" {
			e.Pattern = "no counterpart"
		}
		got = append(got, e.String()+" = "+e.Pattern)
	}
	slices.Sort(got)
	want := []string{
		"ANY /admin/* = /admin/*rest", "ANY /any/* = /any/*rest",
		"DELETE /articles/{slug}/likes = /articles/:slug/likes", "GET /articles = /articles", "GET /articles/ = /articles/",
		"GET /files/{file-name} = /files/[file-name]", "GET /items/{id:[0-9]+} = no counterpart", "GET /users/{id} = /users/:id",
		"GET /v{n}/x = no counterpart", `PUT /a:b = /a\:b`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

type articleKey struct{}

// The middleware of an article, as chi's own documentation writes it, finds its parameter.
func articleCtx(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := chi.URLParam(r, "id")
		if id == "none" {
			http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), articleKey{}, "article "+id)))
	})
}

func get(t *testing.T, h http.Handler, target string) (int, http.Header, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w.Code, w.Result().Header, w.Body.String()
}

func newMux(t *testing.T, c adapt.Config, routes func(*adapt.Routes)) *adapt.Mux {
	t.Helper()
	mux, err := c.New(routes)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

func TestMiddleware(t *testing.T) {
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		old := r.Legacy("/", legacychi.App(service(t.TempDir())))
		old.Use(legacychi.Middleware(header("X-First", "chi"), articleCtx))
		old.Moved("GET", "/users/{id}", func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text(fmt.Sprint(req.Context().Value(articleKey{})))
		})
		old.Moved("GET", "/any/*", func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text(chi.URLParamFromCtx(req.Context(), "*"))
		})
	})
	for target, want := range map[string]string{"/users/7": "article 7", "/users/none": "Not Found\n", "/any/a/b": "a/b"} {
		_, h, body := get(t, mux, target)
		if body != want || h.Get("X-First") != "chi" {
			t.Errorf("%s: %q %v, want %q", target, body, h, want)
		}
	}
	if _, h, _ := get(t, mux, "/search"); h.Get("X-First") != "" {
		t.Error("what chi still serves runs behind chi's middleware only")
	}
}

// What chi does not know goes to the mux.
func TestInsideOut(t *testing.T) {
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/new/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("new " + req.Param("id")) })
		r.Fetch.GET("/empty", func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() })
	})
	router := service(t.TempDir())
	router.NotFound(mux.ServeHTTP)
	for target, want := range map[string]string{"/new/1": "200 new 1", "/empty": "204 ", "/nowhere": `404 {"error":"Not Found"}`, "/fail": "502 upstream\n"} {
		status, h, body := get(t, router, target)
		if got := fmt.Sprint(status, " ", body); got != want || h.Get("X-Legacy") != "chi" {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// The errors of moved handlers have the bodies of http.Error.
func TestErrorResponse(t *testing.T) {
	errs := map[string]error{"/400": fetch.Errorf(400, "a <b> is missing"), "/500": errors.New("secret")}
	mux := newMux(t, adapt.Config{ErrorResponse: legacychi.ErrorResponse, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
		for path, err := range errs {
			r.Fetch.GET(path, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
		}
	})
	router := chi.NewRouter()
	router.Get("/400", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "a <b> is missing", 400) })
	router.Get("/500", func(w http.ResponseWriter, r *http.Request) { http.Error(w, http.StatusText(500), 500) })
	for path := range errs {
		var both [2]string
		for i, h := range []http.Handler{router, mux} {
			s := httptest.NewServer(h)
			res, err := http.Get(s.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			s.Close()
			res.Header.Del("Date")
			both[i] = fmt.Sprint(res.Status, res.Header, string(body))
		}
		if d := cmp.Diff(both[0], both[1]); d != "" {
			t.Errorf("%s (-chi +mux)\n%s", path, d)
		}
	}
}
