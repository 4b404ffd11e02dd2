package crossfade

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Error is an error that knows its HTTP status. Return it from a handler of either shape, or from
// the code that a handler calls: a status of 400 to 499 is sent with Message (and Fields), any
// other one is sent as its bare status text while the whole error is logged.
//
// The zero value is a 500. An Error is immutable once returned and may be a package variable that
// many requests return.
type Error struct {
	// Status is the HTTP status, 400 to 599; anything else counts as 500.
	Status int
	// Message is what the client may read. For a 5xx it goes to the log.
	Message string
	// Fields names what is wrong with single fields of the input. It is sent beside the message as
	// "fields".
	Fields map[string]string
	// Header is sent with the error response, for example Retry-After. See WithHeader.
	Header http.Header
	// Err is the cause, for errors.Is and errors.As; clients never see it.
	Err error
}

// Error returns the message, or the cause's text where there is no message.
func (e *Error) Error() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Err != nil:
		return e.Err.Error()
	default:
		return http.StatusText(e.StatusCode())
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// StatusCode returns the status that the error is answered with: Status, or 500 where Status is not
// the status of an error.
func (e *Error) StatusCode() int {
	if e.Status < 400 || e.Status > 599 {
		return http.StatusInternalServerError
	}
	return e.Status
}

// Errorf returns an *Error with the status and the formatted message. The message of a 4xx is sent
// to the client. As with fmt.Errorf, %w keeps the operand for errors.Is and errors.As; its text
// then is part of the message, and so visible to the client of a 4xx.
func Errorf(status int, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Status: status, Message: err.Error(), Err: errors.Unwrap(err)}
}

// Invalid returns the error that a Validate method answers with: 400, and one message for each
// field. It returns nil for no fields, so that a Validate method can end with it.
func Invalid(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	parts := make([]string, 0, len(fields))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		parts = append(parts, name+": "+fields[name])
	}
	return &Error{Status: http.StatusBadRequest, Message: "invalid input: " + strings.Join(parts, "; "), Fields: fields}
}
