package adapt

// Which routes cannot both be meant. Everything that precedence decides is served, and listed by
// Overlaps; a collision is what precedence does not decide, or decides without anybody having said
// so:
//
//	KindDuplicate    two routes for one method match exactly the same paths
//	KindVerbOverAny  a verb takes its part of a path from an Any of another shape, and nobody said Take or Migrate
//	KindAmbiguous    a required and an optional catch-all at one level, for one method
//
// Syntax and names of parameters do not count: /:id and /[slug] match the same paths. All of it is
// decided before httprouter sees a route. Patterns with equal keys match the same paths, so a map
// finds what can collide, and the work grows with the number of routes, not with its square.

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// Kind says why two routes collide, and with that what can be done about it.
type Kind uint8

const (
	// KindDuplicate: both routes match exactly the same requests.
	KindDuplicate Kind = iota + 1
	// KindVerbOverAny: one route is for a verb, the other one for every method of the same paths,
	// in another shape. The verb would win; but then part of a handler has moved to another shape,
	// which should not happen by accident.
	KindVerbOverAny
	// KindAmbiguous: both routes end in a catch-all at the same place, one of which also matches
	// nothing. Only the path without the rest tells them apart.
	KindAmbiguous
)

// CollisionError is one pair of routes of which only one can be meant. New returns all of them,
// joined into one error whose text is the whole report; Collisions iterates over them, and
// errors.AsType finds the first.
type CollisionError struct {
	Kind Kind // why they collide
	// First and Second are in the order of their places in the source.
	First, Second Route
	// Example is a request that both match, such as "GET /accounts/x".
	Example string
	// OnlyFirst and OnlySecond are requests that only one of the two matches, "" if there is none.
	OnlyFirst, OnlySecond string
	// Fix is a way out: a line of Go to put in place of both, or a sentence where no line helps.
	Fix string

	callers [2]string
	prefix  string // of the legacy app of which one is an endpoint
}

// Collisions iterates over the collisions in an error of New, also if it has been wrapped or joined
// with others. There are none in a nil error.
func Collisions(err error) iter.Seq[*CollisionError] {
	all, _ := errors.AsType[report](err)
	return slices.Values(all)
}

// collision is a pair that check has found; a comes before b in the source.
type collision struct {
	kind Kind
	a, b *entry
}

type collisions []collision

// add notes a pair. Between the endpoints of one app its own router decides, and what it does not
// list comes after all that has left it.
func (c *collisions) add(kind Kind, a, b *entry) {
	if a.app != nil && a.app == b.app && (a.rest || b.rest || a.ofApp() && b.ofApp()) {
		return
	}
	if bySource(a, b) > 0 {
		a, b = b, a
	}
	*c = append(*c, collision{kind, a, b})
}

// check finds all collisions: the same in the same order, whatever the order of the entries is. Of
// routes that are all the same, each is reported together with the first, not with each other.
func check(entries []*entry) error {
	byKey := make(map[string][]*entry, len(entries))
	for _, e := range entries {
		byKey[e.pattern.Key()] = append(byKey[e.pattern.Key()], e)
	}
	for _, group := range byKey {
		slices.SortFunc(group, bySource)
	}
	var found collisions
	for _, group := range byKey {
		optional := byKey[group[0].pattern.OptionalKey()]
		if len(group) > 1 {
			found.duplicates(group)
			found.taken(group)
		}
		if optional != nil {
			found.ambiguous(firsts(group), firsts(optional))
		}
	}
	return found.err()
}

// firsts returns the first route of a group for each method.
func firsts(group []*entry) map[string]*entry {
	byMethod := make(map[string]*entry)
	for _, e := range group {
		if byMethod[e.Method] == nil {
			byMethod[e.Method] = e
		}
	}
	return byMethod
}

func (c *collisions) duplicates(group []*entry) {
	first := firsts(group)
	for _, e := range group {
		if e != first[e.Method] {
			c.add(KindDuplicate, first[e.Method], e)
		}
	}
}

// taken pairs each verb that nobody has declared with the first Any that is in another shape.
func (c *collisions) taken(group []*entry) {
	for _, e := range group {
		if e.Method == anyMethod || e.take || e.Pair != nil {
			continue
		}
		whole := func(a *entry) bool { return a.Method == anyMethod && e.foreign(a) }
		if i := slices.IndexFunc(group, whole); i >= 0 {
			c.add(KindVerbOverAny, group[i], e)
		}
	}
}

// ambiguous compares the routes of a required catch-all with those of the optional one at its
// level. Any stands for the methods that have no route of their own there.
func (c *collisions) ambiguous(required, optional map[string]*entry) {
	for method, r := range required {
		if o := cmp.Or(optional[method], optional[anyMethod]); o != nil {
			c.add(KindAmbiguous, r, o)
		}
	}
	for method, o := range optional {
		if r := required[anyMethod]; r != nil && required[method] == nil {
			c.add(KindAmbiguous, r, o)
		}
	}
}

// report is the error of all collisions at once.
type report []*CollisionError

// Unwrap makes errors.AsType and Collisions find each one.
func (r report) Unwrap() []error {
	errs := make([]error, len(r))
	for i, e := range r {
		errs[i] = e
	}
	return errs
}

// err puts what was found in the order of the source.
func (c collisions) err() error {
	if len(c) == 0 {
		return nil
	}
	slices.SortFunc(c, func(x, y collision) int {
		return cmp.Or(bySource(x.a, y.a), bySource(x.b, y.b), cmp.Compare(x.kind, y.kind))
	})
	r := make(report, len(c))
	for i, found := range c {
		r[i] = found.describe()
	}
	return r
}

// describe finds the requests that tell the two routes apart.
func (c collision) describe() *CollisionError {
	e := &CollisionError{
		Kind: c.kind, First: c.a.Route, Second: c.b.Route,
		callers: [2]string{c.a.caller, c.b.caller},
	}
	for _, side := range []*entry{c.a, c.b} {
		if side.ofApp() {
			e.prefix = side.app.prefix
		}
	}
	verb, _ := verbFirst(e.First, e.Second)
	method := verb.Method
	if method == anyMethod {
		method = "GET"
	}
	request := func(method, path string, ok bool) string {
		if !ok {
			return ""
		}
		return method + " " + path
	}
	both, _ := pattern.Overlap(c.a.pattern, c.b.pattern)
	e.Example = request(method, both, true)
	switch c.kind {
	case KindVerbOverAny:
		other := "POST"
		if method == other {
			other = "GET"
		}
		e.OnlyFirst = request(other, both, c.a.Method == anyMethod)
		e.OnlySecond = request(other, both, c.b.Method == anyMethod)
	case KindAmbiguous:
		bare := cmp.Or(both[:strings.LastIndexByte(both, '/')], "/") // which only the optional one matches
		e.OnlyFirst = request(method, bare, c.a.pattern.OptionalKey() == "")
		e.OnlySecond = request(method, bare, c.b.pattern.OptionalKey() == "")
	}
	_, e.Fix = e.advice()
	return e
}
