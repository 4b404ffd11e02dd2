// Package cookie reads Cookie headers and writes Set-Cookie headers as Express does (npm cookie
// 0.7, cookie-parser and cookie-signature), for both shapes.
//
// net/http cannot stand in: http.ParseCookie fails as a whole for one bad pair and never decodes
// %XX, and http.Cookie.String drops the characters it does not like and quotes others, where
// Express percent-encodes.
//
// All functions are pure and safe for concurrent use.
package cookie

import (
	"iter"
	"net/textproto"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Get is the value of the cookie name in the lines of a Cookie header; the first of several wins.
// Names are case sensitive and not decoded. The value loses the spaces and tabs around it, then one
// pair of double quotes, and is percent-decoded; one whose escapes are not well-formed UTF-8 stays
// as it was sent. A pair without "=" is not a cookie. Get allocates only to decode.
func Get(lines []string, name string) (string, bool) {
	for n, raw := range pairs(lines) {
		if n == name {
			return decode(raw), true
		}
	}
	return "", false
}

// All yields the name and value of every cookie in the lines of a Cookie header, in order, repeated
// names too. The rules are those of Get, whose answer is the first one yielded for a name.
func All(lines []string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, raw := range pairs(lines) {
			if !yield(name, decode(raw)) {
				return
			}
		}
	}
}

// pairs yields what stands on both sides of the "=" of each pair, trimmed.
func pairs(lines []string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, rest := range lines {
			for more := true; more; {
				var pair string
				pair, rest, more = strings.Cut(rest, ";")
				if name, value, ok := strings.Cut(pair, "="); ok && !yield(textproto.TrimString(name), textproto.TrimString(value)) {
					return
				}
			}
		}
	}
}

func decode(raw string) string {
	if n := len(raw); n > 0 && raw[0] == '"' && raw[n-1] == '"' {
		raw = raw[1:max(1, n-1)] // one lone quote is a pair, too, as in npm cookie
	}
	if value, ok := text.DecodeURIComponent(raw); ok {
		return value
	}
	return raw
}
