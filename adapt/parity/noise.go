package parity

import (
	"fmt"
	"maps"
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

// learner collects differences by class instead of reporting them.
type learner struct {
	noise                        Noise
	shape, unordered, structural map[string]bool
}

// Learn compares two answers of the same handler to the same request and returns what is noise in
// them. It is as total and bounded as [Compare].
func Learn(a, b Message) Noise {
	l := learner{shape: map[string]bool{}, unordered: map[string]bool{}, structural: map[string]bool{}}
	c := comparison{noise: &l}
	c.run(&a, &b)
	if c.spent {
		l.structural["body limit"] = true
	}
	l.noise.Shape = l.noise.bounded(l.shape)
	l.noise.Unordered = l.noise.bounded(l.unordered)
	l.noise.Structural = l.noise.bounded(l.structural)
	return l.noise
}

// note keeps a class. Of a class that is too long to be a path, nothing can be learned.
func (l *learner) note(kind Kind, class string) {
	set := l.shape
	switch _, err := parsePath(class); {
	case kind.structural() || err != nil:
		set, class = l.structural, class+" "+kind.String()
	case kind == KindOrder:
		set = l.unordered
	}
	if set[class] = true; len(set) > 4*maxNoise {
		kept := l.noise.bounded(set)
		clear(set)
		for _, s := range kept {
			set[s] = true
		}
	}
}

// bounded keeps the first of a set in sorted order, which makes the result independent of the order
// of merging.
func (n *Noise) bounded(set map[string]bool) []string {
	list := slices.Sorted(maps.Keys(set))
	if len(list) > maxNoise {
		n.Full = true
		list = slices.Clone(list[:maxNoise])
	}
	return list
}

// Merge returns what either has seen.
func (n Noise) Merge(other Noise) Noise {
	out := Noise{Full: n.Full || other.Full}
	union := func(a, b []string) []string {
		set := make(map[string]bool, len(a)+len(b))
		for _, s := range slices.Concat(a, b) {
			set[s] = true
		}
		return out.bounded(set)
	}
	out.Shape = union(n.Shape, other.Shape)
	out.Unordered = union(n.Unordered, other.Unordered)
	out.Structural = union(n.Structural, other.Structural)
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
