// Package legacyfiber puts a fiber v3 app under a crossfade mux, to move its endpoints one by one.
//
//	func shop(r *adapt.Routes) {
//		old := r.Legacy("/", legacyfiber.App(app))      // every request reaches fiber, through its adaptor
//		old.Use(legacyfiber.Middleware(auth))           // fiber's own guard, around what has left fiber
//		old.Migrate("GET", "/products/:id", getProduct) // its old side is fiber
//		old.Moved("GET", "/search", search)
//	}
//
// The other way round, with fiber in front, is app.Use(adaptor.HTTPHandler(mux)) as the last line:
// what fiber does not know goes to the mux.
//
// fiber is built on fasthttp, and its adaptor is a bridge with limits. What it cannot do:
//
//   - Upgrades. A WebSocket is answered with 501; move that endpoint first, as an http.Handler
//     (fetch.FromHTTP).
//   - Values of a net/http context do not reach fiber, and fiber does not hear when the client
//     leaves.
//   - A request's body is in memory before fiber runs, up to its BodyLimit.
//   - fiber matches paths without case and slash at the end unless it is told otherwise: where
//     /users/:id has moved, /USERS/1 and /users/1/ are still fiber's.
//   - Optional and partial parameters (/:id?, /:from-:to, /:id<int>) have no counterpart in the
//     syntax of the mux.
package legacyfiber

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/valyala/fasthttp"

	"github.com/crossfade-go/crossfade/adapt"
)

// App is the fiber app as a legacy app, with the endpoints that are registered by now, but for
// those of Use and the HEAD that each GET brings. A route that is added later is served, and not
// listed.
func App(app *fiber.App) adapt.App {
	a := adapt.App{Name: "fiber", Handler: handler(app), Endpoints: []adapt.Endpoint{}, JSON: "application/json; charset=utf-8"}
	gets := make(map[string]bool)
	for _, r := range app.GetRoutes(true) {
		if r.Method == fiber.MethodGet {
			gets[r.Path] = true
		}
	}
	for _, r := range app.GetRoutes(true) {
		if r.Method == fiber.MethodHead && gets[r.Path] || len(r.Handlers) == 0 {
			continue
		}
		e := adapt.Endpoint{Method: r.Method, Own: r.Path}.ServedBy(r.Handlers[len(r.Handlers)-1])
		e.Pattern, e.Reason = pattern(r.Path)
		a.Endpoints = append(a.Endpoints, e)
	}
	return a
}

// pattern returns a path of fiber's in the syntax of the mux.
func pattern(own string) (p, reason string) {
	segments := strings.Split(own, "/")
	for i, s := range segments {
		switch {
		case s == "*" || s == "+":
			segments[i] = "*rest"
		case strings.ContainsAny(s, `?<>\`), strings.LastIndexAny(s, ":*+") > 0, strings.HasPrefix(s, ":") && strings.ContainsAny(s, "-."):
			return "", fmt.Sprintf("%q is optional, constrained or only in part a parameter, and a parameter of the mux is any whole segment", s)
		case strings.HasPrefix(s, ":"):
		default:
			segments[i] = literal.Replace(s)
		}
	}
	return strings.Join(segments, "/"), ""
}

// literal escapes what the mux would read as syntax.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, "{", "%7B", "}", "%7D", "#", "%23")

// handler is fiber's adaptor, with what that loses: the prefix, all but one of several values of a
// header, and the rest of a body without a length that is longer than BodyLimit.
func handler(app *fiber.App) http.Handler {
	serve := adaptor.FiberApp(app)
	limit := int64(app.Config().BodyLimit)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			http.Error(w, "legacyfiber: fiber's adaptor cannot upgrade a connection", http.StatusNotImplemented)
			return
		}
		r2 := *r
		r2.RequestURI = target(r)
		r2.Header = r.Header.Clone()
		for name, values := range r2.Header {
			if len(values) > 1 {
				r2.Header[name] = []string{strings.Join(values, map[bool]string{true: "; ", false: ", "}[name == "Cookie"])}
			}
		}
		if r.ContentLength < 0 && r.Body != nil {
			body, err := io.ReadAll(io.LimitReader(r.Body, max(limit, limit+1))) // the largest has none above it
			switch {
			case err != nil:
				http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
				return
			case int64(len(body)) > limit:
				http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
				return
			}
			r2.Body, r2.ContentLength, r2.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		}
		serve(w, &r2)
	})
}

// target returns the target of the request line, less a prefix that has been taken off the URL:
// fiber routes on it.
func target(r *http.Request) string {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.EscapedPath()
	}
	sent, _, _ := strings.Cut(r.RequestURI, "?")
	if sent == path || strings.HasSuffix(sent, "://"+r.Host+path) || r.RequestURI == "*" {
		return r.RequestURI
	}
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		path += "?" + r.URL.RawQuery
	}
	return path
}

type (
	passedKey struct{}
	localsKey struct{}
)

// Middleware makes middleware of fiber's guard what has left fiber, for Use of what Legacy returns,
// or of Routes. It sees the head of the request and no body. If it answers instead of calling
// c.Next, that is the answer; where it calls that, its headers stand on the answer of what has
// moved, and its Locals are read with Value. c.Next returns before the moved handler runs, so what
// middleware makes of the answer afterwards is lost.
func Middleware(mw ...fiber.Handler) func(http.Handler) http.Handler {
	app := fiber.New()
	for _, m := range mw {
		app.Use(m)
	}
	app.Use(func(c fiber.Ctx) error {
		c.RequestCtx().SetUserValue(passedKey{}, true)
		return nil
	})
	run := app.Handler()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var req fasthttp.Request
			var c fasthttp.RequestCtx
			req.Header.SetMethod(r.Method)
			req.SetRequestURI(target(r))
			req.Header.SetHost(r.Host)
			for name, values := range r.Header {
				for _, v := range values {
					req.Header.Add(name, v)
				}
			}
			addr, err := net.ResolveTCPAddr("tcp", r.RemoteAddr)
			if err != nil {
				addr = nil
			}
			c.Init(&req, addr, nil)
			run(&c)
			passed := c.UserValue(passedKey{}) != nil
			for name, value := range c.Response.Header.All() {
				if key := string(name); !passed || key != "Content-Type" && key != "Content-Length" {
					w.Header().Add(key, string(value))
				}
			}
			if !passed {
				w.WriteHeader(c.Response.StatusCode())
				w.Write(c.Response.Body())
				return
			}
			locals := make(map[any]any)
			c.VisitUserValuesAll(func(key, value any) { locals[key] = value })
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), localsKey{}, locals)))
		})
	}
}

// Value is what middleware has put into its Locals under key, if it is a T: in place of
// fiber.Locals[T](c, key).
//
//	user, ok := legacyfiber.Value[User](req.Context(), "user")
func Value[T any](ctx context.Context, key any) (T, bool) {
	locals, _ := ctx.Value(localsKey{}).(map[any]any)
	v, ok := locals[key].(T)
	return v, ok
}
