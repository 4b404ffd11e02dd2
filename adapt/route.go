package adapt

// What the mux tells about its routes, and what it knows of one itself.

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

// Shape is the kind of handler that a route was registered with. The zero value is HTTP.
type Shape uint8

const (
	ShapeHTTP   Shape = iota // an http.Handler
	ShapeReqRes              // a reqres.Handler, the mutable shape
	ShapeFetch               // a fetch.Handler, the immutable shape
	ShapeLegacy              // an endpoint of a legacy app, which its own router serves
)

var shapes = [...]string{ShapeHTTP: "http", ShapeReqRes: "reqres", ShapeFetch: "fetch", ShapeLegacy: "legacy"}

// String is the name of the shape as reports print it: http, reqres, fetch or legacy.
func (s Shape) String() string {
	if int(s) < len(shapes) {
		return shapes[s]
	}
	return "shape " + strconv.Itoa(int(s))
}

// anyMethod is the method of a route that serves all methods.
const anyMethod = "ANY"

// Route is one endpoint of a mux. It is a value: changing it changes nothing in the mux.
type Route struct {
	// Method is the method as registered, or ANY for a route of Any or Mount, which serves all of
	// them.
	Method string
	// Pattern is the path as it was written, behind the prefixes of its scopes.
	Pattern string
	// Handler is the name of the handler, taken before middleware or a conversion wraps it.
	Handler string
	// Source is the place of the registering call, as file:line.
	Source string
	// Owner is that of the innermost scope that names one.
	Owner string
	// Shape is the shape in which the route was registered.
	Shape Shape
	// Pair is the migration of a route of Migrate, else nil.
	Pair *migrate.Pair
	// In and Out are the types of a handler of fetch.Typed, which may be the new side of a
	// migration; else nil.
	In, Out reflect.Type
	// Status is the status with which such a handler answers when it does not fail; else 0.
	Status int
	// Fails is the statuses with which it may answer when it fails, in order and with spaces
	// between them, such as "400 404": those that Typed answers by itself and those that
	// fetch.Fails has named. A guard, a panic and an error that nobody has named have others.
	Fails string
	// App is the name of the legacy app that serves the endpoint, or that served it before Migrate
	// or Moved; else "".
	App string
	// Reason says why an endpoint of a legacy app is not in the table; Pattern then is the app's
	// own. Usually "".
	Reason string
}

// String is the route in one line, such as
//
//	fetch GET /accounts/:id api.GetAccount api/routes.go:18
func (r Route) String() string {
	return strings.Join([]string{r.Shape.String(), r.request(), r.Handler, r.Source}, " ")
}

// request returns the request of the route as reports write it, such as GET /users/:id.
func (r Route) request() string { return r.Method + " " + r.Pattern }

// servePattern returns what http.ServeMux would call the route.
func (r Route) servePattern() string {
	if r.Method == anyMethod {
		return r.Pattern
	}
	return r.request()
}

// entry is a route with what the mux needs to find and to serve it.
type entry struct {
	Route
	pattern pattern.Pattern
	take    bool   // registered with Take: meant to take its verb from an Any of another shape
	caller  string // where the helper was called that registered the route
	order   int    // of registration
	asSent  bool   // a Mount or a legacy app: it has no parameters, and sees paths as they were sent
	target  target

	app      *app     // the legacy app that it belongs or belonged to
	endpoint Endpoint // of the app
	rest     bool     // all that the app does not list
	taken    *entry   // what Migrate or Moved has put in its place
	row      *entry   // of a route that Migrate or Moved has registered: the endpoint that it is for, if it is listed
}

// oldHandler returns the name of the handler of the old side of a migration.
func (e *entry) oldHandler() string {
	switch {
	case e.row != nil:
		return e.row.Handler
	case e.app != nil:
		return e.app.Name
	}
	return callsite.FuncName(origin(e.target.line.reqres))
}

// sharesMethod reports whether some method is registered for both. That a GET route serves HEAD
// does not count: a HEAD route beside it is not a surprise.
func (e *entry) sharesMethod(other *entry) bool {
	return e.Method == other.Method || e.Method == anyMethod || other.Method == anyMethod
}

// foreign reports whether a handler is of another shape than that of e, which is in no migration: a
// migration is of two, and each app is one of its own.
func (e *entry) foreign(other *entry) bool {
	return other.Pair != nil || other.Shape != e.Shape || e.ofApp() && other.app != e.app
}

// ofApp reports whether a legacy app serves e.
func (e *entry) ofApp() bool { return e.Shape == ShapeLegacy }

// part reports whether e has left an endpoint of an app where it was, of which it takes one method.
func (e *entry) part() bool { return e.row != nil && e.row.taken != e }

// dead reports whether e is an endpoint of an app that gets no requests any more.
func (e *entry) dead() bool { return e.taken != nil && e.taken.Pair == nil }

// served returns the entries that the table holds.
func served(all []*entry) []*entry {
	return slices.DeleteFunc(slices.Clone(all), func(e *entry) bool { return !e.routable() || e.taken != nil })
}

// byPrecedence orders entries as the mux chooses between them: the more specific pattern, then a
// verb before Any. Entries that are equal in both collide; they have a place too.
func byPrecedence(a, b *entry) int {
	if c := pattern.Compare(a.pattern, b.pattern); c != 0 {
		return c
	}
	if c := compareMethods(a.Method, b.Method); c != 0 {
		return c
	}
	return bySource(a, b)
}

func compareMethods(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == anyMethod:
		return 1
	case b == anyMethod:
		return -1
	}
	return strings.Compare(a, b)
}

// bySource orders entries by the place that registers them, so that a report reads like the code,
// whatever the order of registration was.
func bySource(a, b *entry) int {
	return cmp.Or(
		comparePositions(a.Source, b.Source),
		comparePositions(a.caller, b.caller),
		strings.Compare(a.Pattern, b.Pattern),
		compareMethods(a.Method, b.Method),
		cmp.Compare(a.Shape, b.Shape),
		strings.Compare(a.Handler, b.Handler),
		cmp.Compare(a.order, b.order),
	)
}

// comparePositions orders file:line by file, then by number.
func comparePositions(a, b string) int {
	file := func(position string) string { return strings.TrimRight(position, "0123456789") }
	return cmp.Or(strings.Compare(file(a), file(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// sorted returns the entries in another order, leaving theirs alone.
func sorted(entries []*entry, order func(a, b *entry) int) []*entry {
	s := slices.Clone(entries)
	slices.SortFunc(s, order)
	return s
}
