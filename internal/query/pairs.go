// Package query reads query strings by the rules of the references: those of URLSearchParams (URL
// Standard, application/x-www-form-urlencoded), which both shapes use for Query and QueryValues,
// and the two parsers of Express, which make objects.
//
// net/url cannot stand in: url.ParseQuery drops pairs with a semicolon or a bad escape, loses the
// order between names, and keeps ill-formed UTF-8.
//
// All functions are pure and safe for concurrent use; the types are immutable once they are
// returned.
package query

import (
	"iter"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// First is the value of the first pair with the name, by the rules of URLSearchParams: pairs are
// separated by "&" alone, empty ones are skipped, the first "=" ends the name, "+" is a space,
// escapes are decoded and malformed ones stay, and ill-formed UTF-8 becomes U+FFFD. raw has no "?"
// before it. First allocates only to decode the value.
func First(raw, name string) (string, bool) {
	for raw != "" {
		end := strings.IndexByte(raw, '&')
		if end < 0 {
			end = len(raw)
		}
		if end > 0 && mayBe(raw[0], name) {
			if n, v, _ := strings.Cut(raw[:end], "="); decodesTo(n, name) {
				return decode(v), true
			}
		}
		raw = raw[min(end+1, len(raw)):]
	}
	return "", false
}

// mayBe reports whether a pair that begins with c may have the name.
func mayBe(c byte, name string) bool {
	return name == "" || c == name[0] || c == '%' || c == '+' || c >= 0x80
}

// Values are the values of all pairs with the name, in order; nil if there are none. The rules are
// those of First.
func Values(raw, name string) []string {
	var values []string
	for n, v := range pairs(raw) {
		if decodesTo(n, name) {
			values = append(values, decode(v))
		}
	}
	return values
}

// All yields the names and values of all pairs, in order. The rules are those of First.
func All(raw string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for n, v := range pairs(raw) {
			if !yield(decode(n), decode(v)) {
				return
			}
		}
	}
}

// pairs yields the pairs that are not empty, still encoded.
func pairs(raw string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for more := raw != ""; more; {
			var pair string
			pair, raw, more = strings.Cut(raw, "&")
			if pair == "" {
				continue
			}
			if name, value, _ := strings.Cut(pair, "="); !yield(name, value) {
				return
			}
		}
	}
}

// decode decodes a name or a value.
func decode(s string) string {
	plain := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == '+' || c == '%':
			return text.WellFormed(text.PercentDecode(strings.ReplaceAll(s, "+", " ")))
		case c >= 0x80:
			plain = false
		}
	}
	if plain {
		return s
	}
	return text.WellFormed(s)
}

// decodesTo reports whether decode(s) is name, without the allocation for names that are ASCII.
func decodesTo(s, name string) bool {
	rest := s
	for i := range len(name) {
		if rest == "" {
			return false
		}
		c := rest[0]
		if unescaped, ok := text.Unescape(rest); ok {
			c, rest = unescaped, rest[3:]
		} else {
			rest = rest[1:]
			if c == '+' {
				c = ' '
			}
		}
		switch {
		case c >= 0x80 && name[i] >= 0x80:
			return decode(s) == name // ill-formed bytes may become the U+FFFD that is in name
		case c != name[i]:
			return false
		}
	}
	return rest == ""
}
