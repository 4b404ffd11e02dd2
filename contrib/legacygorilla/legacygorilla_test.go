package legacygorilla_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacygorilla"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// service is the service of legacytest, as one writes it for gorilla/mux.
func service(dir string) *mux.Router {
	h := legacytest.Handlers{Param: func(r *http.Request, name string) string { return mux.Vars(r)[name] }}
	r := mux.NewRouter()
	r.Use(legacytest.Recover, header("X-Legacy", "gorilla"))
	r.HandleFunc("/users/{id}", h.User).Methods("GET")
	r.HandleFunc("/users", h.CreateUser).Methods("POST")
	r.HandleFunc("/search", h.Search).Methods("GET")
	r.HandleFunc("/me", h.Me).Methods("GET")
	r.HandleFunc("/upload", h.Upload).Methods("POST")
	r.HandleFunc("/events", h.Events).Methods("GET")
	r.HandleFunc("/upgrade", legacytest.Upgrade)
	r.HandleFunc("/panic", h.Panic)
	r.HandleFunc("/cut", h.Cut)
	r.HandleFunc("/fail", h.Fail)
	r.HandleFunc("/old", h.Old).Methods("GET")
	r.HandleFunc("/target", h.Target)
	r.HandleFunc("/any/{rest:.*}", h.Any)
	r.PathPrefix("/static/").Handler(h.Static(dir))
	v1 := r.PathPrefix("/api/v1").Subrouter()
	v1.Use(legacytest.Auth)
	v1.HandleFunc("/items/{id}", h.Item).Methods("GET")
	v1.HandleFunc("/items/{id}", h.DeleteItem).Methods("DELETE")
	return r
}

func header(name, value string) mux.MiddlewareFunc {
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
		return r, legacygorilla.App(r)
	}})
}

func list(w http.ResponseWriter, r *http.Request) {}

func TestApp(t *testing.T) {
	r := mux.NewRouter()
	r.HandleFunc("/users/{id}", list).Methods("GET", "PUT")
	r.HandleFunc("/files/{file-name}", list)
	r.HandleFunc("/any/{rest:.*}", list)
	r.HandleFunc("/items/{id:[0-9]+}", list)
	r.HandleFunc("/v{n}", list)
	r.HandleFunc("/hosted", list).Host("a.example")
	r.HandleFunc("/queried", list).Queries("q", "{q}")
	r.PathPrefix("/static/").HandlerFunc(list)
	r.PathPrefix("/open").HandlerFunc(list)
	r.PathPrefix("/sub").Subrouter().HandleFunc("/a:b", list)
	var got []string
	for _, e := range legacygorilla.App(r).Endpoints {
		if e.Handler != "legacygorilla_test.list" {
			t.Errorf("%s is served by %s", e, e.Handler)
		}
		got = append(got, e.String()+" = "+e.Pattern+e.Reason)
	}
	const regular = "is a regular expression or only in part a variable, and a parameter of the mux is any whole segment"
	want := []string{
		"GET /users/{id} = /users/:id", "PUT /users/{id} = /users/:id", "ANY /files/{file-name} = /files/[file-name]",
		"ANY /any/{rest:.*} = /any/*rest", `ANY /items/{id:[0-9]+} = "{id:[0-9]+}" ` + regular, `ANY /v{n} = "v{n}" ` + regular,
		"ANY /hosted = the route also asks for the host a.example", "ANY /queried = the route also asks for the query q={q}",
		"ANY /static/ = /static/*rest", `ANY /open = PathPrefix("/open") also matches /openx`, `ANY /sub/a:b = /sub/a\:b`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

type articleKey struct{}

// Middleware that reads a variable finds it in front of what has moved.
func articleCtx(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := mux.Vars(r)["id"]
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
	m, err := c.New(routes)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMiddleware(t *testing.T) {
	m := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		old := r.Legacy("/", legacygorilla.App(service(t.TempDir())))
		old.Use(legacygorilla.Middleware(header("X-First", "gorilla"), articleCtx))
		old.Moved("GET", "/users/{id}", func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text(fmt.Sprint(req.Context().Value(articleKey{})))
		})
	})
	for target, want := range map[string]string{"/users/7": "article 7", "/users/none": "Not Found\n"} {
		_, h, body := get(t, m, target)
		if body != want || h.Get("X-First") != "gorilla" {
			t.Errorf("%s: %q %v, want %q", target, body, h, want)
		}
	}
	if _, h, _ := get(t, m, "/search"); h.Get("X-First") != "" {
		t.Error("what gorilla still serves runs behind gorilla's middleware only")
	}
}

// What gorilla does not know goes to the mux.
func TestInsideOut(t *testing.T) {
	m := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/new/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("new " + req.Param("id")) })
		r.Fetch.GET("/empty", func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() })
	})
	router := service(t.TempDir())
	router.NotFoundHandler = m
	for target, want := range map[string]string{"/new/1": "200 new 1", "/empty": "204 ", "/nowhere": `404 {"error":"Not Found"}`, "/fail": "502 upstream\n"} {
		status, _, body := get(t, router, target)
		if got := fmt.Sprint(status, " ", body); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// The errors of moved handlers have the bodies of http.Error.
func TestErrorResponse(t *testing.T) {
	errs := map[string]error{"/400": fetch.Errorf(400, "a <b> is missing"), "/500": errors.New("secret")}
	m := newMux(t, adapt.Config{ErrorResponse: legacygorilla.ErrorResponse, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
		for path, err := range errs {
			r.Fetch.GET(path, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
		}
	})
	router := mux.NewRouter()
	router.HandleFunc("/400", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "a <b> is missing", 400) })
	router.HandleFunc("/500", func(w http.ResponseWriter, r *http.Request) { http.Error(w, http.StatusText(500), 500) })
	for path := range errs {
		var both [2]string
		for i, h := range []http.Handler{router, m} {
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
			t.Errorf("%s (-gorilla +mux)\n%s", path, d)
		}
	}
}
