package parity

import (
	"fmt"
	"slices"
)

// Arrays are compared by position. Where they differ, the question is what a reader wants to hear:
// that the order is another one (once, not for every element), that elements are missing (which),
// or that elements differ. With a rule an array is a multiset.

func (c *comparison) array(a, b uint32, p *place) {
	if p.list != nil && c.multiset(a, b, p) {
		return
	}
	xs, ys := c.old.Children(a), c.next.Children(b)
	n, m := len(xs), len(ys)
	if n == m {
		c.elements(a, b, p)
		return
	}
	if c.quiet {
		if c.add(p, KindLength, c.old.side(a), c.next.side(b), ""); c.differs {
			return
		}
	}
	first, last, shorter := 0, 0, min(n, m)
	for first < shorter && c.same(xs[first], ys[first], p, step{index: first}) {
		first++
	}
	for last < shorter-first && c.same(xs[n-1-last], ys[m-1-last], p, step{index: n - 1 - last, loose: true}) {
		last++
	}
	if !c.quiet {
		c.add(p, KindLength, c.old.side(a), c.next.side(b),
			fmt.Sprintf("%d and %d elements, of which the first %d and the last %d are alike", n, m, first, last))
	}
	// What follows the first difference may be shifted: only what stands there is compared.
	if first+last < shorter {
		c.member(xs[first], ys[first], p, step{index: first})
	}
	c.unwalked(p)
}

// elements compares two arrays of one length.
func (c *comparison) elements(a, b uint32, p *place) {
	xs, ys := c.old.Children(a), c.next.Children(b)
	var differ []int
	for k := range xs {
		switch {
		case c.stopped():
			return
		case c.quiet:
			c.member(xs[k], ys[k], p, step{index: k})
		case !c.same(xs[k], ys[k], p, step{index: k}):
			// One element that differs cannot be a matter of order, two can.
			if differ = append(differ, k); len(differ) == 2 && c.permuted(a, b, p) {
				hint := fmt.Sprintf("the same %d elements in another order; Rules.Unordered allows it", len(xs))
				c.add(p, KindOrder, c.old.side(a), c.next.side(b), hint)
				return
			}
		}
	}
	for _, k := range differ {
		c.member(xs[k], ys[k], p, step{index: k})
	}
}

// same asks whether two elements are equal under the rules and leaves no trace if they are not.
func (c *comparison) same(a, b uint32, p *place, s step) bool {
	forgiven, expected, open := c.report.Forgiven, c.report.Expected, slices.Clone(c.scopes)
	quiet, differs := c.quiet, c.differs
	c.quiet, c.differs = true, false
	c.member(a, b, p, s)
	equal := !c.differs && !c.spent
	c.quiet, c.differs = quiet, differs
	if !equal {
		c.report.Forgiven, c.report.Expected = forgiven, expected
		copy(c.scopes, open)
	}
	return equal
}

// permuted reports whether two arrays hold the same elements.
func (c *comparison) permuted(a, b uint32, p *place) bool {
	xs, ys, ok := c.canonElements(a, b, p)
	slices.Sort(xs)
	slices.Sort(ys)
	return ok && slices.Equal(xs, ys)
}

// multiset pairs the elements that are equal, whatever their position, and reports the rest. It is
// false where a rule inside the array makes "equal" a question of closeness, which gives no pairs.
func (c *comparison) multiset(a, b uint32, p *place) bool {
	r := p.list
	r.used = true
	xs, ys, ok := c.canonElements(a, b, p)
	if c.spent {
		return true
	}
	if !ok {
		if !r.learned() {
			c.force(KindBadRule, c.old.side(a), c.next.side(b),
				r.label()+": Within and Expect cannot stand inside, where no element has a counterpart")
		}
		return false
	}
	places := make(map[string][]int, len(ys)) // of elements that are not taken yet
	for j, y := range ys {
		places[y] = append(places[y], j)
	}
	var left, right []int
	moved := false
	for i, x := range xs {
		if at := places[x]; len(at) > 0 {
			places[x], moved = at[1:], moved || i != at[0]
		} else {
			left = append(left, i)
		}
	}
	for j, y := range ys {
		if at := places[y]; len(at) > 0 && at[0] == j {
			places[y], right = at[1:], append(right, j)
		}
	}
	before, after := c.old.Children(a), c.next.Children(b)
	switch {
	case len(left) == 1 && len(right) == 1:
		c.member(before[left[0]], after[right[0]], p, step{index: left[0], loose: true})
		return true
	case moved && len(left)+len(right) == 0:
		c.report.Forgiven++
	}
	for _, i := range left {
		c.oneSided(c.old, before[i], p, step{index: i, loose: true})
	}
	for _, j := range right {
		c.oneSided(c.next, after[j], p, step{index: j, loose: true})
	}
	return true
}
