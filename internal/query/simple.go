package query

import "strings"

// maxPairs is how many pairs both parsers of Express read, empty ones counted; the rest is ignored.
const maxPairs = 1000

// Simple is Express 5's default query parser, Node's querystring.parse: the pairs are those of First, brackets are
// part of the name, and the values of a repeated name make a list.
func Simple(raw string) *Object {
	o := new(Object)
	left := maxPairs
	for pair := range strings.SplitSeq(raw, "&") {
		if left--; left < 0 {
			break
		}
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = decode(name), decode(value)
		switch existing := o.Get(name).(type) {
		case nil:
			o.set(name, value)
		case string:
			o.set(name, []any{existing, value})
		case []any:
			o.set(name, append(existing, value))
		}
	}
	return o
}
