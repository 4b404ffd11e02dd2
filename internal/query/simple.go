package query

import (
	"iter"
	"strings"
)

// maxPairs is how many pairs both parsers of Express read, empty ones counted; the rest is ignored.
const maxPairs = 1000

// Simple is Express 5's default query parser, Node's querystring.parse: the pairs are those of
// First, brackets are part of the name, and the values of a repeated name make a list.
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
			o.Set(name, value)
		case string:
			o.Set(name, []any{existing, value})
		case []any:
			o.Set(name, append(existing, value))
		}
	}
	return o
}

// NextJS is req.query of an API Route of Next.js: the pairs of Simple without "__proto__", and the
// path parameters, which stand in for query parameters of the same names.
func NextJS(raw string, params iter.Seq2[string, any]) *Object {
	o := new(Object)
	for name, value := range Simple(raw).All() {
		if name != "__proto__" {
			o.Set(name, value)
		}
	}
	for name, value := range params {
		o.Set(name, value)
	}
	return o
}
