package parity

import (
	"fmt"
	"slices"
	"strings"
)

// maxNoise bounds every list of Noise.
const maxNoise = 256

// Noise is what two answers of one handler to one request do not have in common: random
// identifiers, times, the order of a Go map. In [Rules] its places are compared by shape, so that
// an identifier that is empty or a time in another format is still found, and its arrays without
// regard to order. The zero value is not noise. Noise is a value: merge as much as you like, in any
// order, the result is the same and of bounded size.
type Noise struct {
	// Shape are the classes of places with other values of one type, sorted.
	Shape []string
	// Unordered are the arrays with the same elements in another order, sorted.
	Unordered []string
	// Structural are differences that are not learned, because they are never noise: "body.items
	// length". The handler disagrees with itself in what a client relies on; the fixture or the
	// handler is to be made deterministic. Sorted.
	Structural []string
	// Full says that there was more than fits, so that some noise is reported as difference.
	Full bool
}

// Learn compares two answers of the same handler to the same request and returns what is noise in
// them. It is as total and bounded as [Compare].
func Learn(a, b Message) Noise {
	var n Noise
	c := comparison{noise: &n}
	c.run(&a, &b)
	return n
}

// note keeps a class. Of a class that is too long to be a path, nothing can be learned.
func (n *Noise) note(kind Kind, class string) {
	switch _, err := parsePath(class); {
	case kind.structural() || err != nil:
		n.insert(&n.Structural, class+" "+kind.String())
	case kind == KindOrder:
		n.insert(&n.Unordered, class)
	default:
		n.insert(&n.Shape, class)
	}
}

// insert keeps a list sorted, and the first maxNoise of what it is given, whatever the order in
// which that comes.
func (n *Noise) insert(list *[]string, more ...string) {
	for _, s := range more {
		i, found := slices.BinarySearch(*list, s)
		if found {
			continue
		}
		if *list = slices.Insert(*list, i, s); len(*list) > maxNoise {
			*list, n.Full = (*list)[:maxNoise], true
		}
	}
}

// Merge returns what either has seen.
func (n Noise) Merge(other Noise) Noise {
	out := Noise{Full: n.Full || other.Full}
	for _, from := range []Noise{n, other} {
		out.insert(&out.Shape, from.Shape...)
		out.insert(&out.Unordered, from.Unordered...)
		out.insert(&out.Structural, from.Structural...)
	}
	return out
}

// String writes the noise as the fields of [Rules] to paste, and what cannot be a rule as comments.
func (n Noise) String() string {
	var b strings.Builder
	list := func(field string, paths []string) {
		if len(paths) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s: []string{\n", field)
		for _, p := range paths {
			fmt.Fprintf(&b, "\t%q,\n", p)
		}
		b.WriteString("},\n")
	}
	list("Shape", n.Shape)
	list("Unordered", n.Unordered)
	for _, s := range n.Structural {
		fmt.Fprintf(&b, "// never noise, yet the handler disagrees with itself: %s\n", s)
	}
	if n.Full {
		b.WriteString("// there was more noise than is kept\n")
	}
	return b.String()
}
