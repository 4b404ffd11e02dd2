package parity

import (
	"encoding/binary"
	"slices"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// Two values are equal under the rules exactly if their canonical texts are the same bytes: members
// sorted, numbers in one form, strings unescaped, ignored members left out, shapes instead of
// values, unordered arrays sorted. So a multiset can be compared by sorting, not by trying all
// pairs. Rules under which equality has no such text (Within, Expect) make it fail.

// canonElements returns the canonical texts of the elements of two arrays.
func (c *comparison) canonElements(a, b uint32, p *place) (xs, ys []string, ok bool) {
	c.canonical, c.blocked = true, false
	xs, ok = c.canonList(c.old, a, p, true)
	if ok {
		ys, ok = c.canonList(c.next, b, p, true)
	}
	c.canonical = false
	return xs, ys, ok && !c.blocked
}

func (c *comparison) canonList(d *document, n uint32, p *place, loose bool) (texts []string, ok bool) {
	texts, ok = make([]string, 0, d.Nodes[n].Size), true
	for i, e := range d.Children(n) {
		q := c.enter(p, step{index: i, loose: loose})
		text, fine := c.canon(nil, d, e, &q)
		c.leave(&q)
		texts, ok = append(texts, string(text)), ok && fine
	}
	return texts, ok
}

// canon appends the canonical text of a value. A tag and lengths keep values of different structure
// apart.
func (c *comparison) canon(dst []byte, d *document, n uint32, p *place) (out []byte, ok bool) {
	if !c.tick(1 + int(d.Nodes[n].End-d.Nodes[n].Start)/256) {
		return dst, false
	}
	kind := d.Nodes[n].Kind
	if p.mode() == ignore {
		return append(dst, '~'), true
	}
	dst = append(dst, "nb0\"[{"[kind])
	switch kind {
	case jsonread.Object:
		return c.canonObject(dst, d, n, p)
	case jsonread.Array:
		return c.canonArray(dst, d, n, p)
	}
	s := d.side(n)
	switch p.mode() {
	case shape, learnedShape:
		return appendText(dst, []byte(lexicalClass(s))), true
	case within:
		if _, applies := p.policy.tolerance.accepts(s, s); applies {
			p.policy.used = true
			return dst, false
		}
	}
	if kind == jsonread.Number {
		return appendText(dst, appendNumber(nil, s.raw)), true
	}
	return appendText(dst, s.meaning()), true
}

func (c *comparison) canonObject(dst []byte, d *document, n uint32, p *place) (out []byte, ok bool) {
	ok = true
	for _, m := range d.members(n) {
		q := c.enter(p, member(m.key))
		if q.mode() != ignore {
			fine := false
			dst, fine = c.canon(appendText(dst, m.key), d, m.value, &q)
			ok = ok && fine
		}
		c.leave(&q)
	}
	return append(dst, '}'), ok
}

func (c *comparison) canonArray(dst []byte, d *document, n uint32, p *place) (out []byte, ok bool) {
	texts, ok := c.canonList(d, n, p, p.list != nil)
	if p.list != nil {
		p.list.used = true
		slices.Sort(texts)
	}
	for _, text := range texts {
		dst = append(dst, text...)
	}
	return append(dst, ']'), ok
}

func appendText(dst, text []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
