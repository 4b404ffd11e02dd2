package text

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// PercentDecode is the URL Standard's "percent-decode": every %XX becomes its byte, a malformed
// escape stays as it is. The result may be ill-formed UTF-8; see WellFormed.
func PercentDecode(s string) string {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	out.WriteString(s[:i])
	for i < len(s) {
		if c, ok := Unescape(s[i:]); ok {
			out.WriteByte(c)
			i += 3
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return out.String()
}

// DecodeURIComponent is ECMAScript's decodeURIComponent: false, where that throws URIError, for a
// malformed escape and for escapes that are not well-formed UTF-8. Where s itself is not, as no
// ECMAScript string, its bytes and its escapes are decoded together and not judged.
func DecodeURIComponent(s string) (string, bool) {
	decoded, err := url.PathUnescape(s)
	if err != nil || !utf8.ValidString(decoded) && utf8.ValidString(s) {
		return "", false
	}
	return decoded, true
}

// Unescape reads the escape %XX at the start of s; false if there is none.
func Unescape(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, ok := Unhex(s[1])
	low, also := Unhex(s[2])
	return high<<4 | low, ok && also
}

// Unhex is the value of a hexadecimal digit; false if c is none.
func Unhex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// IsField reports whether s can stand in the head of a message: in a quoted string, or as a reason
// phrase (RFC 9110, 5.6.4; RFC 9112, 4). That are tabs, and what is not a control character.
func IsField(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F })
}

// IsASCII reports whether s has ASCII characters only.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
