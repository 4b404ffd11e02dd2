package parity

// A body of JSON is read once into a flat list of nodes that point into its bytes: no reflection, no maps, no copies,
// two allocations. encoding/json would decode into interfaces, keep the last of duplicate members and turn numbers into
// float64 or need a second pass; and a difference between two bodies lies often in exactly what decoding evens out.

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
	textNode // a line of a stream that is not JSON
)

var typeNames = [...]string{"null", "boolean", "number", "string", "array", "object", "text"}

// node is one value, or the name of a member, which stands before its value.
type node struct {
	start, end uint32 // its bytes
	next       uint32 // the node after it and all it holds
	size       uint32 // elements or members it holds
	kind       nodeKind
	escaped    bool // a string with escapes
}

// document is a body that was read.
type document struct {
	src   []byte
	nodes []node
}

func (d *document) raw(n uint32) []byte { return d.src[d.nodes[n].start:d.nodes[n].end] }

// text is what a string says, without quotation marks and escapes.
func (d *document) text(n uint32) []byte {
	raw := d.raw(n)
	raw = raw[1 : len(raw)-1]
	if d.nodes[n].escaped {
		return unescape(raw)
	}
	return raw
}

// children lists the elements of an array.
func (d *document) children(n uint32) []uint32 {
	list := make([]uint32, d.nodes[n].size)
	at := n + 1
	for i := range list {
		list[i] = at
		at = d.nodes[at].next
	}
	return list
}

func (d *document) side(n uint32) side {
	s := side{typ: typeNames[d.nodes[n].kind], form: asJSON, raw: d.raw(n)}
	switch d.nodes[n].kind {
	case stringNode:
		s.text = d.text(n)
	case textNode:
		s.form = quoted
	}
	return s
}

// isEmpty says whether the value is [], {} or "".
func (d *document) isEmpty(n uint32) bool {
	switch d.nodes[n].kind {
	case arrayNode, objectNode:
		return d.nodes[n].size == 0
	case stringNode:
		return d.nodes[n].end-d.nodes[n].start == 2
	}
	return false
}
