package adapt

// What a mux knows of a legacy app: its endpoints, as its own router lists them. From the list come
// the rows of the table, the report of what is left, and the mistakes in what Migrate and Moved
// name.

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

// App is an application with a router of its own, for Routes.Legacy: an engine in this process (the
// modules contrib/legacygin, legacychi and so on make one), or a back end in another process
// (package origin). The zero value but for Handler is an app of which nothing is known. It is read
// by Legacy and must not be changed afterwards.
type App struct {
	// Name is what reports call the app, such as gin. Default "legacy".
	Name string
	// Handler serves the app. It gets each request as it was sent, less the prefix.
	Handler http.Handler
	// Endpoints are those that the app has. nil means that nobody knows: the app is served all the
	// same, is counted as unknown, and Migrate and Moved are not checked. An app that has none has
	// an empty list.
	Endpoints []Endpoint
	// Rules say in what the answers of the app differ from those of any port of its endpoints. They
	// are added to the rules of each of its migrations.
	Rules parity.Rules
	// JSON is the media type of the app's JSON, such as "application/json; charset=utf-8", which
	// the ports of its endpoints answer with too. Default: that of the mux.
	JSON string
	// Healthy reports whether the app can answer. While it is false no migration falls back or
	// rolls back to the app. It is called on the path of requests, so it must answer from memory.
	// nil: always.
	Healthy func() bool
}

// Endpoint is one endpoint of an App.
type Endpoint struct {
	// Method is the method, or ANY for all of them.
	Method string
	// Pattern is the path below the app in the syntax of this mux, such as /users/:id; "" where
	// that cannot say it. An endpoint without one, or with one that breaks a rule, is counted and
	// served by the app, and cannot be moved.
	Pattern string
	// Own is the path as the app's router has it, such as /users/{id}. Default: Pattern.
	Own string
	// Reason says why there is no Pattern. Default: the rule that it breaks.
	Reason string
	// Handler is the name of the function that serves it, for reports.
	Handler string
	// Source is the line of that function, or of its registration, as file:line. Default: the line
	// of Legacy.
	Source string
}

// ServedBy returns e with the name of the function that serves it and the line in which it is
// written, or with the name of the type of a handler that is not a function. For adaptors, which
// find the function in their engine.
func (e Endpoint) ServedBy(handler any) Endpoint {
	e.Handler, e.Source = callsite.FuncName(handler), callsite.FuncSource(handler)
	return e
}

// String is the endpoint as the app's router has it, such as GET /users/{id}.
func (e Endpoint) String() string { return e.Method + " " + e.own() }

func (e Endpoint) own() string { return cmp.Or(e.Own, e.Pattern) }

// app is an App at its place in a mux.
type app struct {
	App
	prefix string
	rows   []*entry      // one for each endpoint, in the order of the list
	rest   *entry        // all that is not listed
	seen   atomic.Uint64 // requests that reached the app
}

func newApp(a App, prefix string) *app {
	a.Name = cmp.Or(a.Name, "legacy")
	return &app{App: a, prefix: prefix}
}

// listed reports whether the app says which endpoints it has.
func (a *app) listed() bool { return a.Endpoints != nil }

// serve returns the app's handler behind its prefix.
func (a *app) serve() http.Handler {
	h := behind(a.prefix, a.Handler)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.seen.Add(1)
		h.ServeHTTP(w, r)
	})
}

// row returns an endpoint as a route of the table; one without a pattern of ours stands beside the
// table. The second of two endpoints that match the same requests stands beside it too: which of
// them serves is up to the app.
func (a *app) row(e Endpoint, owner string, at callsite.Site) (*entry, error) {
	row := &entry{
		Route: Route{
			Method: e.Method, Pattern: below(a.prefix, cmp.Or(e.Pattern, e.own())), Handler: cmp.Or(e.Handler, a.Name), Source: e.Source,
			Owner: owner, Shape: ShapeLegacy, App: a.Name, Reason: e.Reason,
		},
		app: a, endpoint: e, asSent: true,
	}
	if e.Source == "" {
		row.Source, row.caller = at.Position, at.CalledFrom
	}
	if !header.ValidName(e.Method) {
		return nil, fmt.Errorf("the app %s lists %s: %q is not an HTTP method, nor ANY", a.Name, e, e.Method)
	}
	if e.Pattern == "" {
		row.Reason = cmp.Or(e.Reason, "its path cannot be said in the syntax of this mux")
		return row, nil
	}
	p, err := pattern.Parse(below(a.prefix, e.Pattern))
	if err != nil {
		row.Reason = err.Error()
		return row, nil
	}
	row.pattern = p
	for _, first := range a.rows {
		if first.routable() && first.Method == row.Method && first.pattern.Key() == p.Key() {
			row.pattern = pattern.Pattern{}
			row.Reason = "it matches the same requests as " + first.endpoint.String() + ", and the app decides between them"
			break
		}
	}
	return row, nil
}

// below joins a prefix and a path, of which the root is the prefix itself.
func below(prefix, path string) string {
	if prefix != "" && path == "/" {
		return prefix
	}
	return prefix + path
}

// routable reports whether the table can hold e.
func (e *entry) routable() bool { return len(e.pattern.Segments) > 0 }

// find returns the row that serves a method of a path, which is written below the app in the syntax
// of this mux or in the app's own. p is the path with the prefix.
func (a *app) find(method, path string, p pattern.Pattern) *entry {
	var found *entry
	for _, row := range a.rows {
		same := row.endpoint.own() == path ||
			row.routable() && p.Key() != "" && (row.pattern.Key() == p.Key() || row.pattern.OptionalKey() == p.Key())
		switch {
		case same && row.Method == method:
			return row
		case same && row.Method == anyMethod && found == nil:
			found = row
		}
	}
	return found
}

// unknown returns the mistake of naming an endpoint that the app does not have.
func (a *app) unknown(method, path string) error {
	if len(a.rows) == 0 {
		return fmt.Errorf("%s has no endpoints at all", a.Name)
	}
	asked := method + " " + skeleton(path)
	nearest := slices.Clone(a.rows)
	far := func(e *entry) int { return distance(asked, e.Method+" "+skeleton(e.endpoint.own())) }
	slices.SortStableFunc(nearest, func(x, y *entry) int { return cmp.Compare(far(x), far(y)) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s has no such endpoint. The nearest that it has:", a.Name)
	for i, e := range nearest {
		if i == 3 || far(e) > 2*far(nearest[0])+2 {
			break
		}
		fmt.Fprintf(&b, "\n     %s  %s  %s", e.endpoint, e.Handler, e.Source)
	}
	return fmt.Errorf("%s", b.String())
}

// skeleton returns a path without what routers say differently: the names of parameters and what
// they match.
func skeleton(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "*"), strings.HasPrefix(s, "[...") || strings.HasPrefix(s, "[[..."):
			segments[i] = "*"
		case s != "" && strings.ContainsAny(s[:1], ":[{"):
			segments[i] = ":"
		}
	}
	return strings.Join(segments, "/")
}

// distance returns the number of bytes to insert, delete or replace to make t of s (Levenshtein).
func distance(s, t string) int {
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(s) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(t) {
			replaced := diagonal
			if s[i] != t[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
