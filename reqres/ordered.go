package reqres

import (
	"encoding/json"

	"github.com/crossfade-go/crossfade/internal/query"
)

// orderedJSON decodes one value, which is known to be good, with the order of its objects kept.
func orderedJSON(d *json.Decoder) any {
	switch token, _ := d.Token(); token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			list = append(list, orderedJSON(d))
		}
		d.Token()
		return list
	case json.Delim('{'):
		o := new(query.Object)
		for d.More() {
			name, _ := d.Token()
			o.Set(name.(string), orderedJSON(d))
		}
		d.Token()
		return o
	default:
		if n, ok := token.(float64); ok {
			return n + 0 // -0 + 0 is 0
		}
		return token
	}
}
