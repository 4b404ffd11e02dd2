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
	uriComponent = Set("-_.!~*'()")                   // what encodeURIComponent leaves alone
	uri          = Set("-_.!~*'();/?:@&=+$,#")        // what encodeURI leaves alone
	location     = Set("!#$%&'()*+,-./:;=?@[\\]^_|~") // what encodeurl leaves alone, % only where it begins an escape
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

// EncodeURL makes a URL fit for a Location header and judges nothing else about it: npm encodeurl,
// which Express calls for res.location and res.redirect. Valid escapes stay, a lone % becomes %25,
// and everything that is not a URL character, CR and LF among it, becomes the escapes of its UTF-8.
// As in encodeurl, the one or two characters that make a % invalid are encoded with it by the
// narrower rule of encodeURI ("%[" is "%25%5B").
func EncodeURL(s string) string {
	i := badURLByte(s)
	if i == len(s) {
		return s
	}
	s = WellFormed(s)
	var out strings.Builder
	out.Grow(len(s) + 16)
	out.WriteString(s[:i])
	for i < len(s) {
		switch n := brokenEscape(s[i:]); {
		case n > 0:
			for _, c := range []byte(s[i : i+n]) {
				writeURI(&out, c)
			}
			i += n
		case location.Has(s[i]):
			out.WriteByte(s[i])
			i++
		default:
			WriteEscape(&out, s[i])
			i++
		}
	}
	return out.String()
}

// badURLByte is the index of the first byte that EncodeURL has to change, len(s) if there is none.
func badURLByte(s string) int {
	for i := range len(s) {
		if !location.Has(s[i]) || brokenEscape(s[i:]) > 0 {
			return i
		}
	}
	return len(s)
}

// brokenEscape is the length of the broken escape at the start of s, up to and with the byte that
// breaks it, and 0 if there is none. "%4" at the end of s is none: encodeurl leaves it alone.
func brokenEscape(s string) int {
	switch {
	case s[0] != '%':
		return 0
	case len(s) == 1:
		return 1
	case unhex[s[1]] == 0xFF:
		return 2
	case len(s) > 2 && unhex[s[2]] == 0xFF:
		return 3
	}
	return 0
}

func writeURI(out *strings.Builder, c byte) {
	if uri.Has(c) {
		out.WriteByte(c)
	} else {
		WriteEscape(out, c)
	}
}
