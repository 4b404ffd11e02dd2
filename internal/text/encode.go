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

// HasAll reports whether s consists of characters of the set.
func (t *ASCII) HasAll(s string) bool {
	for i := range len(s) {
		if !t.Has(s[i]) {
			return false
		}
	}
	return true
}

var (
	uriComponent = Set("-_.!~*'()")                  // what encodeURIComponent leaves alone
	location     = Set("!#$&'()*+,-./:;=?@[\\]^_|~") // what encodeurl leaves alone
)

const upperHex = "0123456789ABCDEF"

// AppendEscape appends c as %XX with capital digits.
func AppendEscape(out []byte, c byte) []byte {
	return append(out, '%', upperHex[c>>4], upperHex[c&0xF])
}

// AppendEscaped appends s with every byte escaped that is not in kept.
func AppendEscaped(out []byte, s string, kept *ASCII) []byte {
	for i := range len(s) {
		if c := s[i]; kept.Has(c) {
			out = append(out, c)
		} else {
			out = AppendEscape(out, c)
		}
	}
	return out
}

// AppendURIComponent appends s as ECMAScript's encodeURIComponent writes it. Ill-formed UTF-8,
// which no ECMAScript string can hold, is encoded as U+FFFD.
func AppendURIComponent(b []byte, s string) []byte {
	return AppendEscaped(b, WellFormed(s), &uriComponent)
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
	out := append(make([]byte, 0, len(s)+16), s[:i]...)
	for ; i < len(s); i++ {
		if inURL(s[i:]) {
			out = append(out, s[i])
		} else {
			out = AppendEscape(out, s[i])
		}
	}
	return string(out)
}

// inURL reports whether the first byte of s can stay in a URL.
func inURL(s string) bool {
	if s[0] == '%' {
		_, ok := Unescape(s)
		return ok
	}
	return location.Has(s[0])
}
