package parity

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// Two values are equal under the rules exactly if their canonical texts are the same bytes: members
// sorted, numbers in one form, strings unescaped, ignored members left out, shapes instead of
// values, unordered arrays sorted. So a multiset can be compared by sorting, not by trying all
// pairs. Rules under which equality has no such text (Within, Expect) make it fail.

// canonElements returns the canonical texts of the elements of an array.
func (c *comparison) canonElements(d *document, n uint32, p *place) (texts []string, ok bool) {
	outer := c.visiting
	c.visiting, c.blocked = true, false
	defer func() { c.visiting = outer }()
	texts, ok = make([]string, 0, d.Nodes[n].Size), true
	var buf []byte
	for i, e := range d.Children(n) {
		q := c.enter(p, step{index: i, loose: true})
		text, fine := c.canon(buf[:0], d, e, &q)
		c.leave(&q)
		texts = append(texts, string(text))
		buf, ok = text, ok && fine && !c.blocked
		if c.spent {
			return nil, false
		}
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
	dst = append(dst, "nb0\"[{'"[kind])
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
	ok = true
	var texts []string
	var order []int
	for i, e := range d.Children(n) {
		q := c.enter(p, step{index: i, loose: p.list != nil})
		text, fine := c.canon(nil, d, e, &q)
		c.leave(&q)
		texts, order, ok = append(texts, string(text)), append(order, i), ok && fine
	}
	if p.list != nil {
		p.list.used = true
		by := texts
		if p.list.action == keyed { // of one key, the order counts
			by = c.recordKeys(d, n, p.list.key)
		}
		slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(by[i], by[j]) })
	}
	for _, i := range order {
		dst = append(dst, texts[i]...)
	}
	return append(dst, ']'), ok
}

func appendText(dst, text []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}
