package legacygin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacygin"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
	"github.com/crossfade-go/crossfade/fetch"
)

func init() { gin.SetMode(gin.ReleaseMode) }

// service is the service of legacytest, as one writes it for gin.
func service(dir string) *gin.Engine {
	e := gin.New()
	e.MaxMultipartMemory = 1 << 20
	e.HandleMethodNotAllowed = true
	e.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, v any) {
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"error": fmt.Sprint(v)})
	}))
	e.Use(func(c *gin.Context) { c.Set("user", "ada"); c.Header("X-Legacy", "gin"); c.Next() })
	e.GET("/users/:id", getUser)
	e.POST("/users", func(c *gin.Context) {
		var u legacytest.User
		if err := c.ShouldBindJSON(&u); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		c.Header("Location", "/users/"+u.ID)
		c.JSON(http.StatusCreated, u)
	})
	e.GET("/search", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"q": c.Query("q"), "page": c.DefaultQuery("page", "1"), "tags": c.QueryArray("tag"), "f": c.QueryMap("f")})
	})
	e.GET("/me", func(c *gin.Context) {
		sid, err := c.Cookie("sid")
		if err != nil {
			c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "log in"})
			return
		}
		c.SetCookie("seen", "a b", 60, "/", "", false, true)
		c.JSON(http.StatusOK, gin.H{"sid": sid, "user": c.GetString("user"), "ip": c.ClientIP()})
	})
	e.POST("/upload", func(c *gin.Context) {
		f, err := c.FormFile("file")
		if err != nil {
			c.String(http.StatusBadRequest, "no file: %v", err)
			return
		}
		c.JSON(http.StatusOK, gin.H{"name": f.Filename, "size": f.Size, "note": c.PostForm("note")})
	})
	e.GET("/events", func(c *gin.Context) {
		n := 0
		c.Header("Content-Type", "text/event-stream")
		c.Stream(func(w io.Writer) bool {
			err := legacytest.Event(w, c.Writer.Flush, n)
			n++
			return err == nil && n < 3
		})
	})
	e.GET("/upgrade", func(c *gin.Context) { legacytest.Upgrade(c.Writer, c.Request) })
	e.GET("/panic", func(*gin.Context) { panic("boom") })
	e.GET("/cut", func(c *gin.Context) {
		c.Writer.WriteString("half")
		c.Writer.Flush()
		panic(http.ErrAbortHandler)
	})
	e.GET("/fail", func(c *gin.Context) { c.AbortWithError(http.StatusBadGateway, errors.New("upstream")) })
	e.GET("/old", func(c *gin.Context) { c.Redirect(http.StatusFound, "/users/1") })
	e.GET("/target", func(c *gin.Context) { c.String(http.StatusOK, "%s", legacytest.Target(c.Request)) })
	e.Any("/any/*rest", anything)
	e.Handle("PURGE", "/any/*rest", anything)
	e.Static("/static", dir)
	v1 := e.Group("/api/v1", auth)
	v1.GET("/items/:id", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"item": c.Param("id")}) })
	v1.DELETE("/items/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	return e
}

func getUser(c *gin.Context) {
	id := c.Param("id")
	if id == "none" {
		c.JSON(http.StatusNotFound, gin.H{"error": "no such user"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"id": id, "name": "Ada & <Co>", "route": c.FullPath()})
}

func anything(c *gin.Context) {
	n, _ := io.Copy(io.Discard, c.Request.Body)
	c.String(http.StatusOK, "%s %s %d", c.Request.Method, c.Param("rest"), n)
}

func auth(c *gin.Context) {
	who := c.GetHeader("Authorization")
	if who == "" {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "log in"})
		return
	}
	c.Set("who", who)
	c.Header("X-Auth", "gin")
	c.Next()
}

func TestUnderTheMux(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{New: func(dir string) (http.Handler, adapt.App) {
		e := service(dir)
		return e, legacygin.App(e)
	}})
}

func TestApp(t *testing.T) {
	e := gin.New()
	e.GET("/users/:id", getUser)
	e.GET("/files/:name.json", getUser)
	e.GET("/any/*rest", getUser)
	e.GET("/user_:name", getUser)
	e.GET("/lit/[x]/{y}", getUser)
	var got []string
	for _, p := range legacygin.App(e).Endpoints {
		if p.Handler != "legacygin_test.getUser" || !strings.Contains(p.Source, "legacygin_test.go:") {
			t.Errorf("%s is served by %s at %s", p, p.Handler, p.Source)
		}
		got = append(got, p.String()+" = "+p.Pattern+p.Reason)
	}
	want := map[string]bool{
		"GET /users/:id = /users/:id":                true,
		"GET /files/:name.json = /files/[name.json]": true,
		"GET /any/*rest = /any/*rest":                true,
		`GET /user_:name = "user_:name" is only in part a parameter, and a parameter of the mux is a whole segment`: true,
		`GET /lit/[x]/{y} = /lit/\[x\]/%7By%7D`: true,
	}
	for _, line := range got {
		if !want[line] {
			t.Errorf("unexpected: %s", line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("missing: %s", line)
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

// gin's own guard stands before what has left gin: it refuses, it hands on what it has Set, and it
// leaves every answer alone.
func TestMiddleware(t *testing.T) {
	type ctxKey struct{}
	values := func(c *gin.Context) {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), ctxKey{}, "tenant-7"))
	}
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		old := r.Legacy("/", legacygin.App(service(t.TempDir())))
		old.Use(legacygin.Middleware(auth, values))
		old.Moved("GET", "/search", func(req *fetch.Request) (*fetch.Response, error) {
			who, _ := legacygin.Value[string](req.Context(), "who")
			_, wrong := legacygin.Value[int](req.Context(), "who")
			return fetch.Text(fmt.Sprint(who, " ", wrong, " ", req.Context().Value(ctxKey{})), fetch.Status(201))
		})
		old.Moved("GET", "/users/:id", func(req *fetch.Request) (*fetch.Response, error) {
			status := http.StatusNotFound
			fmt.Sscan(req.Param("id"), &status)
			return fetch.NoContent(fetch.Status(status))
		})
		old.Moved("GET", "/events", func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				w.WriteString("one ")
				w.Flush()
				w.WriteString("two")
				return nil
			})
		})
		old.Moved("GET", "/upgrade", fetch.FromHTTP(http.HandlerFunc(legacytest.Upgrade)))
	})
	refused := ask(t, mux, "/search")
	if refused.Status != 401 || refused.Body != `{"error":"log in"}` {
		t.Errorf("without a login: %+v", refused)
	}
	got := ask(t, mux, "/search", "Authorization", "ada")
	if got.Status != 201 || got.Body != "ada false tenant-7" || got.Header.Get("X-Auth") != "gin" {
		t.Errorf("with a login: %+v", got)
	}
	for _, status := range []int{200, 204, 404, 410, 500} {
		if got := ask(t, mux, fmt.Sprint("/users/", status), "Authorization", "ada"); got.Status != status || got.Body != "" {
			t.Errorf("an empty %d becomes %+v", status, got)
		}
	}
	if got := ask(t, mux, "/events", "Authorization", "ada"); got.Body != "one two" {
		t.Errorf("a stream: %+v", got)
	}
	if got := ask(t, mux, "/me"); got.Status != 401 || got.Header.Get("X-Auth") != "" {
		t.Errorf("what gin still serves runs behind gin's middleware only: %+v", got)
	}
}

// In the engine of Middleware no proxy is trusted, unless it is configured.
func TestMiddlewareTrustsNobody(t *testing.T) {
	ip := func(c *gin.Context) { c.Header("X-IP", c.ClientIP()) }
	trust := func(e *gin.Engine) { e.SetTrustedProxies([]string{"192.0.2.0/24"}) }
	for want, mw := range map[string]func(http.Handler) http.Handler{
		"192.0.2.1": legacygin.Middleware(ip), "9.9.9.9": legacygin.MiddlewareOf(trust, ip),
	} {
		got := ask(t, mw(http.NotFoundHandler()), "/", "X-Forwarded-For", "9.9.9.9")
		if got.Header.Get("X-IP") != want {
			t.Errorf("the client is %s, want %s", got.Header.Get("X-IP"), want)
		}
	}
}

// What gin does not know goes to the mux, with its own statuses.
func TestInsideOut(t *testing.T) {
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/new/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("new " + req.Param("id")) })
		r.Fetch.GET("/gone", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(410, "gone") })
		r.Fetch.GET("/empty", func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() })
	})
	engine := service(t.TempDir())
	engine.NoRoute(gin.WrapH(mux))
	for target, want := range map[string]answer{
		"/new/1":   {Status: 200, Body: "new 1"},
		"/gone":    {Status: 410, Body: `{"error":"gone"}`},
		"/empty":   {Status: 204},
		"/nowhere": {Status: 404, Body: `{"error":"Not Found"}`},
		"/fail":    {Status: 502},
	} {
		got := ask(t, engine, target)
		if got.Status != want.Status || got.Body != want.Body || got.Header.Get("X-Legacy") != "gin" {
			t.Errorf("%s: %+v, want %+v", target, got, want)
		}
	}
}

// The errors of moved handlers have gin's bodies.
func TestErrorResponse(t *testing.T) {
	errs := map[string]error{
		"/400": fetch.Errorf(400, "a <b> is missing"), "/404": &crossfade.Error{Status: 404}, "/500": errors.New("secret"), "/503": fetch.Errorf(503, "secret"),
	}
	mux := newMux(t, adapt.Config{ErrorResponse: legacygin.ErrorResponse, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
		for path, err := range errs {
			r.Fetch.GET("/new"+path, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
		}
	})
	engine := gin.New()
	engine.Use(gin.RecoveryWithWriter(io.Discard))
	engine.GET("/400", func(c *gin.Context) { c.JSON(400, gin.H{"error": "a <b> is missing"}) })
	engine.GET("/404", func(c *gin.Context) { c.JSON(404, gin.H{"error": "Not Found"}) })
	engine.GET("/500", func(*gin.Context) { panic("secret") })
	engine.GET("/503", func(c *gin.Context) { c.AbortWithStatus(503) })
	servers := [2]*httptest.Server{httptest.NewServer(engine), httptest.NewServer(mux)}
	for _, s := range servers {
		defer s.Close()
	}
	for path := range errs {
		var both [2]answer
		for i, url := range []string{servers[0].URL + path, servers[1].URL + "/new" + path} {
			res, err := http.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			res.Header.Del("Date")
			both[i] = answer{res.StatusCode, res.Header, string(body)}
		}
		if d := cmp.Diff(both[0], both[1]); d != "" {
			t.Errorf("%s (-gin +mux)\n%s", path, d)
		}
	}
}
