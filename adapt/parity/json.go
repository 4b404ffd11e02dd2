package parity

import (
	"bytes"
	"slices"
	"strconv"

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
	if p.free() || p.mode() == ignore {
		if len(x) == len(y) && c.tick(len(x)/256) && bytes.Equal(x, y) {
			if p.ruled {
				c.fingerprint(p, x, y)
			}
			c.visit(c.old, a, p)
			return
		}
		if p.mode() == ignore {
			c.report.Forgiven++
			return
		}
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
	number, text := old, next
	if old.typ == "string" {
		number, text = next, old
	}
	switch {
	case old.typ == "null" && c.next.isEmpty(b), next.typ == "null" && c.old.isEmpty(a):
		kind = KindNullVsEmpty
		if old.typ == "array" || next.typ == "array" {
			hint = "a nil slice in Go marshals to null, an empty one to []"
		}
	case number.typ == "number" && text.typ == "string" && jsonread.IsNumber(text.text) && sameNumber(number.raw, text.text):
		hint = "the same number, written as a string on one side"
	}
	c.add(p, kind, old, next, hint)
	c.visit(c.old, a, p)
	c.visit(c.next, b, p)
}

func (c *comparison) scalar(a, b uint32, kind jsonread.Kind, p *place) {
	if !c.tick((len(c.old.Raw(a)) + len(c.next.Raw(b))) / 64) {
		return
	}
	old, next := c.old.side(a), c.next.side(b)
	x, y := old.meaning(), next.meaning()
	c.fingerprint(p, x, y)
	if bytes.Equal(x, y) {
		c.marked(p, old)
		return
	}
	if kind == jsonread.Number && sameNumber(x, y) {
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

// object compares members by name. Those of most answers stand in the same order, so that is tried
// first.
func (c *comparison) object(a, b uint32, p *place) {
	size := max(c.old.Nodes[a].Size, c.next.Nodes[b].Size)
	if !c.tick(int(size)) {
		return
	}
	crowded := size > crowd
	if !c.sameNames(a, b) {
		c.mergeMembers(a, b, p, crowded)
		return
	}
	i, j := a+1, b+1
	for range c.old.Nodes[a].Size {
		c.member(i+1, j+1, p, step{key: c.old.Text(i), index: -1, crowded: crowded})
		if c.stopped() {
			return
		}
		i, j = c.old.Nodes[i+1].Next, c.next.Nodes[j+1].Next
	}
}

func (c *comparison) member(a, b uint32, p *place, s step) {
	q := c.enter(p, s)
	c.node(a, b, &q)
	c.leave(&q)
}

func (c *comparison) sameNames(a, b uint32) bool {
	if c.old.Nodes[a].Size != c.next.Nodes[b].Size {
		return false
	}
	i, j := a+1, b+1
	for range c.old.Nodes[a].Size {
		if !bytes.Equal(c.old.Raw(i), c.next.Raw(j)) && !bytes.Equal(c.old.Text(i), c.next.Text(j)) {
			return false
		}
		i, j = c.old.Nodes[i+1].Next, c.next.Nodes[j+1].Next
	}
	return true
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

func (c *comparison) mergeMembers(a, b uint32, p *place, crowded bool) {
	xs, ys := c.old.members(a), c.next.members(b)
	for len(xs)+len(ys) > 0 && !c.stopped() && c.tick(1) {
		var key []byte
		if len(ys) == 0 || len(xs) > 0 && bytes.Compare(xs[0].key, ys[0].key) <= 0 {
			key = xs[0].key
		} else {
			key = ys[0].key
		}
		n, m := run(xs, key), run(ys, key)
		s := step{key: key, index: -1, crowded: crowded}
		switch {
		case n == m:
			for i := range n {
				c.member(xs[i].value, ys[i].value, p, s)
			}
		case n == 0:
			c.oneSided(c.next, ys[m-1].value, p, s)
		case m == 0:
			c.oneSided(c.old, xs[n-1].value, p, s)
		default:
			c.duplicates(xs[:n], ys[:m], p, s)
		}
		xs, ys = xs[n:], ys[m:]
	}
}

// run counts how many members at the start of a sorted list have the name.
func run(list []entry, key []byte) int {
	n := 0
	for n < len(list) && bytes.Equal(list[n].key, key) {
		n++
	}
	return n
}

// duplicates compares the last of members that stand there more than once, as most parsers do.
func (c *comparison) duplicates(xs, ys []entry, p *place, s step) {
	q := c.enter(p, s)
	defer c.leave(&q)
	c.add(&q, KindDuplicate, timesSide(len(xs)), timesSide(len(ys)), "one object has the member more often; most parsers keep the last")
	c.node(xs[len(xs)-1].value, ys[len(ys)-1].value, &q)
}

func timesSide(n int) side {
	text := strconv.Itoa(n) + "×"
	return side{typ: text, form: plain, raw: []byte(text)}
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
	c.visit(d, n, &q)
}

// visit marks the rules that find something in a value which is not compared any further.
func (c *comparison) visit(d *document, n uint32, p *place) {
	if p.list != nil && d.Nodes[n].Kind == jsonread.Array {
		p.list.used = true
	}
	seeking := p.mode() == within && !p.policy.used
	if seeking {
		c.marked(p, d.side(n))
	}
	if p.mode() == ignore || p.free() && !seeking || c.stopped() {
		return
	}
	outer := c.visiting
	c.visiting = true
	at, isObject := n+1, d.Nodes[n].Kind == jsonread.Object
	for i := range int(d.Nodes[n].Size) {
		if !c.tick(1) {
			break
		}
		s := step{index: i, loose: p.list != nil}
		if isObject {
			s = member(d.Text(at))
			at++
		}
		q := c.enter(p, s)
		c.visit(d, at, &q)
		c.leave(&q)
		at = d.Nodes[at].Next
	}
	c.visiting = outer
}
