// Package legacygorilla puts a gorilla/mux router under a crossfade mux, to move its endpoints one
// by one.
//
//	func shop(r *adapt.Routes) {
//		old := r.Legacy("/", legacygorilla.App(router))   // every request reaches gorilla as before
//		old.Use(legacygorilla.Middleware(auth, logging))  // gorilla's own guards, around what has left it
//		old.Migrate("GET", "/articles/{id}", getArticle)  // its old side is gorilla
//		old.Moved("GET", "/search", search)
//	}
//
// The other way round, with gorilla in front, is router.NotFoundHandler = mux: what gorilla does
// not know goes to the mux. gorilla runs no middleware for it.
//
// What it cannot do: a path with a regular expression, or with text beside a variable, and a route
// that also asks for a host or a query, have no counterpart in the syntax of the mux. Such an
// endpoint is counted and served by gorilla. What a MatcherFunc, Headers or Schemes ask for cannot
// be seen: move such a route only together with all others of its path. mux.CurrentRoute is nil in
// what has moved.
package legacygorilla

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt"
)

// App is the router as a legacy app, with the endpoints that are registered by now, those of its
// subrouters among them. A route that is added later is served, and not listed. A route without
// Methods is one for ANY.
func App(router *mux.Router) adapt.App {
	app := adapt.App{Name: "gorilla", Handler: router, Endpoints: []adapt.Endpoint{}}
	router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		own, err := r.GetPathTemplate()
		if err != nil || r.GetHandler() == nil {
			return nil // a subrouter, of which the routes come by themselves; or a route by its host alone
		}
		methods, err := r.GetMethods()
		if err != nil {
			methods = []string{"ANY"}
		}
		for _, method := range methods {
			e := adapt.Endpoint{Method: method, Own: own}.ServedBy(r.GetHandler())
			e.Pattern, e.Reason = pattern(r, own)
			app.Endpoints = append(app.Endpoints, e)
		}
		return nil
	})
	return app
}

// pattern returns the path of a route in the syntax of the mux.
func pattern(r *mux.Route, own string) (p, reason string) {
	if host, err := r.GetHostTemplate(); err == nil {
		return "", fmt.Sprintf("the route also asks for the host %s", host)
	}
	if queries, _ := r.GetQueriesTemplates(); len(queries) > 0 {
		return "", fmt.Sprintf("the route also asks for the query %s", strings.Join(queries, "&"))
	}
	segments := strings.Split(own, "/")
	for i, s := range segments {
		name, begins := strings.CutPrefix(s, "{")
		name, ends := strings.CutSuffix(name, "}")
		name, everything := strings.CutSuffix(name, ":.*")
		switch {
		case begins && ends && !strings.ContainsAny(name, "{}:"):
			if segments[i] = word(":", name); everything {
				segments[i] = word("*", name)
			}
		case strings.ContainsAny(s, "{}"):
			return "", fmt.Sprintf("%q is a regular expression or only in part a variable, and a parameter of the mux is any whole segment", s)
		default:
			segments[i] = literal.Replace(s)
		}
	}
	p = strings.Join(segments, "/")
	expr, err := r.GetPathRegexp()
	switch prefix := err == nil && !strings.HasSuffix(expr, "$"); {
	case prefix && strings.HasSuffix(own, "/"):
		return p + "*rest", ""
	case prefix:
		return "", fmt.Sprintf("PathPrefix(%q) also matches %sx", own, own)
	}
	return p, ""
}

// word returns a parameter or a catch-all, in brackets where its name needs them.
func word(sign, name string) string {
	switch {
	case !strings.ContainsAny(name, "-.~+ "):
		return sign + name
	case sign == "*":
		return "[..." + name + "]"
	}
	return "[" + name + "]"
}

// literal escapes what the mux would read as syntax.
var literal = strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`, "*", `\*`, "?", "%3F", "#", "%23")

// Middleware makes gorilla's middleware guard what has left it, for Use of what Legacy returns. It
// is middleware of net/http as it stands; Middleware gives it the variables that it finds under
// gorilla: mux.Vars has the parameters of the route.
func Middleware(mw ...mux.MiddlewareFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		h := next
		for _, m := range slices.Backward(mw) {
			h = m(h)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			vars := make(map[string]string)
			for _, p := range httprouter.ParamsFromContext(r.Context()) {
				vars[p.Key] = p.Value
			}
			h.ServeHTTP(w, mux.SetURLVars(r, vars))
		})
	}
}
