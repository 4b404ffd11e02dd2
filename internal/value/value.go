// Package value makes Go values of the strings of a request: path parameters, query, headers,
// cookies and the texts of forms. One place decides what a number is and in which words a client is
// told, so that fetch.Typed, the typed accessors of both shapes and adapt.Call cannot differ.
//
// What a string can become: a string, a boolean (true, 1 or on; false, 0 or off: on is what a
// checkbox sends), a number in decimal digits, a time.Duration such as 1m30s, a time.Time of RFC
// 3339, and whatever has a method UnmarshalText, each also under a type of the user's.
package value

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Error says what is wrong with a string that a client sent.
type Error struct {
	Message string // for the client, without the name of the member
	Err     error  // of strconv, time or UnmarshalText
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Parser sets dst, which is of the type that the Parser was made for, from a string. Its error is an
// *Error, and dst then is as it was.
type Parser func(s string, dst reflect.Value) error

// Parse makes a T of a string. An error that is not an *Error is the program's: no string becomes a
// T.
func Parse[T any](s string) (v T, err error) {
	parse, err := Of(reflect.TypeFor[T]())
	if err == nil {
		err = parse(s, reflect.ValueOf(&v).Elem())
	}
	return v, err
}

var (
	unmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	durations   = reflect.TypeFor[time.Duration]()
	times       = reflect.TypeFor[time.Time]()
)

// Of returns what makes values of the type t. The error says that nothing does.
func Of(t reflect.Type) (Parser, error) {
	switch {
	case t == durations:
		return parseDuration, nil
	case t == times:
		return parseTime, nil
	case reflect.PointerTo(t).Implements(unmarshaler):
		return parseText, nil
	}
	switch t.Kind() {
	case reflect.String:
		return parseString, nil
	case reflect.Bool:
		return parseBool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return parseInt, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return parseUint, nil
	case reflect.Float32, reflect.Float64:
		return parseFloat, nil
	}
	return nil, fmt.Errorf("a string cannot become a %s: give the type a method UnmarshalText", t)
}

func parseString(s string, dst reflect.Value) error {
	dst.SetString(s)
	return nil
}

func parseBool(s string, dst reflect.Value) error {
	switch s {
	case "true", "1", "on":
		dst.SetBool(true)
	case "false", "0", "off":
		dst.SetBool(false)
	default:
		return mismatch("true or false", s, nil)
	}
	return nil
}

func parseInt(s string, dst reflect.Value) error {
	bits := dst.Type().Bits()
	n, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		return mismatch(whole(err, strconv.FormatInt(-1<<(bits-1), 10), strconv.FormatUint(1<<(bits-1)-1, 10)), s, err)
	}
	dst.SetInt(n)
	return nil
}

func parseUint(s string, dst reflect.Value) error {
	bits := dst.Type().Bits()
	n, err := strconv.ParseUint(s, 10, bits)
	if err != nil {
		if _, negative := strconv.ParseInt(s, 10, 64); negative == nil {
			err = strconv.ErrRange
		}
		return mismatch(whole(err, "0", strconv.FormatUint(1<<bits-1, 10)), s, err)
	}
	dst.SetUint(n)
	return nil
}

// whole returns what was expected, with its bounds where those are the reason.
func whole(err error, least, most string) string {
	if errors.Is(err, strconv.ErrRange) {
		return "a whole number from " + least + " to " + most
	}
	return "a whole number"
}

// parseFloat reads what JSON can say too: no infinity, no NaN, no hexadecimal digits.
func parseFloat(s string, dst reflect.Value) error {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return mismatch("a number", s, nil)
	}
	f, err := strconv.ParseFloat(s, dst.Type().Bits())
	switch {
	case errors.Is(err, strconv.ErrRange):
		return mismatch("a number nearer to 0", s, err)
	case err != nil:
		return mismatch("a number", s, err)
	}
	dst.SetFloat(f)
	return nil
}

func parseDuration(s string, dst reflect.Value) error {
	d, err := time.ParseDuration(s)
	if err != nil {
		return mismatch("a duration such as 1m30s", s, err)
	}
	dst.SetInt(int64(d))
	return nil
}

func parseTime(s string, dst reflect.Value) error {
	var t time.Time
	if err := t.UnmarshalText([]byte(s)); err != nil {
		return mismatch("a time such as 2006-01-02T15:04:05Z", s, err)
	}
	dst.Set(reflect.ValueOf(t))
	return nil
}

// parseText leaves dst alone where the method fails, whatever that has done to its receiver.
func parseText(s string, dst reflect.Value) error {
	v := reflect.New(dst.Type())
	if err := v.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
		return &Error{Message: err.Error(), Err: err}
	}
	dst.Set(v.Elem())
	return nil
}

// mismatch says what was expected and, as far as it is short, what came.
func mismatch(expected, got string, err error) error {
	if len(got) > longest {
		got = strings.ToValidUTF8(got[:longest], "") + "…"
	}
	return &Error{Message: fmt.Sprintf("expected %s, got %q", expected, got), Err: err}
}

const longest = 32
