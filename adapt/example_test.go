package adapt_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

func print(h http.Handler, method, target string, names ...string) {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, target, nil))
	fmt.Println(method, target, rec.Code, rec.Body)
	for _, name := range names {
		fmt.Printf("  %s: %s\n", name, rec.Header().Get(name))
	}
}

func text(s string) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(s) }
}

func oldText(s string) reqres.Handler {
	return func(_ *reqres.Request, res *reqres.Response) error { return res.Send(s) }
}

// What precedence resolves is served, and listed.
func ExampleMux_Overlaps() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/users/:id", oldText("user"))
		r.Fetch.GET("/users/me", text("me"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/users/7")
	print(mux, "GET", "/users/me")
	for o := range mux.Overlaps() {
		fmt.Printf("%s goes to %s %s, not to %s %s\n", o.Example, o.Winner.Shape, o.Winner.Pattern, o.Loser.Shape, o.Loser.Pattern)
	}
	// Output:
	// GET /users/7 200 user
	// GET /users/me 200 me
	// /users/me goes to fetch /users/me, not to reqres /users/:id
}

// One verb of an old endpoint has moved already: on purpose.
func ExampleFetchRoutes_Take() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.Any("/api/legacy/[...path]", oldText("old"))
		r.Fetch.Take("GET", "/api/legacy/[...path]", text("new"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/api/legacy/a/b")
	print(mux, "POST", "/api/legacy/a/b")
	// Output:
	// GET /api/legacy/a/b 200 new
	// POST /api/legacy/a/b 200 old
}

// A scope gives its routes a prefix, limits, an owner, a CORS policy.
func ExampleRoutes_Scope() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/uploads", Owner: "media", Limits: adapt.Limits{Body: 64 << 20}, CORS: cors.Off()}, func(r *adapt.Routes) {
			r.Fetch.POST("/:name", text("uploaded"))
		})
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for route := range mux.Routes() {
		fmt.Println(route.Method, route.Pattern, route.Owner)
	}
	// Output: POST /uploads/:name media
}

// Middleware guards the scope, whatever the shape of its routes: moving a line
// from one face to the other never changes who is let in.
func ExampleRoutes_UseFetch() {
	requireUser := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			if _, ok := req.Cookie("sid"); !ok {
				return nil, fetch.Errorf(401, "log in first")
			}
			return next(req)
		}
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.UseFetch(requireUser)
		r.Fetch.GET("/new", text("new"))
		r.ReqRes.GET("/old", oldText("old"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/new")
	print(mux, "GET", "/old")
	// Output:
	// GET /new 401 {"error":"log in first"}
	// GET /old 401 {"error":"log in first"}
}

// The wrong way: a Use below a route would not guard it, so New refuses it.
func ExampleRoutes_Use_incorrect() {
	logged := func(next http.Handler) http.Handler { return next }
	_, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/secret", text("secret"))
		r.Use(logged)
	})
	fmt.Println(err != nil)
	// Output: true
}

// Head hooks run once for every answer, also for those of the mux itself.
func ExampleRoutes_OnHead() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.OnHead(adapt.SecurityHeaders())
		r.Fetch.GET("/", text("hello"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/", "X-Content-Type-Options")
	print(mux, "GET", "/nowhere", "X-Content-Type-Options")
	// Output:
	// GET / 200 hello
	//   X-Content-Type-Options: nosniff
	// GET /nowhere 404 {"error":"Not Found"}
	//   X-Content-Type-Options: nosniff
}

// One line for each answer, when it has ended.
func ExampleRequestLog() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" {
				return slog.Attr{}
			}
			return a
		},
	}))
	mux, err := adapt.Config{RequestID: "X-Request-Id"}.New(func(r *adapt.Routes) {
		r.OnEnd(adapt.RequestLog(logger))
		r.Fetch.GET("/users/:id", text("hello"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/users/7", "/nowhere"} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("X-Request-Id", "from-a-proxy")
		mux.ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// level=INFO msg=request method=GET path=/users/7 route=/users/:id status=200 bytes=5 ip=192.0.2.1 request_id=from-a-proxy
	// level=INFO msg=request method=GET path=/nowhere route="" status=404 bytes=21 ip=192.0.2.1 request_id=from-a-proxy
}

// Who asks, for handlers of both shapes.
func ExampleRoutes_Guard() {
	type userKey struct{}
	requireUser := func(r *http.Request) (context.Context, error) {
		session, err := r.Cookie("session")
		if err != nil {
			return nil, fetch.Errorf(http.StatusUnauthorized, "log in first")
		}
		return context.WithValue(r.Context(), userKey{}, session.Value), nil
	}
	user := func(ctx context.Context) string { name, _ := ctx.Value(userKey{}).(string); return name }
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Guard(requireUser)
		r.Fetch.GET("/new", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("hello " + user(req.Context())) })
		r.ReqRes.GET("/old", func(req *reqres.Request, res *reqres.Response) error { return res.Send("hello " + user(req.Context())) })
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/new")
	for _, path := range []string{"/new", "/old"} {
		r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
		r.AddCookie(&http.Cookie{Name: "session", Value: "ada"})
		mux.ServeHTTP(w, r)
		fmt.Println(path, w.Code, w.Body)
	}
	// Output:
	// GET /new 401 {"error":"log in first"}
	// /new 200 hello ada
	// /old 200 hello ada
}

// Middleware of one route.
func ExampleRoutes_With() {
	limitRate := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "slow down", http.StatusTooManyRequests) })
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.With(limitRate).ReqRes.POST("/login", oldText("in"))
		r.ReqRes.POST("/logout", oldText("out"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "POST", "/login")
	print(mux, "POST", "/logout")
	// Output:
	// POST /login 429 slow down
	//
	// POST /logout 200 out
}

// Errors of both shapes become responses in one place, which can be replaced.
func ExampleConfig() {
	mux, err := adapt.Config{
		ErrorResponse: func(req *fetch.Request, err error) *fetch.Response {
			return fetch.Must(fetch.Text("sorry: "+err.Error(), fetch.Status(422)))
		},
	}.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(*reqres.Request, *reqres.Response) error { return reqres.Errorf(400, "what?") })
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/")
	// Output: GET / 422 sorry: what?
}

// A legacy tree of handlers goes on below a prefix, and endpoints are taken out
// of it one by one.
func ExampleRoutes_Mount() {
	legacy := http.NewServeMux()
	legacy.HandleFunc("/orders", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "legacy orders") })
	legacy.HandleFunc("/items", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "legacy items") })
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Mount("/api", legacy)
		r.Fetch.GET("/api/items", text("new items"))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/api/orders")
	print(mux, "GET", "/api/items")
	// Output:
	// GET /api/orders 200 legacy orders
	// GET /api/items 200 new items
}

// Middleware of the old shape around one handler that has moved already.
func ExampleToFetchMiddleware() {
	stamp := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			return next(req, res.Set("X-Powered-By", "crossfade"))
		}
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/", adapt.ToFetchMiddleware(stamp)(text("new")))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/", "X-Powered-By")
	// Output:
	// GET / 200 new
	//   X-Powered-By: crossfade
}

// Middleware of the new shape around one handler that has not moved yet.
func ExampleToReqResMiddleware() {
	private := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			res, err := next(req)
			return res.WithHeader("Cache-Control", "private"), err
		}
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/", adapt.ToReqResMiddleware(private)(oldText("old")))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	print(mux, "GET", "/", "Cache-Control")
	// Output:
	// GET / 200 old
	//   Cache-Control: private
}

// A legacy app under the mux: one endpoint has moved, one is on its way.
func ExampleRoutes_Legacy() {
	app := adapt.App{
		Name:    "shop",
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "shop serves ", r.URL.Path) }),
		Endpoints: []adapt.Endpoint{
			{Method: "GET", Pattern: "/products/:id", Handler: "shop.getProduct", Source: "shop.go:12"},
			{Method: "GET", Pattern: "/search", Handler: "shop.search", Source: "shop.go:30"},
			{Method: "POST", Pattern: "/orders", Handler: "shop.order", Source: "shop.go:44"},
		},
	}
	search := func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("fetch serves " + req.Path()) }
	mux, err := adapt.New(func(r *adapt.Routes) {
		old := r.Legacy("/", app)
		old.Moved("GET", "/search", search)
		old.Migrate("GET", "/products/:id", search)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/search", "/products/1", "/else/where"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(w.Body)
	}
	count := mux.Progress().Apps[0]
	fmt.Printf("%s: %d moved, %d migrating, %d left\n", count.Name, count.Moved, count.Migrating, count.Left)
	_, err = adapt.New(func(r *adapt.Routes) { r.Legacy("/", app).Moved("GET", "/product/:id", search) })
	_, mistake, _ := strings.Cut(err.Error(), "Moved")
	fmt.Println("Moved" + mistake)
	// Output:
	// fetch serves /search
	// shop serves /products/1
	// shop serves /else/where
	// shop: 1 moved, 1 migrating, 1 left
	// Moved GET /product/:id: shop has no such endpoint. The nearest that it has:
	//      GET /products/:id  shop.getProduct  shop.go:12
}
