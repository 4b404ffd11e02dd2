package text

import "strings"

// ASCII is a set of ASCII characters; no byte from 0x80 on is ever in it.
type ASCII [128]bool

// Set makes an ASCII set of the letters, the digits and the given punctuation.
func Set(punctuation string) (t ASCII) {
	for c := range t {
		t[c] = '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' ||
			strings.IndexByte(punctuation, byte(c)) >= 0
	}
	return t
}

// Has reports whether c is in the set.
func (t *ASCII) Has(c byte) bool { return c < 128 && t[c] }

var (
	uriComponent = Set("-_.!~*'()")                  // what encodeURIComponent leaves alone
	location     = Set("!#$&'()*+,-./:;=?@[\\]^_|~") // what encodeurl leaves alone
)

const upperHex = "0123456789ABCDEF"

// WriteEscape writes c as %XX with capital digits.
func WriteEscape(out *strings.Builder, c byte) {
	out.WriteByte('%')
	out.WriteByte(upperHex[c>>4])
	out.WriteByte(upperHex[c&0xF])
}

// AppendEscape appends c as %XX with capital digits.
func AppendEscape(out []byte, c byte) []byte {
	return append(out, '%', upperHex[c>>4], upperHex[c&0xF])
}

// AppendURIComponent appends s as ECMAScript's encodeURIComponent writes it. Ill-formed UTF-8,
// which no ECMAScript string can hold, is encoded as U+FFFD.
func AppendURIComponent(b []byte, s string) []byte {
	s = WellFormed(s)
	for i := range len(s) {
		if c := s[i]; uriComponent.Has(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}

// EncodeURL makes a URL fit for a Location header and judges nothing else about it, as npm
// encodeurl, which Express calls for res.location and res.redirect: escapes stay, a lone % becomes
// %25, and everything that is not a URL character, CR and LF among it, becomes the escapes of its
// UTF-8.
func EncodeURL(s string) string {
	i := 0
	for i < len(s) && inURL(s[i:]) {
		i++
	}
	if i == len(s) {
		return s
	}
	s = WellFormed(s)
	var out strings.Builder
	out.Grow(len(s) + 16)
	out.WriteString(s[:i])
	for ; i < len(s); i++ {
		if inURL(s[i:]) {
			out.WriteByte(s[i])
		} else {
			WriteEscape(&out, s[i])
		}
	}
	return out.String()
}

// inURL reports whether the first byte of s can stay in a URL.
func inURL(s string) bool {
	if s[0] == '%' {
		_, ok := Unescape(s)
		return ok
	}
	return location.Has(s[0])
}
