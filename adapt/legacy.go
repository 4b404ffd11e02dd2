package adapt

// Legacy apps: a Mount that knows its endpoints. Each is a row of the table and ranks by its
// pattern, so that it cannot be taken by accident; what the app does not list has the lowest rank.
// Of an endpoint that moves the row goes: Migrate and Moved stand in its place.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/pattern"
	"github.com/crossfade-go/crossfade/reqres"
)

// Legacy is an app in a mux: what Routes.Legacy returns, to move its endpoints. Like Routes it is
// for the function that registers routes, and not for several goroutines.
type Legacy struct {
	app   *app
	outer *scope // where Legacy was called, below the prefix
	moved *scope // behind what Use was given
	serve http.Handler
}

// Legacy serves app under prefix: all methods and all paths that no other route takes, as Mount
// does, with the requests as they were sent, less the prefix. Its 404, its 405 and its redirects
// are its own, also at a path of which some method has moved. Unlike a mounted handler it is known
// by its endpoints. They stand in the table and rank as routes do: a route of the mux serves what
// its pattern says more specifically than any endpoint of the app, which Overlaps lists, and a
// route that matches just what an endpoint does is a collision, unless Migrate or Moved says that
// it is meant. The scope's own settings (Use, Owner, Limits, CORS) hold for the app as for any
// route.
func (r *Routes) Legacy(prefix string, a App) *Legacy {
	at := callsite.Caller()
	prefix = strings.TrimSuffix(prefix, "/")
	outer, moved := r.s.nested(), r.s.nested()
	outer.Prefix += prefix
	moved.Prefix += prefix
	l := &Legacy{app: newApp(a, outer.Prefix), outer: outer, moved: moved}
	l.serve = l.app.serve()
	outer.Migration = l.app.migration(r.s.Migration)
	switch {
	case prefix != "" && prefix[0] != '/':
		r.s.mistake(at, fmt.Errorf("the prefix %q of a legacy app must begin with /", prefix))
		return l
	case a.Handler == nil:
		r.s.mistake(at, fmt.Errorf("the legacy app %s has a nil Handler", l.app.Name))
		return l
	}
	rest, err := pattern.Parse(outer.Prefix + "/[[...rest]]")
	if err != nil {
		r.s.mistake(at, err)
		return l
	}
	r.s.builder.apps = append(r.s.builder.apps, l.app)
	r.s.register(at)
	target := target{line: &registration{http: l.serve}, scope: r.s}
	for _, e := range a.Endpoints {
		row, err := l.app.row(e, r.s.Owner, at)
		if err != nil {
			r.s.mistake(at, err)
			continue
		}
		row.target, row.order = target, len(r.s.entries)
		l.app.rows = append(l.app.rows, row)
		r.s.entries = append(r.s.entries, row)
	}
	l.app.rest = &entry{
		Route: Route{
			Method: anyMethod, Pattern: outer.Prefix + "/[[...]]", Handler: l.app.Name, Source: at.Position,
			Owner: r.s.Owner, Shape: ShapeLegacy, App: l.app.Name,
		},
		app: l.app, rest: true, asSent: true, pattern: rest, caller: at.CalledFrom, order: len(r.s.entries), target: target,
	}
	r.s.entries = append(r.s.entries, l.app.rest)
	return l
}

// migration returns the configuration of the app's migrations: that of the scope, with the rules of
// the app.
func (a *app) migration(of migrate.Config) migrate.Config {
	c := migrate.Internal(door.Key()).Inherit(migrate.Config{Rules: a.Rules}, of)
	c.Name = of.Name
	return c
}

// Use puts net/http middleware around what has left the app and what is on its way: usually the
// app's own, as its module makes it (legacygin.Middleware), since the app runs that around what it
// still serves. It stands around the handlers of Moved and around the new sides of Migrate, inside
// what the scope uses. A new side that runs as a shadow runs it too. Use must come before Migrate
// and Moved.
func (l *Legacy) Use(mw ...func(http.Handler) http.Handler) {
	for _, m := range mw {
		l.moved.use("Use of a legacy app", middleware{http: m}, m == nil)
	}
}

// With returns the app for endpoints of a group that has middleware of its own, which stands inside
// what Use was given:
//
//	admin := old.With(legacygin.Middleware(auth))
//	admin.Moved("GET", "/admin/stats", stats)
func (l *Legacy) With(mw ...func(http.Handler) http.Handler) *Legacy {
	with := *l
	with.moved = l.moved.nested()
	for _, m := range mw {
		with.moved.use("With of a legacy app", middleware{http: m}, m == nil)
	}
	return &with
}

// guards returns what Use and With were given, outermost first.
func (l *Legacy) guards() (all []middleware) {
	for s := l.moved; s != l.outer.parent; s = s.parent {
		all = append(slices.Clone(s.chain), all...)
	}
	return all
}

// Migrate registers a new handler for an endpoint of the app, which remains its old side. method
// and path are the endpoint's, without the prefix of the app, the path in the syntax of this mux or
// in the app's own. An endpoint that the app does not list is a mistake, which New reports with the
// nearest that it lists; of an endpoint for ANY, this method alone is migrated.
func (l *Legacy) Migrate(method, path string, next fetch.Handler) *migrate.Pair {
	row, path, ok := l.endpoint("Migrate", method, path)
	l.moved.register(callsite.Caller())
	guarded := next
	if guards := l.guards(); !isNil(origin(next)) && len(guards) > 0 {
		guarded = l.guard(next, guards)
	}
	if !ok { // a pair for the caller's next line
		pair, _ := migrate.NewPair(migrate.Config{Name: method + " " + l.app.prefix + path})
		return pair
	}
	n := len(l.outer.entries)
	var pair *migrate.Pair
	pair = l.outer.migrate(method, path, reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchange.CallHTTP(l.serve, w, readable(pair, r))
	})), guarded)
	migrate.Internal(door.Key()).OldHealthy(pair, l.app.Healthy)
	if len(l.outer.entries) > n {
		e := l.outer.entries[n]
		e.Handler = callsite.FuncName(origin(next))
		if e.In == nil { // else it was seen when it was registered
			l.outer.describe(callsite.Caller(), e, next)
		}
		l.takes(e, row)
	}
	return pair
}

// Moved registers the handler of an endpoint that has left the app, which does not serve it any
// more: the reports name the function of the app that is dead now. Method and path are as for
// Migrate.
func (l *Legacy) Moved(method, path string, next fetch.Handler) {
	row, path, ok := l.endpoint("Moved", method, path)
	if !ok {
		return
	}
	n := len(l.moved.entries)
	l.moved.add(registration{method: method, path: path, shape: ShapeFetch, fetch: next, take: true})
	if len(l.moved.entries) > n {
		l.takes(l.moved.entries[n], row)
	}
}

// endpoint finds the endpoint that a line names, and the path to register. What cannot be meant is
// a mistake of the line, and not ok.
func (l *Legacy) endpoint(call, method, path string) (row *entry, registered string, ok bool) {
	at := callsite.Caller()
	mistake := func(err error) (*entry, string, bool) {
		l.outer.mistake(at, fmt.Errorf("%s %s %s: %w", call, method, path, err))
		return nil, path, false
	}
	p, err := pattern.Parse(below(l.app.prefix, path))
	row = l.app.find(method, path, p)
	switch {
	case l.app.Handler == nil:
		return nil, path, false // said already
	case row != nil && !row.routable():
		return mistake(fmt.Errorf("%s has this endpoint, but the mux cannot tell its requests from others: %s. Leave it to the app, or register a route that takes all that its pattern matches", l.app.Name, row.Reason))
	case row != nil && row.endpoint.own() == path:
		return row, row.endpoint.Pattern, true // written as the app writes it
	case err != nil:
		return mistake(err)
	case row == nil && l.app.listed():
		return mistake(l.app.unknown(method, path))
	}
	return row, path, true
}

// takes notes that e stands in the place of a row. A row for ANY stays where only one of its
// methods goes.
func (l *Legacy) takes(e, row *entry) {
	e.App, e.app, e.row, e.take = l.app.Name, l.app, row, true
	if row != nil && row.Method == e.Method && row.taken == nil {
		row.taken = e
	}
	if e.Method == anyMethod && e.pattern.Key() == l.app.rest.pattern.Key() {
		l.app.rest.taken = e // nothing is left
	}
}

// guard is next behind what Use and With were given. Middleware of net/http knows answers only, so
// what next declines goes around it.
func (l *Legacy) guard(next fetch.Handler, guards []middleware) fetch.Handler {
	inner := func(req *fetch.Request) (*fetch.Response, error) {
		res, err := next(req)
		if d, ok := req.Context().Value(declinedKey{}).(*declined); ok && errors.Is(err, migrate.ErrDecline) {
			d.err = err
		}
		return res, err
	}
	var whole fetch.Handler
	l.moved.late = append(l.moved.late, func() error {
		h, err := handler{fetch: inner}.around(guards)
		if err == nil {
			whole = h.asFetch()
		}
		return err
	})
	return func(req *fetch.Request) (*fetch.Response, error) {
		d := new(declined)
		res, err := whole(req.WithContext(context.WithValue(req.Context(), declinedKey{}, d)))
		if d.err != nil {
			res.Close()
			return nil, d.err
		}
		return res, err
	}
}

// readable returns a request whose answer is to be compared, without the content codings that a
// comparison cannot read: a browser would get brotli.
func readable(pair *migrate.Pair, r *http.Request) *http.Request {
	stage := pair.Plan().Stage
	if stage == migrate.Old || stage == migrate.New || r.Header["Accept-Encoding"] == nil {
		return r
	}
	var kept []string
	for coding := range strings.SplitSeq(strings.Join(r.Header["Accept-Encoding"], ","), ",") {
		name, _, _ := strings.Cut(coding, ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "deflate", "identity":
			kept = append(kept, strings.TrimSpace(coding))
		}
	}
	r2 := *r
	r2.Header = r.Header.Clone()
	r2.Header["Accept-Encoding"] = []string{cmp.Or(strings.Join(kept, ", "), "identity")}
	return &r2
}

type declinedKey struct{}

// declined is what the handler inside has said to the pair outside.
type declined struct{ err error }
