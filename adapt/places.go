package adapt

// Places: what is registered for a path, whatever the method. A place is the routes of one pattern;
// the places that a path has are those of every pattern that matches it. One walk down the tree of
// all patterns finds them, in the order of precedence. A request that a route serves needs none of
// this: it is for the answers of the mux itself (405, OPTIONS, preflights, redirects), for requests
// in process, and for the list of overlaps.

import (
	"iter"
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

func newPlace(routes []*entry) place {
	p := place{routes: routes}
	for _, method := range commonMethods {
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

// allowHeader is the value of an Allow header: the methods, and OPTIONS, which the mux answers
// itself.
func allowHeader(methods []string) string {
	methods = append(methods, http.MethodOptions)
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// serving picks the route for a method: its own, for HEAD that of GET, or that of Any.
func (p place) serving(method string) (e *entry) {
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
// puts the patterns into a tree, each with the number of its place.
func placesOf(entries []*entry) (places []place, root *node) {
	all, root := sorted(entries, byPrecedence), new(node)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].pattern.Key() == all[0].pattern.Key() {
			n++
		}
		root.add(all[0].pattern.Segments, len(places))
		places, all = append(places, newPlace(all[:n])), all[n:]
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
	return t.visit(t.root, path, room[:0])
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

// served yields each method that is served there by name, with its route.
func (s spot) served() iter.Seq2[string, *entry] {
	return func(yield func(string, *entry) bool) {
		for i, p := range s {
			for _, method := range p.methods {
				before := func(q *place) bool { return slices.Contains(q.methods, method) }
				if !slices.ContainsFunc(s[:i], before) && !yield(method, p.serving(method)) {
					return
				}
			}
		}
	}
}

// allow is the value of an Allow header for what is there, "" for nothing.
func (s spot) allow() string {
	switch len(s) {
	case 0:
		return ""
	case 1:
		return s[0].allow
	}
	var methods []string
	for method := range s.served() {
		methods = append(methods, method)
	}
	return allowHeader(methods)
}

// node is a place in the tree of all patterns, behind some segments. Patterns come in the order of
// precedence, which goes by segments, so those below a node are the numbers from first to last: the
// one that ends here, the one that ends with a slash, those with literals, with a parameter, with a
// catch-all.
type node struct {
	first, last int
	end         bool // the pattern first ends here
	byText      map[string]*node
	literals    []*node // in order, without the empty one
	param       *node
	required    int // number + 1 of the pattern that ends with a catch-all here, 0 for none
	optional    int
}

func (n *node) add(segments []pattern.Segment, number int) {
	if n.last = number; len(segments) == 0 {
		n.end = true
		return
	}
	var child *node
	switch s := segments[0]; s.Kind {
	case pattern.Literal:
		if child = n.byText[s.Text]; child == nil {
			child = &node{first: number}
			if n.byText == nil {
				n.byText = make(map[string]*node)
			}
			n.byText[s.Text] = child
			if s.Text != "" {
				n.literals = append(n.literals, child)
			}
		}
	case pattern.Param:
		if child = n.param; child == nil {
			child = &node{first: number}
			n.param = child
		}
	case pattern.CatchAll:
		n.required = number + 1
		return
	case pattern.OptionalCatchAll:
		n.optional = number + 1
		return
	}
	child.add(segments[1:], number)
}

// visit adds to found each place whose pattern is below n and matches the rest of a path, in the
// order of precedence. near says whether one matches that rest with a slash more or less at its
// end.
func (t *table) visit(n *node, path string, found spot) (_ spot, near bool) {
	if n == nil || path != "" && path[0] != '/' {
		return found, false
	}
	if path == "" {
		if n.end {
			found = append(found, &t.places[n.first])
		}
		if n.optional > 0 {
			found = append(found, &t.places[n.optional-1])
		}
		return found, n.byText[""] != nil
	}
	rest := path[1:]
	text := rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		text = rest[:i]
	}
	if text != "" || rest == "" { // an empty segment before others matches no literal
		found, near = t.visit(n.byText[text], rest[len(text):], found)
	}
	if text != "" {
		var also bool
		found, also = t.visit(n.param, rest[len(text):], found)
		near = near || also
	}
	if n.required > 0 && rest != "" {
		found = append(found, &t.places[n.required-1])
	}
	if n.optional > 0 {
		found = append(found, &t.places[n.optional-1])
	}
	return found, near || rest == "" && n.end
}
