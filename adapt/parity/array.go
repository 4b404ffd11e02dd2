package parity

import (
	"fmt"
	"slices"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// Arrays are compared by position. Where they differ, the question is what a reader wants to hear:
// that the order is another one (once, not for every element), that elements are missing (which),
// or that elements differ. With a rule an array is a multiset, or records found by a member.

func (c *comparison) array(a, b uint32, p *place) {
	if p.list != nil {
		if p.list.action == keyed {
			c.records(a, b, p)
			return
		}
		if c.multiset(a, b, p) {
			return
		}
	}
	n, m := int(c.old.Nodes[a].Size), int(c.next.Nodes[b].Size)
	if n == m {
		c.elements(a, b, p)
		return
	}
	if c.quiet {
		if c.add(p, KindLength, c.old.side(a), c.next.side(b), ""); c.differs {
			return
		}
	}
	xs, ys := c.old.Children(a), c.next.Children(b)
	first, shorter := 0, min(n, m)
	for first < shorter && c.same(xs[first], ys[first], p, step{index: first}) {
		first++
	}
	last := 0
	for last < shorter-first && c.same(xs[n-1-last], ys[m-1-last], p, step{index: n - 1 - last, loose: true}) {
		last++
	}
	if !c.quiet {
		c.add(p, KindLength, c.old.side(a), c.next.side(b), lengthHint(n, m, first, last))
	}
	// What follows the first difference may be shifted: only what stands there is compared.
	if first+last < shorter {
		c.member(xs[first], ys[first], p, step{index: first})
	}
	c.visit(c.old, a, p)
	c.visit(c.next, b, p)
}

func lengthHint(n, m, first, last int) string {
	text := fmt.Sprintf("%d and %d elements", n, m)
	side, from, to := "old", first, n-last
	if m > n {
		side, to = "new", m-last
	}
	switch {
	case first+last < min(n, m):
		return fmt.Sprintf("%s; they differ from element %d on", text, first)
	case to-from == 1:
		return fmt.Sprintf("%s; element %d is in the %s answer only", text, from, side)
	}
	return fmt.Sprintf("%s; elements %d to %d are in the %s answer only", text, from, to-1, side)
}

// elements compares two arrays of one length.
func (c *comparison) elements(a, b uint32, p *place) {
	n := int(c.old.Nodes[a].Size)
	i, j := a+1, b+1
	advance := func() { i, j = c.old.Nodes[i].Next, c.next.Nodes[j].Next }
	if c.quiet {
		for k := 0; k < n && !c.stopped(); k++ {
			c.member(i, j, p, step{index: k})
			advance()
		}
		return
	}
	// One element that differs cannot be a matter of order, two can.
	at, x, y := -1, i, j
	for k := 0; k < n && !c.spent; k++ {
		switch {
		case c.same(i, j, p, step{index: k}):
		case at < 0:
			at, x, y = k, i, j
		case c.permuted(a, b, p):
			c.add(p, KindOrder, c.old.side(a), c.next.side(b), fmt.Sprintf("the same %d elements in another order; Rules.Unordered allows it", n))
			return
		default:
			c.member(x, y, p, step{index: at})
			for ; k < n && !c.spent; k++ {
				c.member(i, j, p, step{index: k})
				advance()
			}
			return
		}
		advance()
	}
	if at >= 0 {
		c.member(x, y, p, step{index: at})
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
	xs, ok := c.canonElements(c.old, a, p)
	if !ok {
		return false
	}
	ys, ok := c.canonElements(c.next, b, p)
	if !ok {
		return false
	}
	slices.Sort(xs)
	slices.Sort(ys)
	return slices.Equal(xs, ys)
}

// multiset pairs the elements that are equal, whatever their position, and reports the rest. It is
// false where a rule inside the array makes "equal" a question of closeness, which gives no pairs.
func (c *comparison) multiset(a, b uint32, p *place) bool {
	r := p.list
	r.used = true
	xs, ok := c.canonElements(c.old, a, p)
	ys, ok2 := c.canonElements(c.next, b, p)
	if c.spent {
		return true
	}
	if !ok || !ok2 {
		if !r.learned() {
			c.force(KindBadRule, c.old.side(a), c.next.side(b), r.label()+": Within and Expect inside need pairs of elements; use Keyed")
		}
		return false
	}
	partner, right := pairUp(xs, ys)
	var left []int
	moved := false
	for i, j := range partner {
		if j < 0 {
			left = append(left, i)
		}
		moved = moved || i != j
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

// records pairs the elements that have the same value in the key member. Elements without it and
// further ones with the same key are paired in their order.
func (c *comparison) records(a, b uint32, p *place) {
	r := p.list
	r.used = true
	partner, right := pairUp(c.recordKeys(c.old, a, r.key), c.recordKeys(c.next, b, r.key))
	before, after := c.old.Children(a), c.next.Children(b)
	moved := false
	for i, j := range partner {
		if c.stopped() {
			return
		}
		if j < 0 {
			c.oneSided(c.old, before[i], p, step{index: i, loose: true})
			continue
		}
		moved = moved || i != j
		c.member(before[i], after[j], p, step{index: i, loose: true})
	}
	for _, j := range right {
		c.oneSided(c.next, after[j], p, step{index: j, loose: true})
	}
	if moved {
		c.report.Forgiven++
	}
}

// recordKeys returns what elements are found by: the canonical text of the key member, or nothing.
func (c *comparison) recordKeys(d *document, n uint32, key string) []string {
	strict := place{}
	keys := make([]string, 0, d.Nodes[n].Size)
	for _, e := range d.Children(n) {
		text := []byte(nil)
		if d.Nodes[e].Kind == jsonread.Object {
			for _, m := range d.members(e) {
				if string(m.key) == key {
					text, _ = c.canon(nil, d, m.value, &strict)
				}
			}
		}
		keys = append(keys, string(text))
	}
	return keys
}
