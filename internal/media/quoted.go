package media

// Quoted strings (RFC 9110, section 5.6.4): the one place where a comma, a semicolon or a space can
// be part of a parameter.

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// quotedEnd returns the index behind the quoted string at the start of s, its closing quote
// included, or len(s) and false if there is no closing quote. A quote behind a backslash closes
// nothing.
func quotedEnd(s string) (end int, closed bool) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i + 1, true
		case '\\':
			i++
		}
	}
	return len(s), false
}

// unquote is Fetch's "collect an HTTP quoted string" with its value extracted: a missing closing
// quote is forgiven, and a backslash at the very end stands for itself.
func unquote(s string) (value, rest string) {
	end, _ := quotedEnd(s)
	value, rest = s[1:end], s[end:]
	escape := strings.IndexByte(value, '\\')
	if escape < 0 {
		return strings.TrimSuffix(value, `"`), rest
	}
	out := make([]byte, 0, len(value))
	for i := 0; i < len(value) && value[i] != '"'; i++ {
		if value[i] == '\\' && i+1 < len(value) {
			i++
		}
		out = append(out, value[i])
	}
	return string(out), rest
}

// appendValue writes a parameter's value as a token where it is one and as a quoted string
// otherwise.
func appendValue(out []byte, value string) []byte {
	if header.ValidName(value) {
		return append(out, value...)
	}
	out = append(out, '"')
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, value[i])
	}
	return append(out, '"')
}
