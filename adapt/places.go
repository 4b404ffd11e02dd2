package adapt

// Places: what is registered for a path, whatever the method. A place is the routes of one pattern;
// the places that a path has are those of every pattern that matches it. One walk down the tree of
// all patterns finds them, in the order of precedence. A request that a route serves needs none of
// this: it is for the answers of the mux itself (405, OPTIONS, preflights, redirects), for requests
// in process, and for the list of overlaps.

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// place is the routes of one pattern.
type place struct {
	routes  []*entry // a verb before Any; never empty
	methods []string // that it serves: by a route of their own, or the common ones by Any
	allow   string   // the same as an Allow header, with OPTIONS
}

func newPlace(routes []*entry) *place {
	p := &place{routes: routes}
	for _, method := range verbs {
		if p.serving(method) != nil {
			p.methods = append(p.methods, method)
		}
	}
	for _, e := range routes {
		if e.Method != anyMethod && !slices.Contains(p.methods, e.Method) {
			p.methods = append(p.methods, e.Method)
		}
	}
	p.allow = allowHeader(slices.Clone(p.methods))
	return p
}

// allowHeader returns the value of an Allow header: the methods, and OPTIONS, which the mux answers
// itself.
func allowHeader(methods []string) string {
	methods = append(methods, http.MethodOptions)
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// serving picks the route for a method: its own, for HEAD that of GET, or that of Any.
func (p *place) serving(method string) (e *entry) {
	for _, candidate := range p.routes {
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

// placesOf groups the entries whose patterns match the same paths, in the order of precedence, and
// puts the places into a tree.
func placesOf(entries []*entry) (places []*place, root *node) {
	all, root := sorted(entries, byPrecedence), new(node)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].pattern.Key() == all[0].pattern.Key() {
			n++
		}
		p := newPlace(all[:n])
		root.add(all[0].pattern.Key(), p)
		places, all = append(places, p), all[n:]
	}
	return places, root
}

// spot is what a path has: the places whose patterns match it, in the order of precedence.
type spot []*place

// few is room for the places of nearly every path, on the stack of who asks.
type few [4]*place

// at finds what a path has. Where that is nothing, near says whether the path with or without its
// last slash has some.
func (t *table) at(path string, room *few) (found spot, near bool) {
	return t.root.visit(path, room[:0])
}

// serving returns the route that serves a method there, or nil.
func (s spot) serving(method string) *entry {
	for _, p := range s {
		if e := p.serving(method); e != nil {
			return e
		}
	}
	return nil
}

// allow returns the value of an Allow header for what is there, "" for nothing.
func (s spot) allow() string {
	switch len(s) {
	case 0:
		return ""
	case 1:
		return s[0].allow
	}
	var methods []string
	for _, p := range s {
		methods = append(methods, p.methods...)
	}
	return allowHeader(methods)
}

// node is a place in the tree of all patterns, behind some segments: the routes of the pattern that
// ends here, and what comes behind one segment more, by what stands for that in Pattern.Key.
type node struct {
	place *place
	next  map[string]*node
}

func (n *node) add(key string, p *place) {
	for segment := range strings.SplitSeq(key[1:], "/") {
		if n.next == nil {
			n.next = make(map[string]*node)
		}
		n.next[segment] = cmp.Or(n.next[segment], new(node))
		n = n.next[segment]
	}
	n.place = p
}

// visit adds to found each place whose pattern is below n and matches the rest of a path, in the
// order of precedence. near says whether one matches that rest with a slash more or less at its
// end.
func (n *node) visit(path string, found spot) (_ spot, near bool) {
	if n == nil || path != "" && path[0] != '/' {
		return found, false
	}
	if path == "" {
		return found.with(n).with(n.next[pattern.OptionalMark]), n.next[""] != nil
	}
	rest := path[1:]
	text := rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		text = rest[:i]
	}
	if text != "" || rest == "" { // an empty segment before others matches no literal
		found, near = n.next[text].visit(rest[len(text):], found)
	}
	if text != "" {
		var also bool
		found, also = n.next[pattern.ParamMark].visit(rest[len(text):], found)
		near = near || also
	}
	if rest != "" {
		found = found.with(n.next[pattern.RequiredMark])
	}
	return found.with(n.next[pattern.OptionalMark]), near || rest == "" && n.place != nil
}

// with adds the place of a node, if there is one.
func (s spot) with(n *node) spot {
	if n == nil || n.place == nil {
		return s
	}
	return append(s, n.place)
}
