package query

import (
	"iter"
	"net/url"
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
		out.WriteString(escape(name))
		out.WriteByte('=')
		out.WriteString(escape(value))
	}
	return out.String()
}

// unlike are the two characters that net/url treats in another way than the URL Standard.
var unlike = strings.NewReplacer("%2A", "*", "~", "%7E")

func escape(s string) string { return unlike.Replace(url.QueryEscape(text.WellFormed(s))) }
