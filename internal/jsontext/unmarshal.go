package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/jsonread"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Error says what is wrong with JSON that a client sent.
type Error struct {
	// Message is for the client. It names the place, that of the first byte that is not JSON or of a
	// byte within the value that has the wrong type, and what was expected there, and nothing of the
	// program.
	Message string
	// Reason is the message without the place: what is wrong with the value there.
	Reason string
	// Err is encoding/json's error, or that of an UnmarshalJSON or UnmarshalText method.
	Err error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Unmarshal is json.Unmarshal for a body: as in the Fetch Standard, one leading byte order mark is
// skipped and ill-formed UTF-8 is read as U+FFFD. Anything but white space after the value is an
// error. dst is not kept.
//
// What is wrong with the text is an [*Error]; any other error (dst is not a pointer) is the
// program's mistake. As with json.Unmarshal, dst may have been written to in part.
func Unmarshal(data []byte, dst any) error {
	data = body(data)
	if !utf8.Valid(data) {
		data = []byte(text.WellFormed(string(data)))
	}
	err := json.Unmarshal(data, dst)
	if err == nil {
		return nil
	}
	if _, ok := err.(*json.InvalidUnmarshalError); ok {
		return err
	}
	if r := (jsonread.Reader{Src: data}); !r.Value() || !r.End() {
		return &Error{"invalid JSON at " + place(data, r.Pos) + ": " + r.Problem(), r.Problem(), err}
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset := int(mismatch.Offset) - 1
		if digits, ok := strings.CutPrefix(mismatch.Value, "number "); ok && offset > 0 && bytes.HasSuffix(data[:offset], []byte(digits)) {
			offset-- // where a number does not fit into an interface, encoding/json is one further
		}
		reason := fmt.Sprintf("expected %s, got %s", expected(mismatch), got(mismatch))
		switch {
		case mismatch.Field != "":
			return &Error{fmt.Sprintf("field %q: %s", mismatch.Field, reason), reason, err}
		case offset < 0 || offset > len(data):
			return &Error{reason, reason, err}
		}
		return &Error{place(data, offset) + ": " + reason, reason, err}
	}
	// The error of a method speaks of the client's value; encoding/json's own other texts speak of
	// Go.
	message := formless
	if s := err.Error(); !strings.HasPrefix(s, "json:") {
		message = "invalid value: " + s
	}
	return &Error{message, message, err}
}

// Reason is the Reason of the [*Error] that err is.
func Reason(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return formless
}

const formless = "a value does not have the form that is expected of it"

// Strict is an error unless the first character that is not white space is { or [: what
// body-parser's strict mode, its default, asks of a body before it is parsed.
func Strict(data []byte) error {
	data = bytes.TrimLeft(body(data), " \t\n\r")
	if len(data) > 0 && (data[0] == '{' || data[0] == '[') {
		return nil
	}
	return errors.New("invalid JSON: expected an object or an array")
}

// body is data without its byte order mark.
func body(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\uFEFF")) }

// place returns an offset as line and column, both counted from 1, the column in characters.
func place(text []byte, offset int) string {
	before := text[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(before[line:])+1)
}
