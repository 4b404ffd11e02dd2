package message

import (
	"net/http"
	"slices"
)

// Field is one header field: a canonical name and one value.
type Field struct{ Name, Value string }

// Fields returns the fields of h, sorted by name, the values of each name in
// their order.
func Fields(h http.Header) []Field {
	var room [16]string
	names, n := room[:0], 0
	for name, values := range h {
		names = append(names, name)
		n += len(values)
	}
	slices.Sort(names)
	out := make([]Field, 0, n)
	for _, name := range names {
		for _, v := range h[name] {
			out = append(out, Field{name, v})
		}
	}
	return out
}
