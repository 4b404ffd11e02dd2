package query

import (
	"iter"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Encode writes pairs as a query string, without "?", as the URL Standard serialises
// URLSearchParams: letters, digits and *-._ stay, a space is "+", all else is escaped. It parses to
// the same pairs. What is not well-formed UTF-8 is replaced with U+FFFD, as JavaScript does with a
// USVString.
func Encode(pairs iter.Seq2[string, string]) string {
	var out strings.Builder
	first := true
	for name, value := range pairs {
		if !first {
			out.WriteByte('&')
		}
		first = false
		write(&out, text.WellFormed(name))
		out.WriteByte('=')
		write(&out, text.WellFormed(value))
	}
	return out.String()
}

var kept = text.Set("*-._")

func write(out *strings.Builder, s string) {
	for i := range len(s) {
		switch c := s[i]; {
		case kept.Has(c):
			out.WriteByte(c)
		case c == ' ':
			out.WriteByte('+')
		default:
			text.WriteEscape(out, c)
		}
	}
}
