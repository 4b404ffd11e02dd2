package message

// What a returned error means on the wire. Both shapes end here: the status
// comes from the error, a 4xx shows its message to the client, and a 5xx shows
// nothing but the status text, because its detail is for the log only.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// Error is the root's.
type Error = crossfade.Error

var (
	// ErrBodyUsed is returned by the second read of a one-shot body
	// (Fetch Standard, "body used").
	ErrBodyUsed = errors.New("the body has already been read: call Buffer before the first read, or Clone, to read it again")

	// ErrNoResponse is the error of a handler that returned without answering.
	ErrNoResponse = errors.New("the handler returned without an answer")

	// ErrAlreadySent is wrapped by every call that tries to answer, or to
	// change the head, after the answer was given.
	ErrAlreadySent = errors.New("the response has already been sent")

	// ErrHandlerReturned is returned by writes that come after the handler
	// returned, for example from a goroutine that it left behind.
	ErrHandlerReturned = errors.New("the handler has returned: its response can no longer be written")

	// ErrClientGone is the cause of a request's context that ended because
	// the client went away before the answer was complete.
	ErrClientGone = errors.New("the client went away before the answer was complete")

	// ErrAnswerComplete is the cause of a request's context that ended
	// because the answer was complete.
	ErrAnswerComplete = errors.New("the answer is complete")
)

// TextError is an error whose default response is its text alone, without a
// content type, beside the headers that the handler has set: what Next.js
// answers for a pages/api file.
type TextError struct{ Err error }

func (e *TextError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *TextError) Unwrap() error { return e.Err }

// PanicError is the error that a panicking handler is answered with.
type PanicError struct {
	Value any
	Stack []byte
}

// NewPanicError records a recovered value with the stack of the panicking
// goroutine; call it in the deferred function that recovered.
func NewPanicError(v any) *PanicError {
	return &PanicError{Value: v, Stack: debug.Stack()}
}

func (e *PanicError) Error() string { return fmt.Sprintf("the handler panicked: %v", e.Value) }

// Unwrap returns the value of the panic where it was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// StatusCode hides a status that a panicked error may carry: a panic is ours.
func (e *PanicError) StatusCode() int { return http.StatusInternalServerError }

// statusCoder is what an error of any origin implements to choose its status.
type statusCoder interface {
	error
	StatusCode() int
}

// StatusOf returns the status that err is answered with.
func StatusOf(err error) int {
	if c, ok := errors.AsType[statusCoder](err); ok {
		if s := c.StatusCode(); s >= 400 && s <= 599 {
			return s
		}
		return http.StatusInternalServerError
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusInternalServerError
}

// TextOf returns what a client may read of err: its message for a client's
// mistake, the status text for ours.
func TextOf(err error, status int) string {
	if status >= 500 {
		return http.StatusText(status)
	}
	if e, ok := errors.AsType[*Error](err); ok && e.StatusCode() == status {
		return e.Error()
	}
	return err.Error()
}

// ErrorBody is the body of the default error response:
// {"error":"…"} or {"error":"…","fields":{…}}.
func ErrorBody(err error, status int) []byte {
	body := struct {
		Error  string            `json:"error"`
		Fields map[string]string `json:"fields,omitempty"`
	}{Error: TextOf(err, status)}
	if e, ok := errors.AsType[*Error](err); ok && status < 500 {
		body.Fields = e.Fields
	}
	if body.Fields == nil && plain(body.Error) {
		b := make([]byte, 0, len(body.Error)+len(`{"error":""}`))
		return append(append(append(b, `{"error":"`...), body.Error...), `"}`...)
	}
	b, _ := jsontext.Marshal(body) // strings always marshal
	return b
}

// plain reports whether s is the same between the quotes of JSON.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// ReadError turns an error met while a request body was read into the answer
// that the client deserves: 413 beyond a limit, 408 when it was too slow, 400
// when it broke off or is malformed.
func ReadError(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &Error{Status: http.StatusRequestTimeout, Message: "the request body did not arrive in time", Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, http.ErrBodyReadAfterClose):
		return &Error{Status: http.StatusBadRequest, Message: "the request body broke off before its end", Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, ErrBodyUsed):
		return err // not the client's mistake
	}
	if _, ok := errors.AsType[statusCoder](err); ok {
		return err
	}
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(e.Limit)
	}
	if e, ok := errors.AsType[*form.LimitError](err); ok {
		return &Error{Status: http.StatusRequestEntityTooLarge, Message: e.Error(), Err: err}
	}
	return &Error{Status: http.StatusBadRequest, Message: err.Error(), Err: err}
}

// tooLarge is the answer to a body beyond max bytes.
func tooLarge(max int64) error {
	return &Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("the request body is larger than %d bytes", max),
		Err:     &http.MaxBytesError{Limit: max},
	}
}
