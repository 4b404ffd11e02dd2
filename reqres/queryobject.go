package reqres

import (
	"iter"

	"github.com/crossfade-go/crossfade/internal/query"
)

// QueryObject is a query, a form or a JSON object as Express's parsers make it: names with values,
// in the order of a JavaScript object, in which names that are array indices ("0", "17", not "01")
// come first, by their number. A value is a string, a []any of values, or a *QueryObject; of JSON
// also nil, a bool or a float64.
//
// The zero value and a nil *QueryObject are empty. A QueryObject is never changed after it was
// returned, and may be read by several goroutines.
type QueryObject struct{ object *query.Object }

// Get returns the value of a name, nil if there is none.
func (o *QueryObject) Get(name string) any { return outward(o.inner().Get(name)) }

// All yields the names and values in order.
func (o *QueryObject) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for name, value := range o.inner().All() {
			if !yield(name, outward(value)) {
				return
			}
		}
	}
}

// MarshalJSON writes the object as JSON.stringify does, byte for byte.
func (o *QueryObject) MarshalJSON() ([]byte, error) { return o.inner().MarshalJSON() }

func (o *QueryObject) inner() *query.Object {
	if o == nil {
		return nil
	}
	return o.object
}

// outward returns a value of the parsers as a handler sees it.
func outward(value any) any {
	switch v := value.(type) {
	case *query.Object:
		return &QueryObject{v}
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = outward(element)
		}
		return list
	}
	return value
}
