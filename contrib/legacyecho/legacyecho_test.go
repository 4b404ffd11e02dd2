package legacyecho_test

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
	"github.com/labstack/echo/v5"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacyecho"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// service is the service of legacytest, as one writes it for echo.
func service(dir string) *echo.Echo {
	e := echo.New()
	e.Logger = slog.New(slog.DiscardHandler)
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) (err error) {
			defer func() {
				if v := recover(); v == http.ErrAbortHandler {
					panic(v)
				} else if v != nil {
					err = fmt.Errorf("%v", v)
				}
			}()
			c.Set("user", "ada")
			c.Response().Header().Set("X-Legacy", "echo")
			return next(c)
		}
	})
	e.GET("/users/:id", func(c *echo.Context) error {
		if c.Param("id") == "none" {
			return echo.NewHTTPError(http.StatusNotFound, "no such user")
		}
		return c.JSON(http.StatusOK, map[string]string{"id": c.Param("id"), "name": "Ada & <Co>", "route": c.Path()})
	})
	e.POST("/users", func(c *echo.Context) error {
		var u legacytest.User
		if err := c.Bind(&u); err != nil {
			return err
		}
		if err := u.Check(); err != nil {
			return echo.NewHTTPError(http.StatusUnprocessableEntity, err.Error())
		}
		c.Response().Header().Set("Location", "/users/"+u.ID)
		return c.JSON(http.StatusCreated, u)
	})
	e.GET("/search", func(c *echo.Context) error {
		return c.JSON(http.StatusOK, map[string]any{"q": c.QueryParam("q"), "page": c.QueryParamOr("page", "1"), "tags": c.QueryParams()["tag"]})
	})
	e.GET("/me", func(c *echo.Context) error {
		sid, err := c.Cookie("sid")
		if err != nil {
			return echo.NewHTTPError(http.StatusUnauthorized, "log in")
		}
		c.SetCookie(&http.Cookie{Name: "seen", Value: "a b", MaxAge: 60, Path: "/", HttpOnly: true})
		return c.JSON(http.StatusOK, map[string]any{"sid": sid.Value, "user": c.Get("user"), "ip": c.RealIP()})
	})
	e.POST("/upload", func(c *echo.Context) error {
		if err := c.Request().ParseMultipartForm(1 << 20); err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, err.Error())
		}
		f, err := c.FormFile("file")
		if err != nil {
			return echo.NewHTTPError(http.StatusBadRequest, err.Error())
		}
		return c.JSON(http.StatusOK, map[string]any{"name": f.Filename, "size": f.Size, "note": c.FormValue("note")})
	})
	e.GET("/events", func(c *echo.Context) error {
		w := c.Response()
		w.Header().Set("Content-Type", "text/event-stream")
		for n := range 3 {
			if err := legacytest.Event(w, func() { http.NewResponseController(w).Flush() }, n); err != nil {
				return err
			}
		}
		return nil
	})
	e.GET("/upgrade", func(c *echo.Context) error { legacytest.Upgrade(c.Response(), c.Request()); return nil })
	e.GET("/panic", func(*echo.Context) error { panic("boom") })
	e.GET("/cut", func(c *echo.Context) error {
		io.WriteString(c.Response(), "half")
		http.NewResponseController(c.Response()).Flush()
		panic(http.ErrAbortHandler)
	})
	e.GET("/fail", func(*echo.Context) error { return echo.NewHTTPError(http.StatusBadGateway, "upstream") })
	e.GET("/old", func(c *echo.Context) error { return c.Redirect(http.StatusFound, "/users/1") })
	e.GET("/target", func(c *echo.Context) error { return c.String(http.StatusOK, legacytest.Target(c.Request())) })
	e.Any("/any/*", func(c *echo.Context) error {
		n, _ := io.Copy(io.Discard, c.Request().Body)
		return c.String(http.StatusOK, fmt.Sprintf("%s %s %d", c.Request().Method, c.Param("*"), n))
	})
	e.Static("/static", dir)
	v1 := e.Group("/api/v1", auth)
	v1.GET("/items/:id", func(c *echo.Context) error { return c.JSON(http.StatusOK, map[string]string{"item": c.Param("id")}) })
	v1.DELETE("/items/:id", func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) })
	return e
}

func auth(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		who := c.Request().Header.Get("Authorization")
		if who == "" {
			return echo.NewHTTPError(http.StatusUnauthorized, "log in")
		}
		c.Set("who", who+" of "+c.Param("id"))
		c.Response().Header().Set("X-Auth", "echo")
		return next(c)
	}
}

func TestUnderTheMux(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{New: func(dir string) (http.Handler, adapt.App) {
		e := service(dir)
		return e, legacyecho.App(e)
	}})
}

func TestApp(t *testing.T) {
	e := echo.New()
	h := func(*echo.Context) error { return nil }
	e.GET("/users/:id", h)
	e.GET("/files/:file-name", h)
	e.Any("/any/*", h)
	e.GET("/v:n", h)
	e.Static("/static", t.TempDir())
	e.RouteNotFound("/*", h)
	var got []string
	for _, p := range legacyecho.App(e).Endpoints {
		if p.Handler == "" {
			t.Errorf("%s has no name", p)
		}
		got = append(got, p.String()+" = "+p.Pattern+p.Reason)
	}
	const part = " is only in part a parameter, and a parameter of the mux is a whole segment"
	want := []string{
		"GET /users/:id = /users/:id", "GET /files/:file-name = /files/[file-name]", "ANY /any/* = /any/*rest", `GET /v:n = "v:n"` + part, `GET /static* = "static*"` + part,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func ask(t *testing.T, h http.Handler, target string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

func newMux(t *testing.T, c adapt.Config, routes func(*adapt.Routes)) *adapt.Mux {
	t.Helper()
	mux, err := c.New(routes)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

// echo's own guard stands before what has left echo.
func TestMiddleware(t *testing.T) {
	type ctxKey struct{}
	values := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), ctxKey{}, "tenant-7")))
			return next(c)
		}
	}
	e := service(t.TempDir())
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		old := r.Legacy("/", legacyecho.App(e))
		old.Use(legacyecho.Middleware(e, auth, values))
		old.Moved("GET", "/users/:id", func(req *fetch.Request) (*fetch.Response, error) {
			if req.Param("id") == "empty" {
				return fetch.NoContent(fetch.Status(404))
			}
			who, _ := legacyecho.Value[string](req.Context(), "who")
			_, wrong := legacyecho.Value[int](req.Context(), "who")
			return fetch.Text(fmt.Sprint(who, " ", wrong, " ", req.Context().Value(ctxKey{})), fetch.Status(201))
		})
		old.Moved("GET", "/upgrade", fetch.FromHTTP(http.HandlerFunc(legacytest.Upgrade)))
	})
	if got := ask(t, mux, "/users/1"); got.Status != 401 || got.Body != "{\"message\":\"log in\"}\n" {
		t.Errorf("without a login: %+v", got)
	}
	if got := ask(t, mux, "/users/1", "Authorization", "ada"); got.Status != 201 || got.Body != "ada of 1 false tenant-7" || got.Header.Get("X-Auth") != "echo" {
		t.Errorf("with a login: %+v", got)
	}
	if got := ask(t, mux, "/users/empty", "Authorization", "ada"); got.Status != 404 || got.Body != "" {
		t.Errorf("an empty 404 becomes %+v", got)
	}
	if got := ask(t, mux, "/upgrade", "Authorization", "ada"); got.Status != 501 {
		t.Errorf("an upgrade on a writer without a connection: %+v", got)
	}
	if got := ask(t, mux, "/search"); got.Status != 200 || got.Header.Get("X-Auth") != "" {
		t.Errorf("what echo still serves runs behind echo's middleware only: %+v", got)
	}
	if _, ok := legacyecho.Value[string](t.Context(), "who"); ok {
		t.Error("a value where there is no echo")
	}
}

// What echo does not know goes to the mux, with its own statuses.
func TestInsideOut(t *testing.T) {
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/new/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("new " + req.Param("id")) })
		r.Fetch.GET("/empty", func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() })
	})
	e := service(t.TempDir())
	e.RouteNotFound("/*", echo.WrapHandler(mux))
	for target, want := range map[string]string{"/new/1": "200 new 1", "/empty": "204 ", "/nowhere": `404 {"error":"Not Found"}`} {
		got := ask(t, e, target)
		if fmt.Sprint(got.Status, " ", got.Body) != want || got.Header.Get("X-Legacy") != "echo" {
			t.Errorf("%s: %+v, want %s", target, got, want)
		}
	}
}

// The errors of moved handlers have echo's bodies.
func TestErrorResponse(t *testing.T) {
	errs := map[string]error{"/400": fetch.Errorf(400, "a <b> is missing"), "/500": errors.New("secret"), "/503": fetch.Errorf(503, "secret")}
	mux := newMux(t, adapt.Config{ErrorResponse: legacyecho.ErrorResponse, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
		for path, err := range errs {
			r.Fetch.GET(path, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
		}
	})
	e := echo.New()
	e.Logger = slog.New(slog.DiscardHandler)
	e.GET("/400", func(*echo.Context) error { return echo.NewHTTPError(400, "a <b> is missing") })
	e.GET("/500", func(*echo.Context) error { return errors.New("secret") })
	e.GET("/503", func(*echo.Context) error { return echo.NewHTTPError(503, "") })
	for path := range errs {
		var both [2]answer
		for i, h := range []http.Handler{e, mux} {
			s := httptest.NewServer(h)
			res, err := http.Get(s.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			s.Close()
			res.Header.Del("Date")
			both[i] = answer{res.StatusCode, res.Header, string(body)}
		}
		if d := cmp.Diff(both[0], both[1]); d != "" {
			t.Errorf("%s (-echo +mux)\n%s", path, d)
		}
	}
}
