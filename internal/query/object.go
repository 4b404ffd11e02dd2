package query

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// Object is what Express's query parsers return: names with values, in the order of a JavaScript
// object. A value is a string, a []any of values, or an *Object; in one made of JSON also nil, a
// bool or a float64. The zero value is an empty object, and a nil *Object reads as one. An Object
// that was returned is not changed any more and may be shared.
//
// JavaScript's order is: names that are array indices ("0", "17", not "01") by their number, then
// the others as they came.
type Object struct {
	names  []string // as they came
	values map[string]any
}

// Len is the number of names.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.names)
}

// Get is the value of a name, nil if there is none.
func (o *Object) Get(name string) any {
	if o == nil {
		return nil
	}
	return o.values[name]
}

// All yields names and values in order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, name := range o.order() {
			if !yield(name, o.values[name]) {
				return
			}
		}
	}
}

// MarshalJSON writes the object as JSON.stringify does, byte for byte.
func (o *Object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o), nil }

// Set gives a name its value, for whoever makes an Object; a new name goes to the end.
func (o *Object) Set(name string, value any) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	if o.values == nil {
		o.values = make(map[string]any)
	}
	o.values[name] = value
}

// order returns the names in JavaScript's order.
func (o *Object) order() []string {
	if o.Len() == 0 {
		return nil
	}
	names := slices.Clone(o.names)
	slices.SortStableFunc(names, func(a, b string) int {
		x, xIs := arrayIndex(a)
		y, yIs := arrayIndex(b)
		switch {
		case xIs && yIs:
			return cmp.Compare(x, y)
		case xIs:
			return -1
		case yIs:
			return 1
		}
		return 0
	})
	return names
}

// arrayIndex returns the number that a name stands for if JavaScript takes it for the index of an
// array: a decimal number below 2³²−1, written without leading zeros.
func arrayIndex(name string) (int64, bool) {
	n, ok := integer(name)
	return n, ok && n < 1<<32-1
}

// integer returns the number of a name that JavaScript writes as it reads it: decimal, no sign, no
// leading zeros, and small enough to be exact.
func integer(name string) (int64, bool) {
	if name == "" || name[0] < '0' || name[0] > '9' || name[0] == '0' && len(name) > 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(name, 10, 64)
	return n, err == nil && n < 1<<53
}

// appendJSON appends a value of an Object, or an *Object, as JSON.stringify writes it.
func appendJSON(out []byte, value any) []byte {
	switch v := value.(type) {
	case []any:
		out = append(out, '[')
		for i, element := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, element)
		}
		return append(out, ']')
	case *Object:
		out = append(out, '{')
		for i, name := range v.order() {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendJSON(out, name), ':')
			out = appendJSON(out, v.values[name])
		}
		return append(out, '}')
	}
	out, err := jsontext.Append(out, value)
	if err != nil {
		return append(out, "null"...) // JSON.stringify's NaN and Infinity
	}
	return out
}
