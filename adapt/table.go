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
	common [len(commonMethods)]*layers // for each of the common methods
	custom map[string]*layers          // for the other methods that routes name
	rest   *layers                     // for methods that no route names
	marked bool                        // a literal has a character that httprouter takes for a wildcard

	places []place // in the order of precedence
	root   *node   // of the tree that finds them
}

// The common methods by number.
const (
	mDELETE = iota
	mGET
	mHEAD
	mOPTIONS
	mPATCH
	mPOST
	mPUT
)

// commonMethods are those that a route of Any is said to allow.
var commonMethods = [...]string{
	mDELETE: http.MethodDelete, mGET: http.MethodGet, mHEAD: http.MethodHead, mOPTIONS: http.MethodOptions,
	mPATCH: http.MethodPatch, mPOST: http.MethodPost, mPUT: http.MethodPut,
}

// newTable builds the trees; serving makes what a look-up finds of a route. The entries must have
// passed check.
func newTable(entries []*entry, serving func(*entry) httprouter.Handle) *table {
	t := &table{custom: make(map[string]*layers)}
	t.places, t.root = placesOf(entries)
	named := make(map[string]bool)
	for _, e := range entries {
		named[e.Method] = true
		t.marked = t.marked || e.pattern.HasMarks()
	}
	build := func(method string) *layers {
		ls := new(layers)
		for _, p := range t.places {
			if e := p.serving(method); e != nil {
				ls.add(e.pattern, serving(e))
			}
		}
		return ls
	}
	t.rest = build(anyMethod)
	for i, method := range commonMethods {
		t.common[i] = t.rest
		if named[method] {
			t.common[i] = build(method)
		}
	}
	if !named[http.MethodHead] {
		t.common[mHEAD] = t.common[mGET]
	}
	for method := range named {
		if method != anyMethod && !slices.Contains(commonMethods[:], method) {
			t.custom[method] = build(method)
		}
	}
	return t
}

// trees returns the layers for a method.
func (t *table) trees(method string) *layers {
	switch method {
	case http.MethodDelete:
		return t.common[mDELETE]
	case http.MethodGet:
		return t.common[mGET]
	case http.MethodHead:
		return t.common[mHEAD]
	case http.MethodOptions:
		return t.common[mOPTIONS]
	case http.MethodPatch:
		return t.common[mPATCH]
	case http.MethodPost:
		return t.common[mPOST]
	case http.MethodPut:
		return t.common[mPUT]
	}
	if ls := t.custom[method]; ls != nil {
		return ls
	}
	return t.rest
}

// lookup returns what serves a request, or nil, and the raw values of the parameters in the order
// of their names. The value of a catch-all begins with the slash before it; where an optional one
// matched nothing it is that slash, or missing.
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
	if e.pattern.CatchesAll() {
		ps[len(ps)-1].Value = "/" + ps[len(ps)-1].Value
	}
	return e, ps
}
