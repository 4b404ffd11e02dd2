// Package text turns bytes from the wire into strings and strings into the escapes of URLs, cookies
// and HTML, exactly as the references do: the Encoding Standard for UTF-8, ECMAScript for
// encodeURIComponent, and the npm packages that Express uses for Location and for error pages.
//
// Go's own helpers come close and differ: string(b) keeps ill-formed bytes, strings.ToValidUTF8
// puts one U+FFFD for a whole run of them and []rune one for every byte, where the Encoding
// Standard puts one for every maximal subpart; html.EscapeString writes &#34; where Express writes
// &quot;; url.PathEscape has another set of characters than either npm package.
//
// All functions are pure and safe for concurrent use. A string that needs no change is returned as
// it is, without an allocation.
package text

import (
	"strings"
	"unicode/utf8"
)

const (
	bom         = "\xEF\xBB\xBF"
	replacement = "\uFFFD"
)

// Decode is the Encoding Standard's "UTF-8 decode": one leading byte order mark is removed, a
// second one is text, and every maximal subpart of an ill-formed sequence becomes U+FFFD. It is
// what text() and json() do in the Fetch Standard, whatever the Content-Type says about a charset.
func Decode(b []byte) string {
	if len(b) >= len(bom) && string(b[:len(bom)]) == bom {
		b = b[len(bom):]
	}
	return DecodeWithoutBOM(b)
}

// DecodeWithoutBOM is the Encoding Standard's "UTF-8 decode without BOM": a byte order mark is text
// like any other. URLSearchParams and the values of a form are decoded so.
func DecodeWithoutBOM(b []byte) string { return WellFormed(string(b)) }

// WellFormed is DecodeWithoutBOM for bytes that are in a string already: the string itself if it is
// valid UTF-8.
func WellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + len(replacement))
	clean := 0 // s[clean:i] is well-formed and not yet written
	for i := 0; i < len(s); {
		if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
			i += size
			continue
		}
		out.WriteString(s[clean:i])
		out.WriteString(replacement)
		i += subpart(s[i:])
		clean = i
	}
	out.WriteString(s[clean:])
	return out.String()
}

// subpart returns the length of the maximal subpart at the start of s, which does not start with a
// valid sequence: the longest prefix that some valid sequence also begins with, or one byte
// (Unicode 3.9, D93b).
func subpart(s string) int {
	n := 1
	for n < len(s) && !utf8.FullRuneInString(s[:n+1]) {
		n++
	}
	return n
}
