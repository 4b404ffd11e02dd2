package cors

import (
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// Vary tells caches on which request headers an answer depends. Handlers have their own reasons to
// set it, so a policy adds what is missing and leaves the rest as it is.

// dependence is a set of request headers, as the value of a Vary line and taken apart.
type dependence struct {
	line  string
	names []string
}

var varyOrigin = dependence{"Origin", []string{"Origin"}}

func dependOn(names ...string) dependence {
	return dependence{strings.Join(names, ", "), names}
}

// vary makes h, which has the given lines of Vary, say that the answer depends on d. It takes up
// one value if there are none, and one for each line and name at most if there are. The lines are
// copied, not appended to: they may be shared with other responses of the handler.
func (v values) vary(h http.Header, lines []string, d dependence) values {
	switch {
	case len(d.names) == 0:
		return v
	case len(lines) == 0:
		return v.set(h, "Vary", d.line)
	}
	n := copy(v, lines)
	for _, name := range d.names {
		if !varies(lines, name) {
			v[n] = name
			n++
		}
	}
	if n == len(lines) {
		return v
	}
	h["Vary"] = v[:n:n]
	return v[n:]
}

// varies reports whether lines of Vary list a name, or "*", which stands for all (RFC 9110, section
// 12.5.5).
func varies(lines []string, name string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		return header.Lists(line, name) || header.Lists(line, "*")
	})
}
