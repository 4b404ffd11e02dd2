package media

// What several header lines say together: the Fetch Standard joins them with ", " and splits the
// whole at commas outside quoted strings ("get, decode, and split"), so that a quote opened in one
// line is closed by a later one.

import (
	"iter"
	"strings"
)

// Extract is the Fetch Standard's "extract a MIME type" from the lines of a Content-Type header:
// the last valid type counts, and takes over the charset of an earlier one of the same essence.
// False means that there is none.
func Extract(values []string) (Type, bool) {
	var (
		found   Type
		charset string
		has     bool // charset is set
	)
	for value := range split(values) {
		t, ok := Parse(value)
		if !ok || t.essence == "*/*" {
			continue
		}
		own, ownHas := lookup(t.params, "charset")
		switch {
		case t.essence != found.essence:
			charset, has = own, ownHas
		case !ownHas && has:
			t.params = append(t.params, Param{"charset", charset})
		}
		found = t
	}
	return found, found.essence != ""
}

// split yields the members of a header list, empty ones and quotes kept, spaces and tabs around
// them removed.
func split(values []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(values) == 0 {
			return
		}
		s := strings.Join(values, ", ")
		for i := 0; i < len(s); {
			switch s[i] {
			case '"':
				n, _ := quotedEnd(s[i:])
				i += n
			case ',':
				if !yield(strings.Trim(s[:i], "\t ")) {
					return
				}
				s, i = s[i+1:], 0
			default:
				i++
			}
		}
		yield(strings.Trim(s, "\t "))
	}
}
