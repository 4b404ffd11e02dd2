package parity

import (
	"errors"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// A body of JSON is read once into a flat list of nodes that point into its bytes (package
// jsonread): no reflection, no maps, no copies, two allocations. encoding/json would decode into
// interfaces, keep the last of duplicate members and turn numbers into float64 or need a second
// pass; and a difference between two bodies lies often in exactly what decoding evens out.

var (
	errSyntax = errors.New("not JSON")
	errLimit  = errors.New("too large or too deep")
)

var typeNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// document is a body that was read.
type document struct{ jsonread.Document }

// parse reads a body of JSON, or writes down a stream as JSON and reads that.
func parse(form content, src []byte, cut bool) (*document, error) {
	ok := true
	switch {
	case len(src) > maxStructured:
		return nil, errLimit
	case form == jsonLines:
		src, ok = linesAsJSON(src, cut)
	case form == eventStream:
		src = eventsAsJSON(src)
	}
	nodes := make([]jsonread.Node, 0, min(len(src)/8+4, maxNodes))
	r := jsonread.Reader{Src: src, Keep: true, Nodes: nodes, Depth: maxDepth, Most: maxNodes}
	switch {
	case !ok:
		return nil, errSyntax
	case r.Value() && r.End():
		return &document{jsonread.Document{Src: src, Nodes: r.Nodes}}, nil
	case r.Over():
		return nil, errLimit
	}
	return nil, errSyntax
}

func (d *document) side(n uint32) side {
	s := side{typ: typeNames[d.Nodes[n].Kind], form: asJSON, raw: d.Raw(n)}
	if d.Nodes[n].Kind == jsonread.String {
		s.text = d.Text(n)
	}
	return s
}

// isEmpty says whether the value is [], {} or "".
func (d *document) isEmpty(n uint32) bool {
	switch d.Nodes[n].Kind {
	case jsonread.Array, jsonread.Object:
		return d.Nodes[n].Size == 0
	case jsonread.String:
		return d.Nodes[n].End-d.Nodes[n].Start == 2
	}
	return false
}
