package adapt

// The table: which route serves a request. The method comes first: the candidates are the routes
// that serve the method, and the most specific pattern among them wins, a verb before Any. So GET
// of a path may be in one shape and POST of the same path in the other. A method of which no
// candidate matches is not served, and the methods that are allowed instead are those of all
// patterns that match the path.

import (
	"net/http"
	"slices"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// table finds routes. It is immutable once built, and safe for any number of goroutines. Paths are
// escaped and normalised.
type table struct {
	named  []*layers // for the methods that routes name
	rest   *layers   // for the others, which only routes of Any serve
	marked bool      // a literal has a character that httprouter takes for a wildcard

	places []*place // in the order of precedence
	root   *node    // of the tree that finds them
}

// newTable builds the trees; serving makes what a look-up finds of a route. The entries must have
// passed check.
func newTable(entries []*entry, serving func(*entry) httprouter.Handle) *table {
	t := new(table)
	t.places, t.root = placesOf(entries)
	build := func(method string) *layers {
		ls := &layers{method: method}
		for _, p := range t.places {
			if e := p.serving(method); e != nil {
				ls.add(e.pattern, serving(e))
			}
		}
		return ls
	}
	t.rest = build(anyMethod)
	var methods []string
	for _, e := range entries {
		t.marked = t.marked || e.pattern.HasMarks()
		if e.Method != anyMethod && !slices.Contains(methods, e.Method) {
			methods = append(methods, e.Method)
			t.named = append(t.named, build(e.Method))
		}
	}
	if i := slices.Index(methods, http.MethodGet); i >= 0 && !slices.Contains(methods, http.MethodHead) {
		head := *t.named[i]
		head.method = http.MethodHead
		t.named = append(t.named, &head)
	}
	return t
}

// trees returns the layers for a method.
func (t *table) trees(method string) *layers {
	for _, ls := range t.named { // of which there are few: a map would take longer
		if ls.method == method {
			return ls
		}
	}
	return t.rest
}

// lookup returns what serves a request, or nil, and the raw values of the parameters in the order
// of their names, that of a catch-all without the slash before it. Where an optional one matched
// nothing its value is empty, or missing.
func (t *table) lookup(method, path string) (httprouter.Handle, httprouter.Params) {
	if !t.marked {
		return t.trees(method).lookup(path)
	}
	serve, ps := t.trees(method).lookup(pattern.RouterPath(path))
	for i := range ps {
		ps[i].Value = pattern.FromRouter(ps[i].Value)
	}
	return serve, ps
}

// find is lookup for a caller that wants the route itself, in process say.
func (t *table) find(method, path string) (*entry, httprouter.Params) {
	var room few
	found, _ := t.at(path, &room)
	e := found.serving(method)
	if e == nil {
		return nil, nil
	}
	values, _ := e.pattern.Match(path)
	ps := make(httprouter.Params, len(values))
	for i, v := range values {
		ps[i].Value = v
	}
	return e, ps
}
