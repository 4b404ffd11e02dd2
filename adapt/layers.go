package adapt

// Layers: how httprouter holds patterns that overlap.
//
// A tree of httprouter has either a wildcard or literals at one place, while precedence wants both. So there are several
// trees. Patterns are added in the order of precedence, each to the first tree that takes it, and a look-up asks the trees
// in order; the first hit wins. That is right because patterns that some path matches both never fit into one tree, so
// the less specific one comes to a later tree:
//
// If a tree behind the first refuses a pattern p because of a pattern q in it, the tree before it refuses p as well. For
// that tree has refused q because of some r. If r leaves the segments that p and q share, then where it does, q and p are
// the same and r refuses both. If r follows them, then where q leaves p, r is either the same as q, or of a kind that is
// more specific than that of q, which is more specific than that of p; and what has no place beside q has none beside r.
// So the trees that refuse p are the first ones, and a binary search finds the one that takes it.
//
// Where nothing overlaps there is one tree, and a look-up costs one walk.

import (
	"net/http"
	"sort"
	"sync"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

type layers struct {
	trees []*httprouter.Router // of one method each; only Lookup is used
	last  []pattern.Pattern    // added to each tree
}

// treeMethod is the method under which each tree has its patterns.
const treeMethod = "*"

// add puts a pattern behind those that are there, which must be more specific.
func (ls *layers) add(p pattern.Pattern, e *entry) {
	n := sort.Search(len(ls.trees), func(i int) bool { return pattern.Fits(ls.last[i], p) })
	if n == len(ls.trees) {
		ls.trees = append(ls.trees, new(httprouter.Router))
		ls.last = append(ls.last, pattern.Pattern{})
	}
	ls.last[n] = p
	// The tree stores functions. This one says whose it is if it is asked by a finder.
	handle := func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		if f, ok := w.(*finder); ok {
			f.found = e
			return
		}
		e.target.serve(w, r, ps)
	}
	path, bare := p.Router()
	ls.trees[n].Handle(treeMethod, path, handle)
	if bare != "" {
		ls.trees[n].Handle(treeMethod, bare, handle)
	}
}

// finder is what a handle of a tree reports to. It goes back to the pool before search returns, so nobody else sees it.
type finder struct {
	http.ResponseWriter // nil: no method is called
	found               *entry
}

var finders = sync.Pool{New: func() any { return new(finder) }}

// search returns the first route that matches the path, with the values of the parameters, or nil: of those that were
// registered with that method, or of all where it is "".
//
// httprouter lets a parameter before a slash be empty, and a catch-all be the slash alone. Such a hit is none, and hides
// none in its tree: a pattern that would match has no place there.
func (ls *layers) search(path, method string) (*entry, httprouter.Params) {
	f := finders.Get().(*finder)
	defer finders.Put(f)
	for _, tree := range ls.trees {
		handle, ps, _ := tree.Lookup(treeMethod, path)
		if handle == nil {
			continue
		}
		handle(f, nil, nil)
		if f.found.accepts(ps) && (method == "" || f.found.Method == method) {
			return f.found, ps
		}
	}
	return nil, nil
}

// matches reports whether search finds a route, and if not, whether it may find one for the path with or without its last
// slash.
func (ls *layers) matches(path string) (hit, near bool) {
	for _, tree := range ls.trees {
		handle, ps, slash := tree.Lookup(treeMethod, path)
		switch {
		case handle == nil:
			near = near || slash
		case hasEmpty(ps):
			e, _ := ls.search(path, "")
			return e != nil, true
		default:
			return true, false
		}
	}
	return false, near
}

// hasEmpty reports whether a parameter has matched nothing, as httprouter lets it, so that the hit may be none.
func hasEmpty(ps httprouter.Params) bool {
	for i := range ps {
		if v := ps[i].Value; v == "" || v == "/" {
			return true
		}
	}
	return false
}

// lookup is search for the most usual paths: it returns the function that serves such a request, nil if there is none.
// Where a hit may be none, sure is false, and search decides.
func (ls *layers) lookup(path string) (handle httprouter.Handle, ps httprouter.Params, sure bool) {
	for _, tree := range ls.trees {
		if handle, ps, _ = tree.Lookup(treeMethod, path); handle == nil {
			continue
		}
		if hasEmpty(ps) {
			return nil, nil, false
		}
		return handle, ps, true
	}
	return nil, nil, true
}

// accepts judges the parameters of a hit. Only an optional catch-all may be empty.
func (e *entry) accepts(ps httprouter.Params) bool {
	for i := range ps {
		if ps[i].Value == "" {
			return false
		}
	}
	return len(ps) == 0 || ps[len(ps)-1].Value != "/" || e.pattern.OptionalKey() == ""
}
