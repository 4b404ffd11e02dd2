// Package legacygin puts a gin engine under a crossfade mux, to move its endpoints one by one.
//
//	func shop(r *adapt.Routes) {
//		old := r.Legacy("/", legacygin.App(engine))     // every request reaches gin as before
//		old.Use(legacygin.Middleware(auth))             // gin's own guard, around what has left gin
//		old.Migrate("GET", "/products/:id", getProduct) // its old side is the engine
//		old.Moved("GET", "/search", search)
//	}
//
// The other way round, with gin in front, is engine.NoRoute(gin.WrapH(mux)): what gin does not know
// goes to the mux.
//
// What it cannot do: gin's *gin.Context does not reach a moved handler, only what was Set in it
// (Value), and the context of its request. A catch-all of gin's matches the lone slash as well
// (/any/ for /any/*rest); where such an endpoint has moved, the lone slash is still gin's.
package legacygin

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/crossfade-go/crossfade/adapt"
)

// App is the engine as a legacy app, with the endpoints that are registered by now. A route that is
// added later is served, and not listed.
func App(engine *gin.Engine) adapt.App {
	app := adapt.App{Name: "gin", Handler: engine, Endpoints: []adapt.Endpoint{}, JSON: "application/json; charset=utf-8"}
	for _, r := range engine.Routes() {
		e := adapt.Endpoint{Method: r.Method, Own: r.Path}.ServedBy(r.HandlerFunc)
		e.Pattern, e.Reason = pattern(r.Path)
		app.Endpoints = append(app.Endpoints, e)
	}
	return app
}

// pattern returns a path of gin's in the syntax of the mux. A wildcard of gin's ends at the next
// slash, whatever its name has in it, and may stand behind text, which the mux has no word for.
func pattern(own string) (p, reason string) {
	segments := strings.Split(own, "/")
	for i, s := range segments {
		at := strings.IndexAny(s, ":*")
		switch {
		case strings.Contains(s, `\`):
			return "", fmt.Sprintf("%q has a backslash, which gin reads in its own way", s)
		case at > 0:
			return "", fmt.Sprintf("%q is only in part a parameter, and a parameter of the mux is a whole segment", s)
		case at < 0:
			segments[i] = literal.Replace(s)
		case !strings.ContainsFunc(s[1:], isPunctuation):
		case s[0] == '*':
			segments[i] = "[..." + s[1:] + "]"
		default:
			segments[i] = "[" + s[1:] + "]"
		}
	}
	return strings.Join(segments, "/"), ""
}

// isPunctuation reports whether a name with r needs brackets in the mux's syntax.
func isPunctuation(r rune) bool {
	return r != '_' && !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark)
}

// literal escapes what the mux would read as syntax.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, "{", "%7B", "}", "%7D", "?", "%3F", "#", "%23", "%", "%25")

type (
	nextKey struct{}
	keysKey struct{}
)

// Middleware makes middleware of gin's guard what has left gin, for Use of what Legacy returns, or
// of Routes. Value reads the values that it Sets; what it puts into the context of c.Request is
// there as well. It runs in an engine of its own, which trusts no proxy, so that c.ClientIP is the
// peer: for another setting, see MiddlewareOf.
func Middleware(mw ...gin.HandlerFunc) func(http.Handler) http.Handler {
	return MiddlewareOf(nil, mw...)
}

// MiddlewareOf is Middleware in an engine that configure sets up as the service sets up its own:
// trusted proxies, ContextWithFallback, limits of forms.
func MiddlewareOf(configure func(*gin.Engine), mw ...gin.HandlerFunc) func(http.Handler) http.Handler {
	engine := gin.New()
	engine.SetTrustedProxies(nil)
	if configure != nil {
		configure(engine)
	}
	engine.Use(func(c *gin.Context) {
		c.Status(http.StatusOK) // gin begins a request without a route with 404
		c.Next()
		c.Writer.WriteHeaderNow() // and ends it with a text of its own, unless it is answered
	})
	engine.Use(mw...)
	engine.NoRoute(func(c *gin.Context) {
		ctx := context.WithValue(c.Request.Context(), keysKey{}, maps.Clone(c.Keys))
		c.Request.Context().Value(nextKey{}).(http.Handler).ServeHTTP(c.Writer, c.Request.WithContext(ctx))
	})
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			engine.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), nextKey{}, next)))
		})
	}
}

// Value is what middleware has Set under key, if it is a T: in place of c.MustGet(key).(T).
//
//	user, ok := legacygin.Value[User](req.Context(), "user")
func Value[T any](ctx context.Context, key any) (T, bool) {
	keys, _ := ctx.Value(keysKey{}).(map[any]any)
	v, ok := keys[key].(T)
	return v, ok
}
