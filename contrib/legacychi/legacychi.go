// Package legacychi puts a chi router under a crossfade mux, to move its endpoints one by one.
//
//	func shop(r *adapt.Routes) {
//		old := r.Legacy("/", legacychi.App(router))      // every request reaches chi as before
//		old.Use(legacychi.Middleware(auth, articleCtx))  // chi's own guards, around what has left chi
//		old.Migrate("GET", "/articles/{id}", getArticle) // its old side is chi
//		old.Moved("GET", "/search", search)
//	}
//
// The other way round, with chi in front, is router.NotFound(mux.ServeHTTP): what chi does not know
// goes to the mux. It must come before chi's own routes are mounted, and chi answers methods that
// it does not know itself.
//
// What it cannot do: a path with a regular expression, or with text beside a parameter, has no
// counterpart in the syntax of the mux. Such an endpoint is counted and served by chi. A catch-all
// of chi's matches the lone slash as well (/any/ for /any/*); where such an endpoint has moved, the
// lone slash is still chi's.
package legacychi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt"
)

// App is the router as a legacy app, with the endpoints that are registered by now, those of its
// subrouters among them. A route that is added later is served, and not listed.
func App(router chi.Router) adapt.App {
	app := adapt.App{Name: "chi", Handler: router, Endpoints: []adapt.Endpoint{}}
	walk(router, "", func(e adapt.Endpoint) { app.Endpoints = append(app.Endpoints, e) })
	return app
}

// walk is chi.Walk that leaves an endpoint for all methods as one.
func walk(routes chi.Routes, prefix string, each func(adapt.Endpoint)) {
	for _, route := range routes.Routes() {
		own := strings.ReplaceAll(prefix+route.Pattern, "/*/", "/")
		if route.SubRoutes != nil {
			walk(route.SubRoutes, prefix+route.Pattern, each)
			continue
		}
		methods := []string{"*"}
		if route.Handlers["*"] == nil {
			methods = methods[:0]
			for method := range route.Handlers {
				methods = append(methods, method)
			}
			slices.Sort(methods)
		}
		paths := []string{own}
		if root, ok := strings.CutSuffix(own, "/"); ok && prefix != "" && root != "" {
			paths = []string{root, own} // the root of a mounted router has two spellings
		}
		for _, method := range methods {
			h := route.Handlers[method]
			if chain, ok := h.(*chi.ChainHandler); ok {
				h = chain.Endpoint
			}
			for _, path := range paths {
				e := adapt.Endpoint{Method: method, Own: path}.ServedBy(h)
				if method == "*" {
					e.Method = "ANY"
				}
				e.Pattern, e.Reason = pattern(path)
				each(e)
			}
		}
	}
}

// catchAll is the name that chi's * has in the mux.
const catchAll = "rest"

// pattern returns a path of chi's in the syntax of the mux.
func pattern(own string) (p, reason string) {
	segments := strings.Split(own, "/")
	for i, s := range segments {
		name, ok := strings.CutPrefix(s, "{")
		name, ends := strings.CutSuffix(name, "}")
		switch {
		case s == "*":
			segments[i] = "*" + catchAll
		case ok && ends && !strings.ContainsAny(name, "{}:"):
			segments[i] = "[" + name + "]"
		case strings.ContainsAny(s, "{}"):
			return "", fmt.Sprintf("%q is a regular expression or only in part a parameter, and a parameter of the mux is any whole segment", s)
		default:
			segments[i] = literal.Replace(s)
		}
	}
	return colons(segments), ""
}

// colons joins the segments, with a colon in place of the brackets where the name allows it.
func colons(segments []string) string {
	for i, s := range segments {
		if name := strings.Trim(s, "[]"); strings.HasPrefix(s, "[") && !strings.ContainsAny(name, "-.~+ ") {
			segments[i] = ":" + name
		}
	}
	return strings.Join(segments, "/")
}

// literal escapes what the mux would read as syntax.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`, "*", `\*`, "?", "%3F", "#", "%23")

// Middleware makes chi's middleware guard what has left chi, for Use of what Legacy returns. It is
// middleware of net/http as it stands; Middleware gives it the chi.RouteContext that it finds under
// chi: chi.URLParam reads the parameters of the mux's route, a catch-all under its name and as "*",
// and RoutePattern is the pattern of the route.
func Middleware(mw ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		h := chi.Chain(mw...).Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			route := chi.NewRouteContext()
			_, pattern, _ := strings.Cut(r.Pattern, " ")
			route.RoutePatterns = []string{pattern}
			for _, p := range httprouter.ParamsFromContext(r.Context()) {
				route.URLParams.Add(p.Key, p.Value)
				if p.Key == catchAll || strings.HasSuffix(pattern, "*"+p.Key) || strings.HasSuffix(pattern, "[..."+p.Key+"]") {
					route.URLParams.Add("*", p.Value)
				}
			}
			h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, route)))
		})
	}
}
