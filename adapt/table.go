package adapt

// The table: which route serves a request. The method comes first: the candidates are the routes that serve the method,
// and the most specific pattern among them wins, a verb before Any. So GET of a path may be in one shape and POST of the
// same path in the other. A method of which no candidate matches is not served, and the methods that are allowed instead
// are those of all patterns that match the path.

import (
	"net/http"
	"slices"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// table finds routes. It is immutable once built, and safe for any number of goroutines. Paths are escaped and
// normalised.
type table struct {
	common [len(commonMethods)]*layers // for each of the common methods
	custom map[string]*layers          // for the other methods that routes name
	rest   *layers                     // for methods that no route names
	allows map[methodSet]string        // as headers: the sets of single patterns
	marked bool                        // a literal has a character that httprouter takes for a wildcard
}

// commonMethods are those that a route of Any is said to allow, in the order of the Allow header.
var commonMethods = [...]string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// newTable builds the trees. The entries must have passed check.
func newTable(entries []*entry) *table {
	t := &table{allows: make(map[methodSet]string)}
	groups := byPattern(entries)
	named := make(map[string]bool)
	for _, e := range entries {
		named[e.Method] = true
		t.marked = t.marked || e.pattern.HasMarks()
	}
	build := func(method string) *layers {
		ls := new(layers)
		for _, group := range groups {
			if e := serving(group, method); e != nil {
				ls.add(e.pattern, e)
			}
		}
		return ls
	}
	t.rest = build(anyMethod)
	for i, method := range commonMethods {
		switch {
		case named[method]:
			t.common[i] = build(method)
		case method == http.MethodHead:
			t.common[i] = t.trees(http.MethodGet)
		default:
			t.common[i] = t.rest
		}
		delete(named, method)
	}
	delete(named, anyMethod)
	t.custom = make(map[string]*layers, len(named))
	for method := range named {
		t.custom[method] = build(method)
	}
	for _, group := range groups {
		set := methodSet(0)
		for i, method := range commonMethods {
			if serving(group, method) != nil {
				set |= 1 << i
			}
		}
		if _, ok := t.allows[set]; !ok {
			t.allows[set] = set.header(nil)
		}
	}
	return t
}

// methodSet has a bit for each of commonMethods.
type methodSet uint8

// header is the value of an Allow header: the methods, those of others, and OPTIONS, which the mux answers itself.
func (s methodSet) header(others []string) string {
	methods := append(slices.Clone(others), http.MethodOptions)
	for i, method := range commonMethods {
		if s&(1<<i) != 0 {
			methods = append(methods, method)
		}
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// byPattern groups the entries whose patterns match the same paths, in the order of precedence.
func byPattern(entries []*entry) (groups [][]*entry) {
	all := sorted(entries, byPrecedence)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].pattern.Key() == all[0].pattern.Key() {
			n++
		}
		groups, all = append(groups, all[:n]), all[n:]
	}
	return groups
}

// serving picks from the routes of one pattern the one for a method: its own, for HEAD that of GET, or that of Any.
func serving(group []*entry, method string) (e *entry) {
	for _, candidate := range group {
		switch {
		case candidate.Method == method:
			return candidate
		case candidate.Method == http.MethodGet && method == http.MethodHead:
			e = candidate
		case candidate.Method == anyMethod && e == nil:
			e = candidate
		}
	}
	return e
}

// trees returns the layers for a method.
func (t *table) trees(method string) *layers {
	switch method {
	case "DELETE":
		return t.common[0]
	case "GET":
		return t.common[1]
	case "HEAD":
		return t.common[2]
	case "OPTIONS":
		return t.common[3]
	case "PATCH":
		return t.common[4]
	case "POST":
		return t.common[5]
	case "PUT":
		return t.common[6]
	}
	if ls := t.custom[method]; ls != nil {
		return ls
	}
	return t.rest
}

// find returns the route that serves a request, or nil, and the raw values of its parameters in the order of its names.
// The value of a catch-all begins with the slash before it; where an optional one matched nothing it is that slash, or
// missing.
func (t *table) find(method, path string) (*entry, httprouter.Params) {
	tree := path
	if t.marked {
		tree = pattern.RouterPath(path)
	}
	e, ps := t.trees(method).search(tree, "")
	if tree != path {
		for i := range ps {
			ps[i].Value = pattern.FromRouter(ps[i].Value)
		}
	}
	return e, ps
}

// allow returns the methods that the routes which match the path serve, as the value of an Allow header, or "" if no route
// matches it. It costs one look-up for each method that routes name. Without a match, near is false if none would match the
// path with or without its last slash either.
func (t *table) allow(path string) (allow string, near bool) {
	near = strings.HasSuffix(path, "/") // httprouter knows only of slashes that are missing
	if t.marked {
		path = pattern.RouterPath(path)
	}
	var set methodSet
	rest, hint := t.rest.matches(path)
	near = near || hint
	for i, ls := range t.common {
		hit := rest
		switch {
		case ls == t.rest:
		case i > 0 && ls == t.common[i-1]: // HEAD, which GET serves
			hit = set&(1<<(i-1)) != 0
		default:
			hit, hint = ls.matches(path)
			near = near || hint
		}
		if hit {
			set |= 1 << i
		}
	}
	var others []string
	for method, ls := range t.custom {
		if e, _ := ls.search(path, method); e != nil { // a route of Any serves it without saying so
			others = append(others, method)
		} else if _, hint := ls.matches(path); hint {
			near = true
		}
	}
	if set == 0 && others == nil {
		return "", near
	}
	if allow, ok := t.allows[set]; ok && others == nil {
		return allow, false
	}
	return set.header(others), false
}
