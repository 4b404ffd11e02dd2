package jsontext

// Values of the wrong type, told in the words of JSON: a client knows numbers and objects, not ints
// and structs.

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// expected returns what the Go value at the place takes.
func expected(e *json.UnmarshalTypeError) string {
	t := e.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, isNumber := strings.CutPrefix(e.Value, "number ") // a number that does not fit
	switch {
	case t == reflect.TypeFor[json.Number]():
		return "a number"
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return "a string"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "a boolean"
	case reflect.String:
		return "a string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if isNumber {
			return fmt.Sprintf("a whole number from %d to %d", int64(-1)<<(t.Bits()-1), uint64(1)<<(t.Bits()-1)-1)
		}
		return "a number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if isNumber {
			return fmt.Sprintf("a whole number from 0 to %d", ^uint64(0)>>(64-t.Bits()))
		}
		return "a number"
	case reflect.Float32, reflect.Float64:
		if isNumber {
			return "a number nearer to 0"
		}
		return "a number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "a string in base64"
		}
		return "an array"
	case reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "another kind of value"
}

// got returns what the client sent there.
func got(e *json.UnmarshalTypeError) string {
	if digits, ok := strings.CutPrefix(e.Value, "number "); ok {
		if len(digits) > 32 {
			digits = digits[:32] + "…"
		}
		return digits
	}
	switch e.Value {
	case "array", "object":
		return "an " + e.Value
	case "bool":
		return "a boolean"
	case "string", "number":
		return "a " + e.Value
	}
	return "something else"
}
