package media

// What several header lines say together: the Fetch Standard joins them with ", " and splits the
// whole at commas outside quoted strings ("get, decode, and split"), so that a quote opened in one
// line is closed by a later one.

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
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
	for value := range header.Tokens(strings.Join(values, ", ")) {
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
