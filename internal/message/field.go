package message

import (
	"maps"
	"net/http"
	"slices"
)

// Field is one header field: a canonical name and one value.
type Field struct{ Name, Value string }

// Fields returns the fields of h, sorted by name, the values of each name in
// their order.
func Fields(h http.Header) []Field {
	n := 0
	for _, values := range h {
		n += len(values)
	}
	out := make([]Field, 0, n)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			out = append(out, Field{name, v})
		}
	}
	return out
}
