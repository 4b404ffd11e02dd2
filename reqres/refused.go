package reqres

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crossfade-go/crossfade/internal/header"
)

// RefusedError is a call that Express refuses too: Message is Express's text, so that what is
// logged and searched for stays the same, and Err, if there is one, names the rule that was broken.
type RefusedError struct {
	Message string // what Express says
	Err     error  // the cause, or what to do about it
}

// Error is the message and the rule.
func (e *RefusedError) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the rule.
func (e *RefusedError) Unwrap() error { return e.Err }

// refusedHeader words an error of header.Check as Node does.
func refusedHeader(err error) error {
	e, ok := errors.AsType[*header.Error](err)
	switch {
	case !ok:
		return err
	case e.Value == "":
		return &RefusedError{fmt.Sprintf("Header name must be a valid HTTP token [%q]", e.Name), err}
	default:
		return &RefusedError{fmt.Sprintf("Invalid character in header content [%q]", e.Name), err}
	}
}

var errList = errors.New("give one list with commas, or several names")

// refusedVary words an error of header.Vary as npm vary does.
func refusedVary(names []string, err error) error {
	if slices.Contains(names, "") {
		return &RefusedError{"field argument is required", err}
	}
	return &RefusedError{"field argument contains an invalid header name", err}
}
