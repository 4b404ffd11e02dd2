package parity

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Rules say where two answers may differ and how. The zero value forgives only what no client can
// rely on: see the package comment. Places are named by paths (path syntax: package comment), and
// every rule must find its place: one that matches nothing in either answer stands in
// [Report.Stale], one that cannot be read is a difference of kind [KindBadRule], so that a mistake
// in a rule never makes a comparison pass.
//
// A rule holds for its place and everything below it. Of two rules the one with the nearer place
// wins; at one place Exact comes first, then Ignore, Shape, Within and last what was learned. Below
// an ignored place nothing is looked at. Rules are values, read only, and safe for use by several
// goroutines.
type Rules struct {
	// Ignore leaves out the place: value, type and presence.
	Ignore []string
	// Shape asks for the same type, the same members and, of strings, the same lexical class:
	// empty, uuid, zero uuid, ulid, date-time, zero time, http date, hex of one length, jwt, url,
	// e-mail or other text. Of a status it asks for the same hundred.
	Shape []string
	// Exact takes back what is forgiven by default: volatile headers, Content-Length, cookie
	// values, ETag.
	Exact []string
	// Unordered compares an array as a multiset, a header field as a set of its comma-separated
	// members. Elements of such an array have no position: rules for body.tags[0] find nothing,
	// rules for body.tags[*] do. Within and Expect cannot stand inside, because they are about two
	// elements, and here an element has no counterpart: a comparison reports that as [KindBadRule].
	Unordered []string
	// Within accepts numbers that are close, and dates.
	Within []Tolerance
	// Expect demands a difference. It is forgiven, and its absence is a difference of kind
	// [KindUnmet].
	Expect []Expectation
	// Noise is what old-against-old comparisons have shown, see [Learn]. Its rules are never stale.
	Noise Noise
}

// Tolerance accepts two numbers a and b where |a-b| <= Abs or |a-b| <= Rel*max(|a|, |b|), computed
// exactly on the decimals, so that 1.10 and 1.09 are within 0.01; and two dates (RFC 3339 or HTTP)
// at most Time apart.
type Tolerance struct {
	Path     string        // the numbers and dates
	Abs, Rel float64       // 0 allows none
	Time     time.Duration // 0 allows none
}

// Expectation names a difference that is meant. Kind zero stands for any kind; Old and New, where
// not empty, are the two sides as the report prints them.
type Expectation struct {
	Path     string // the place
	Kind     Kind   // zero is any
	Old, New string // as in a Difference; "" is anything
	// Why is for the reader of the report in which the expectation is not met.
	Why string
}

type action uint8

// In the order of strength: at one place the later one wins.
const (
	learnedShape action = iota + 1
	within
	shape
	ignore
	exact
	learnedUnordered
	unordered
	expect
)

// rule is one compiled entry of Rules.
type rule struct {
	action    action
	path      []segment
	list      string // the field of Rules it stands in
	text      string // its path as written
	tolerance *Tolerance
	expect    *Expectation
	used      bool // in this comparison
}

// label names the rule as its author finds it: Shape "body.id".
func (r *rule) label() string { return r.list + " " + strconv.Quote(r.text) }

// learned says that nobody wrote the rule, so that it cannot be stale or in conflict.
func (r *rule) learned() bool { return r.action == learnedShape || r.action == learnedUnordered }

// Validate reports every mistake in the rules at once: paths that cannot be read or can match
// nothing, two rules for one place, tolerances without meaning. It is meant for start-up and for
// tests; [Compare] checks only what it must.
func (r Rules) Validate() error {
	list, errs := r.compile()
	for i := range list {
		a := &list[i]
		if a.tolerance != nil {
			errs = append(errs, a.checkTolerance())
		}
		if a.expect != nil && a.expect.Kind > KindBadRule {
			errs = append(errs, fmt.Errorf("parity: %s: there is no difference of kind %d", a.label(), a.expect.Kind))
		}
		for j := range list[i+1:] {
			errs = append(errs, conflict(a, &list[i+1+j]))
		}
	}
	return errors.Join(errs...)
}

func (r *rule) checkTolerance() error {
	t := r.tolerance
	for _, f := range []float64{t.Abs, t.Rel} {
		if f < 0 || math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("parity: %s: Abs and Rel are finite and not negative, not %v", r.label(), f)
		}
	}
	if t.Time < 0 {
		return fmt.Errorf("parity: %s: Time is not negative, not %v", r.label(), t.Time)
	}
	if t.Abs == 0 && t.Rel == 0 && t.Time == 0 {
		return fmt.Errorf("parity: %s: allows nothing; set Abs, Rel or Time", r.label())
	}
	return nil
}

// conflict says why two rules, in the order of Rules, cannot both be meant. It looks at paths as
// they are written: that a wildcard of one may stand for a name of the other, a comparison tells.
func conflict(a, b *rule) error {
	if a.learned() || b.learned() {
		return nil
	}
	same, n := slices.Equal(a.path, b.path), len(a.path)
	switch {
	case same && (a.action <= exact && b.action <= exact || a.action == unordered && b.action == unordered):
		return fmt.Errorf("parity: %s and %s are for one place; keep one", a.label(), b.label())
	case same && a.action == ignore && b.action == expect:
		return fmt.Errorf("parity: %s can never be met, because of %s", b.label(), a.label())
	case a.action == unordered && (b.action == within || b.action == expect) && n < len(b.path) && slices.Equal(a.path, b.path[:n]):
		return fmt.Errorf("parity: %s is inside %s, where elements have no counterpart to be compared with; use one of the two", b.label(), a.label())
	}
	return nil
}

// compile reads all paths. What cannot be read is left out and reported.
func (r Rules) compile() ([]rule, []error) {
	var list []rule
	var errs []error
	add := func(field, path string, r rule) {
		r.list, r.text = field, path
		var err error
		if r.path, err = parsePath(path); err == nil {
			err = r.checkRoot()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("parity: %s: %w", r.label(), err))
			return
		}
		list = append(list, r)
	}
	paths := func(field string, a action, paths []string) {
		for _, p := range paths {
			add(field, p, rule{action: a})
		}
	}
	paths("Ignore", ignore, r.Ignore)
	paths("Shape", shape, r.Shape)
	paths("Exact", exact, r.Exact)
	paths("Unordered", unordered, r.Unordered)
	paths("Noise.Shape", learnedShape, r.Noise.Shape)
	paths("Noise.Unordered", learnedUnordered, r.Noise.Unordered)
	for i := range r.Within {
		add("Within", r.Within[i].Path, rule{action: within, tolerance: &r.Within[i]})
	}
	for i := range r.Expect {
		add("Expect", r.Expect[i].Path, rule{action: expect, expect: &r.Expect[i]})
	}
	return list, errs
}

// checkRoot refuses rules for parts of an answer that have no value of that sort.
func (r *rule) checkRoot() error {
	root := r.path[0].name
	switch r.action {
	case unordered, learnedUnordered:
		if root != "body" && root != "header" && root != "trailer" {
			return fmt.Errorf("%s has no order; only body, header and trailer have", root)
		}
	case within:
		if root == "status" || root == "error" {
			return fmt.Errorf("%s has no amount; use Shape or Expect", root)
		}
	}
	return nil
}
