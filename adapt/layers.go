package adapt

// Layers: how httprouter holds patterns that overlap.
//
// A tree of httprouter has either a wildcard or literals at one place, while precedence wants both.
// So there are several trees. Patterns are added in the order of precedence, each to the first tree
// that takes it, and a look-up asks the trees in order; the first hit wins. That is right because
// patterns that some path matches both never fit into one tree, so the less specific one comes to a
// later tree:
//
// If a tree behind the first refuses a pattern p because of a pattern q in it, the tree before it
// refuses p as well. For that tree has refused q because of some r. If r leaves the segments that p
// and q share, then where it does, q and p are the same and r refuses both. If r follows them, then
// where q leaves p, r is either the same as q, or of a kind that is more specific than that of q,
// which is more specific than that of p; and what has no place beside q has none beside r. So the
// trees that refuse p are the first ones, and a binary search finds the one that takes it.
//
// Where nothing overlaps there is one tree, and a look-up costs one walk.

import (
	"sort"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

type layers struct {
	method string
	trees  []*httprouter.Router // of this method; only Lookup is used
	last   []pattern.Pattern    // added to each tree
}

// treeMethod is the method under which each tree has its patterns.
const treeMethod = "*"

// add puts a pattern behind those that are there, which must be more specific.
func (ls *layers) add(p pattern.Pattern, serve httprouter.Handle) {
	n := sort.Search(len(ls.trees), func(i int) bool { return pattern.Fits(ls.last[i], p) })
	if n == len(ls.trees) {
		ls.trees = append(ls.trees, new(httprouter.Router))
		ls.last = append(ls.last, pattern.Pattern{})
	}
	ls.last[n] = p
	path, bare := p.Router()
	ls.trees[n].Handle(treeMethod, path, serve)
	if bare != "" {
		ls.trees[n].Handle(treeMethod, bare, serve)
	}
}

// lookup returns what serves the path, with the values of the parameters, or nil.
//
// httprouter lets a parameter before a slash be empty, and a required catch-all be the slash alone.
// Such a hit does not count, and hides no other one: a pattern that would match has no place in its
// tree.
func (ls *layers) lookup(path string) (httprouter.Handle, httprouter.Params) {
	for _, tree := range ls.trees {
		if serve, ps, _ := tree.Lookup(treeMethod, path); serve != nil && tidied(ps) {
			return serve, ps
		}
	}
	return nil, nil
}

// tidied reports whether each parameter that needs a value has one, and takes the slash off that of
// a catch-all.
func tidied(ps httprouter.Params) bool {
	for i := range ps {
		v := &ps[i].Value
		if *v == "" || *v == "/" && ps[i].Key == pattern.RouterRequired {
			return false
		}
		*v = strings.TrimPrefix(*v, "/")
	}
	return true
}
