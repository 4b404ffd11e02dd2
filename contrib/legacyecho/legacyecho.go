// Package legacyecho puts an echo v5 instance under a crossfade mux, to move its endpoints one by
// one.
//
//	func shop(r *adapt.Routes) {
//		old := r.Legacy("/", legacyecho.App(e))         // every request reaches echo as before
//		old.Use(legacyecho.Middleware(e, auth))         // echo's own guard, around what has left echo
//		old.Migrate("GET", "/products/:id", getProduct) // its old side is echo
//		old.Moved("GET", "/search", search)
//	}
//
// The other way round, with echo in front, is e.RouteNotFound("/*", echo.WrapHandler(mux)): what
// echo does not know goes to the mux.
//
// What it cannot do: echo does not say which function serves a route, so reports have the names of
// routes. The *echo.Context does not reach a moved handler, only what was Set in it (Value), and
// the context of its request. A catch-all of echo's matches the lone slash as well (/any/ for
// /any/*); where such an endpoint has moved, the lone slash is still echo's. A * or : behind text,
// such as /static* of e.Static, has no counterpart in the syntax of the mux.
package legacyecho

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v5"

	"github.com/crossfade-go/crossfade/adapt"
)

// App is the instance as a legacy app, with the endpoints that are registered by now. A route that
// is added later is served, and not listed.
func App(e *echo.Echo) adapt.App {
	app := adapt.App{Name: "echo", Handler: e, Endpoints: []adapt.Endpoint{}, JSON: "application/json"}
	for _, r := range e.Router().Routes() {
		method := r.Method
		switch method {
		case echo.RouteNotFound:
			continue
		case echo.RouteAny:
			method = "ANY"
		}
		p := adapt.Endpoint{Method: method, Own: r.Path, Handler: r.Name}
		p.Pattern, p.Reason = pattern(r.Path)
		app.Endpoints = append(app.Endpoints, p)
	}
	return app
}

// pattern returns a path of echo's in the syntax of the mux.
func pattern(own string) (p, reason string) {
	segments := strings.Split(own, "/")
	for i, s := range segments {
		at := strings.IndexAny(s, ":*")
		switch {
		case strings.Contains(s, `\`):
			return "", fmt.Sprintf("%q has a backslash, which echo reads in its own way", s)
		case at > 0 || at == 0 && strings.ContainsAny(s[1:], ":*"):
			return "", fmt.Sprintf("%q is only in part a parameter, and a parameter of the mux is a whole segment", s)
		case at < 0:
			segments[i] = literal.Replace(s)
		case s == "*":
			segments[i] = "*" + catchAll
		case s[0] == '*':
			return "", fmt.Sprintf("%q has text behind the star", s)
		case strings.ContainsFunc(s[1:], isPunctuation):
			segments[i] = "[" + s[1:] + "]"
		}
	}
	return strings.Join(segments, "/"), ""
}

// catchAll is the name that echo's * has in the mux.
const catchAll = "rest"

// isPunctuation reports whether a name with r needs brackets in the mux's syntax.
func isPunctuation(r rune) bool {
	return r != '_' && !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark)
}

// literal escapes what the mux would read as syntax.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, "{", "%7B", "}", "%7D", "?", "%3F", "#", "%23")

type contextKey struct{}

// Middleware makes middleware of echo's guard what has left echo, for Use of what Legacy returns,
// or of Routes. It runs with a Context of e, whose error handler answers what it returns, and whose
// IPExtractor, Validator and Logger it finds. Value reads the values that it Sets; what it puts
// into the context of c.Request is there as well; c.Param reads the parameters of the mux's route.
func Middleware(e *echo.Echo, mw ...echo.MiddlewareFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		h := func(c *echo.Context) error {
			r := c.Request()
			next.ServeHTTP(c.Response(), r.WithContext(context.WithValue(r.Context(), contextKey{}, c)))
			return nil
		}
		for _, m := range slices.Backward(mw) {
			h = m(h)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := e.NewContext(r, w)
			values := echo.PathValues{}
			for _, p := range httprouter.ParamsFromContext(r.Context()) {
				values = append(values, echo.PathValue{Name: p.Key, Value: p.Value})
				if p.Key == catchAll {
					values = append(values, echo.PathValue{Name: "*", Value: p.Value})
				}
			}
			c.SetPathValues(values)
			if err := h(c); err != nil {
				e.HTTPErrorHandler(c, err)
			}
		})
	}
}

// Value is what middleware has Set under key, if it is a T: in place of echo.ContextGet[T](c, key).
//
//	user, ok := legacyecho.Value[User](req.Context(), "user")
func Value[T any](ctx context.Context, key string) (T, bool) {
	var none T
	c, ok := ctx.Value(contextKey{}).(*echo.Context)
	if !ok {
		return none, false
	}
	v, ok := c.Get(key).(T)
	return v, ok
}
