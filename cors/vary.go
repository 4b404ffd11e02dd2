package cors

import (
	"net/http"
	"strings"
)

// Vary tells caches on which request headers an answer depends. Handlers have their own reasons to set it, so a
// policy adds what is missing and leaves the rest as it is.

// dependence is a set of request headers, as the value of a Vary line and taken apart.
type dependence struct {
	line  string
	names []string
}

var varyOrigin = dependence{"Origin", []string{"Origin"}}

func dependOn(names ...string) dependence {
	return dependence{strings.Join(names, ", "), names}
}

// varyRoom returns how many values v.vary(h, d) takes up at most.
func varyRoom(h http.Header, d dependence) int {
	if n := len(h["Vary"]); n > 0 {
		return n + len(d.names)
	}
	return 1
}

// vary makes h say that the answer depends on d. The lines are copied, not appended to: they may be shared with other
// responses of the handler.
func (v values) vary(h http.Header, d dependence) values {
	existing := h["Vary"]
	switch {
	case len(d.names) == 0:
		return v
	case len(existing) == 0:
		return v.set(h, "Vary", d.line)
	}
	n := copy(v, existing)
	for _, name := range d.names {
		if !varies(existing, name) {
			v[n] = name
			n++
		}
	}
	if n == len(existing) {
		return v
	}
	h["Vary"] = v[:n:n]
	return v[n:]
}

// varies reports whether lines of Vary list a name, or "*", which stands for all (RFC 9110, section 12.5.5).
func varies(lines []string, name string) bool {
	for _, line := range lines {
		for more := true; more; {
			var member string
			member, line, more = strings.Cut(line, ",")
			member = strings.Trim(member, " \t")
			if member == "*" || strings.EqualFold(member, name) {
				return true
			}
		}
	}
	return false
}
