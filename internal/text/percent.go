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
	high, low := unhex[s[1]], unhex[s[2]]
	return high<<4 | low&0xF, high|low < 16
}

// unhex is the value of a hexadecimal digit, 0xFF for every other byte.
var unhex = func() (t [256]byte) {
	for c := range t {
		switch {
		case '0' <= c && c <= '9':
			t[c] = byte(c - '0')
		case 'a' <= c && c <= 'f':
			t[c] = byte(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			t[c] = byte(c - 'A' + 10)
		default:
			t[c] = 0xFF
		}
	}
	return t
}()

// IsASCII reports whether s has ASCII characters only.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
