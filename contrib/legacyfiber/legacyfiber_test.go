package legacyfiber_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/gofiber/fiber/v3/middleware/static"
	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacyfiber"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// service is the service of legacytest, as one writes it for fiber.
func service(dir string) *fiber.App {
	a := fiber.New(fiber.Config{BodyLimit: 8 << 20})
	a.Use(recover.New())
	a.Use(func(c fiber.Ctx) error { c.Locals("user", "ada"); c.Set("X-Legacy", "fiber"); return c.Next() })
	a.Get("/users/:id", getUser)
	a.Post("/users", func(c fiber.Ctx) error {
		var u legacytest.User
		if err := c.Bind().JSON(&u); err != nil {
			return fiber.NewError(http.StatusBadRequest, err.Error())
		}
		if err := u.Check(); err != nil {
			return fiber.NewError(http.StatusUnprocessableEntity, err.Error())
		}
		c.Set("Location", "/users/"+u.ID)
		return c.Status(http.StatusCreated).JSON(u)
	})
	a.Get("/search", func(c fiber.Ctx) error { return c.JSON(fiber.Map{"q": c.Query("q"), "page": c.Query("page", "1")}) })
	a.Get("/me", func(c fiber.Ctx) error {
		sid := c.Cookies("sid")
		if sid == "" {
			return fiber.NewError(http.StatusUnauthorized, "log in")
		}
		c.Cookie(&fiber.Cookie{Name: "seen", Value: "a b", MaxAge: 60, HTTPOnly: true})
		return c.JSON(fiber.Map{"sid": sid, "user": c.Locals("user"), "ip": c.IP()})
	})
	a.Post("/upload", func(c fiber.Ctx) error {
		f, err := c.FormFile("file")
		if err != nil {
			return fiber.NewError(http.StatusBadRequest, err.Error())
		}
		return c.JSON(fiber.Map{"name": f.Filename, "size": f.Size, "note": c.FormValue("note")})
	})
	a.Get("/events", func(c fiber.Ctx) error {
		c.Set("Content-Type", "text/event-stream")
		return c.SendStreamWriter(func(w *bufio.Writer) {
			for n := range 3 {
				if legacytest.Event(w, func() { w.Flush() }, n) != nil {
					return
				}
			}
		})
	})
	a.Get("/panic", func(fiber.Ctx) error { panic("boom") })
	a.Get("/fail", func(fiber.Ctx) error { return fiber.NewError(http.StatusBadGateway, "upstream") })
	a.Get("/old", func(c fiber.Ctx) error { return c.Redirect().Status(http.StatusFound).To("/users/1") })
	a.Get("/target", func(c fiber.Ctx) error {
		return c.SendString(fmt.Sprintf("%s|%s|%s", c.OriginalURL(), c.Path(), c.Request().URI().QueryString()))
	})
	a.All("/any/*", func(c fiber.Ctx) error {
		return c.SendString(fmt.Sprintf("%s %s %d", c.Method(), c.Params("*"), len(c.Body())))
	})
	a.Use("/static", static.New(dir))
	v1 := a.Group("/api/v1", auth)
	v1.Get("/items/:id", func(c fiber.Ctx) error { return c.JSON(fiber.Map{"item": c.Params("id")}) })
	v1.Delete("/items/:id", func(c fiber.Ctx) error { return c.SendStatus(http.StatusNoContent) })
	return a
}

func getUser(c fiber.Ctx) error {
	if c.Params("id") == "none" {
		return fiber.NewError(http.StatusNotFound, "no such user")
	}
	return c.JSON(fiber.Map{"id": c.Params("id"), "name": "Ada & <Co>", "route": c.Route().Path})
}

func auth(c fiber.Ctx) error {
	who := c.Get("Authorization")
	if who == "" {
		return c.Status(http.StatusUnauthorized).SendString("log in")
	}
	c.Locals("who", who)
	c.Set("X-Auth", "fiber")
	return c.Next()
}

func TestUnderTheMux(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{
		New: func(dir string) (http.Handler, adapt.App) {
			app := legacyfiber.App(service(dir))
			return app.Handler, app
		},
		Skip: []string{"cut", "upgrade"}, // fasthttp knows no http.ErrAbortHandler, and the adaptor no upgrade
	})
}

// At the root, where it can do so itself, the adaptor alone answers what the app's handler does.
func TestAsAdaptor(t *testing.T) {
	a := service(t.TempDir())
	for _, target := range []string{"/users/a%20b?x=1", "/target?a=b;c", "/any/x%2Fy", "/nowhere"} {
		if d := cmp.Diff(ask(t, adaptor.FiberApp(a), target), ask(t, legacyfiber.App(a).Handler, target)); d != "" {
			t.Errorf("%s (-adaptor +app)\n%s", target, d)
		}
	}
}

// What the adaptor loses reaches fiber all the same.
func TestWhatTheAdaptorLoses(t *testing.T) {
	limit := 10
	send := func(body string) answer {
		a := fiber.New(fiber.Config{BodyLimit: limit})
		a.Post("/", func(c fiber.Ctx) error {
			return c.SendString(c.Get("X-Two") + " " + c.Cookies("b") + " " + string(c.Body()))
		})
		h := legacyfiber.App(a).Handler
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(body))) // no length
		r.Header["X-Two"] = []string{"1", "2"}
		r.Header["Cookie"] = []string{"a=1", "b=2"}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return answer{w.Code, nil, w.Body.String()}
	}
	if got := send("0123456789"); got.Body != "1, 2 2 0123456789" {
		t.Errorf("%+v", got)
	}
	if got := send("0123456789+"); got.Status != 413 {
		t.Errorf("a body that is too long is cut: %+v", got)
	}
	limit = math.MaxInt
	if got := send("0123456789+"); got.Body != "1, 2 2 0123456789+" {
		t.Errorf("without a limit: %+v", got)
	}
}

// What cannot be is said.
func TestCannot(t *testing.T) {
	type key struct{}
	a := fiber.New()
	a.Get("/value", func(c fiber.Ctx) error { return c.SendString(fmt.Sprint(c.Context().Value(key{}))) })
	h := legacyfiber.App(a).Handler
	if got := ask(t, h, "/ws", "Connection", "Upgrade", "Upgrade", "websocket"); got.Status != 501 || !strings.Contains(got.Body, "cannot upgrade") {
		t.Errorf("a WebSocket: %+v", got)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/value", nil).WithContext(context.WithValue(t.Context(), key{}, "tenant-7")))
	if got := w.Body.String(); got != "<nil>" {
		t.Errorf("values of the context reach fiber now (%s): say so in the documentation", got)
	}
}

func TestApp(t *testing.T) {
	a := fiber.New()
	a.Get("/users/:id", getUser)
	a.Head("/head", getUser)
	a.Get("/any/*", getUser)
	a.Get("/some/+", getUser)
	a.Get("/opt/:id?", getUser)
	a.Get("/n/:id<int>", getUser)
	a.Get("/f/:from-:to", getUser)
	a.Get("/robots.txt", getUser)
	a.Group("/v1").Put("/x-y", getUser)
	var got []string
	for _, e := range legacyfiber.App(a).Endpoints {
		if e.Handler != "legacyfiber_test.getUser" || !strings.Contains(e.Source, "legacyfiber_test.go:") {
			t.Errorf("%s is served by %s at %s", e, e.Handler, e.Source)
		}
		if e.Reason != "" {
			e.Pattern = "no counterpart"
		}
		got = append(got, e.String()+" = "+e.Pattern)
	}
	want := []string{
		"GET /users/:id = /users/:id", "GET /any/* = /any/*rest", "GET /some/+ = /some/*rest", "GET /opt/:id? = no counterpart",
		"GET /n/:id<int> = no counterpart", "GET /f/:from-:to = no counterpart", "GET /robots.txt = /robots.txt", "HEAD /head = /head", "PUT /v1/x-y = /v1/x-y",
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

// fiber's own guard stands before what has left fiber.
func TestMiddleware(t *testing.T) {
	failing := func(c fiber.Ctx) error {
		if c.Query("fail") != "" {
			return fiber.NewError(http.StatusTeapot, "no tea for "+c.IP())
		}
		return c.Next()
	}
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		old := r.Legacy("/", legacyfiber.App(service(t.TempDir())))
		old.Use(legacyfiber.Middleware(auth, failing))
		old.Moved("GET", "/search", func(req *fetch.Request) (*fetch.Response, error) {
			who, _ := legacyfiber.Value[string](req.Context(), "who")
			_, wrong := legacyfiber.Value[int](req.Context(), "who")
			return fetch.Text(fmt.Sprint(who, " ", wrong), fetch.Status(201), fetch.SetHeader("Content-Type", "text/moved"))
		})
	})
	if got := ask(t, mux, "/search"); got.Status != 401 || got.Body != "log in" {
		t.Errorf("without a login: %+v", got)
	}
	if got := ask(t, mux, "/search?fail=1", "Authorization", "ada"); got.Status != 418 || got.Body != "no tea for 192.0.2.1" {
		t.Errorf("an error of the middleware: %+v", got)
	}
	got := ask(t, mux, "/search", "Authorization", "ada")
	want := answer{201, http.Header{"Content-Type": {"text/moved"}, "X-Auth": {"fiber"}}, "ada false"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("with a login (-want +got)\n%s", d)
	}
	if got := ask(t, mux, "/users/1"); got.Status != 200 || got.Header.Get("X-Auth") != "" {
		t.Errorf("what fiber still serves runs behind fiber's middleware only: %+v", got)
	}
}

// What fiber does not know goes to the mux.
func TestInsideOut(t *testing.T) {
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/new/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("new " + req.Param("id")) })
	})
	a := service(t.TempDir())
	a.Use(adaptor.HTTPHandler(mux))
	for target, want := range map[string]string{"/new/1": "200 new 1", "/nowhere": `404 {"error":"Not Found"}`} {
		res, err := a.Test(httptest.NewRequest("GET", target, nil), fiber.TestConfig{Timeout: 0}) // none; its default is a second
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		if got := fmt.Sprint(res.StatusCode, " ", string(body)); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

// The errors of moved handlers have fiber's bodies.
func TestErrorResponse(t *testing.T) {
	mux := newMux(t, adapt.Config{ErrorResponse: legacyfiber.ErrorResponse, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
		r.Fetch.GET("/400", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(400, "a <b> is missing") })
		r.Fetch.GET("/500", func(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("secret") })
	})
	a := fiber.New()
	a.Get("/400", func(fiber.Ctx) error { return fiber.NewError(400, "a <b> is missing") })
	a.Get("/500", func(fiber.Ctx) error { return fiber.ErrInternalServerError })
	for _, path := range []string{"/400", "/500"} {
		var both [2]answer
		for i, h := range []http.Handler{adaptor.FiberApp(a), mux} {
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
			t.Errorf("%s (-fiber +mux)\n%s", path, d)
		}
	}
}
