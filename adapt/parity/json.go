package parity

import (
	"bytes"
	"slices"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// JSON is compared as a tree: members by name, elements by position (array.go), numbers as numbers,
// strings by what they say. Equal bytes end the walk wherever no rule is waiting below.

// node compares two values at a place.
func (c *comparison) node(a, b uint32, p *place) {
	if !c.tick(1) {
		return
	}
	x, y := c.old.Raw(a), c.next.Raw(b)
	if p.done() && len(x) == len(y) && c.tick(len(x)/256) && bytes.Equal(x, y) {
		if p.ruled {
			c.fingerprint(p, x, y)
		}
		return
	}
	if p.mode() == ignore {
		c.report.Forgiven++
		return
	}
	old, next := c.old.Nodes[a].Kind, c.next.Nodes[b].Kind
	switch {
	case old != next:
		c.otherType(a, b, p)
	case old == jsonread.Object:
		c.object(a, b, p)
	case old == jsonread.Array:
		c.array(a, b, p)
	default:
		c.scalar(a, b, old, p)
	}
}

func (c *comparison) otherType(a, b uint32, p *place) {
	old, next := c.old.side(a), c.next.side(b)
	kind, hint := KindType, ""
	x, y := old.meaning(), next.meaning()
	switch {
	case old.typ == "null" && c.next.isEmpty(b), next.typ == "null" && c.old.isEmpty(a):
		kind = KindNullVsEmpty
		if old.typ == "array" || next.typ == "array" {
			hint = "a nil slice in Go marshals to null, an empty one to []"
		}
	case jsonread.IsNumber(x) && jsonread.IsNumber(y) && sameNumber(x, y):
		hint = "the same number, written as a string on one side"
	}
	c.add(p, kind, old, next, hint)
	c.unwalked(p)
}

func (c *comparison) scalar(a, b uint32, kind jsonread.Kind, p *place) {
	if !c.tick((len(c.old.Raw(a)) + len(c.next.Raw(b))) / 64) {
		return
	}
	old, next := c.old.side(a), c.next.side(b)
	x, y := old.meaning(), next.meaning()
	c.fingerprint(p, x, y)
	if bytes.Equal(x, y) || kind == jsonread.Number && sameNumber(x, y) {
		c.marked(p, old)
		return
	}
	hint := ""
	switch {
	case c.quiet:
	case kind == jsonread.Number:
		hint = numberHint(x, y)
	case kind != jsonread.Bool:
		hint = stringHint(x, y)
	}
	c.leaf(p, KindValue, old, next, hint)
}

// marked notes that a tolerance has found its place although the values are the same.
func (c *comparison) marked(p *place, s side) {
	if p.mode() == within && !p.policy.used {
		if _, applies := p.policy.tolerance.accepts(s, s); applies {
			p.policy.used = true
		}
	}
}

// object compares members by name. Of members that stand there more than once, the last ones are a
// pair, as most parsers keep the last.
func (c *comparison) object(a, b uint32, p *place) {
	xs, ys := c.old.members(a), c.next.members(b)
	most := max(len(xs), len(ys))
	if !c.tick(most) {
		return
	}
	for len(xs)+len(ys) > 0 && !c.stopped() {
		s := step{index: -1, crowded: most > crowd}
		if len(ys) == 0 || len(xs) > 0 && bytes.Compare(xs[0].key, ys[0].key) <= 0 {
			s.key = xs[0].key
		} else {
			s.key = ys[0].key
		}
		n, m := run(xs, s.key), run(ys, s.key)
		for i := 1; i <= max(n, m); i++ {
			switch {
			case i > n:
				c.oneSided(c.next, ys[m-i].value, p, s)
			case i > m:
				c.oneSided(c.old, xs[n-i].value, p, s)
			default:
				c.member(xs[n-i].value, ys[m-i].value, p, s)
			}
		}
		xs, ys = xs[n:], ys[m:]
	}
}

func (c *comparison) member(a, b uint32, p *place, s step) {
	q := c.enter(p, s)
	c.node(a, b, &q)
	c.leave(&q)
}

// entry is a member of an object.
type entry struct {
	key   []byte
	value uint32
}

// members lists the members sorted by name; of duplicates the order is kept.
func (d *document) members(n uint32) []entry {
	list := make([]entry, d.Nodes[n].Size)
	at := n + 1
	for i := range list {
		list[i] = entry{d.Text(at), at + 1}
		at = d.Nodes[at+1].Next
	}
	slices.SortStableFunc(list, func(x, y entry) int { return bytes.Compare(x.key, y.key) })
	return list
}

// run counts how many members at the start of a sorted list have the name.
func run(list []entry, key []byte) int {
	n := 0
	for n < len(list) && bytes.Equal(list[n].key, key) {
		n++
	}
	return n
}

// oneSided reports a value that only one of the documents has.
func (c *comparison) oneSided(d *document, n uint32, p *place, s step) {
	q := c.enter(p, s)
	defer c.leave(&q)
	kind, hint := KindMissing, ""
	old, next := d.side(n), none
	if d == c.next {
		kind, old, next = KindExtra, none, old
	}
	if d.Nodes[n].Kind == jsonread.Null {
		kind, hint = KindNullVsMissing, "omitempty leaves out what is nil; without it null is written"
	}
	c.add(&q, kind, old, next, hint)
	c.unwalked(&q)
}
