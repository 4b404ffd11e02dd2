package exchange

// What a returned error means on the wire. Both shapes end here: the status comes from the error, a
// 4xx shows its message to the client, and a 5xx shows nothing but the status text, because its
// detail is for the log only.

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// ErrNoResponse is the error of a handler that returned without answering.
var ErrNoResponse = errors.New("the handler returned without an answer")

// TextError is an error whose default response is its text alone, without a content type, beside
// the headers that the handler has set: what Next.js answers for a pages/api file.
type TextError struct{ Err error }

func (e *TextError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *TextError) Unwrap() error { return e.Err }

// HeadError is an error beside what its handler had said about its answer before it failed, in a
// header map of its own. It is answered as where the map is that of the answer.
type HeadError struct {
	Err    error
	Header http.Header
}

func (e *HeadError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *HeadError) Unwrap() error { return e.Err }

// takeHead puts into the answer what the handlers that err comes from had put into theirs, the
// innermost last: a header replaces what is there, but cookies and Vary are added to.
func (x *Exchange) takeHead(err error) {
	e, ok := errors.AsType[*HeadError](err)
	if !ok {
		return
	}
	x.takeHead(e.Err)
	merge(x.W.Header(), e.Header, "Set-Cookie", "Vary")
}

// merge puts headers into h, in place of what is there, or beside it where they are added.
func merge(h, headers http.Header, added ...string) {
	for name, values := range headers {
		if slices.Contains(added, name) {
			values = append(slices.Clip(h[name]), values...)
		}
		h[name] = slices.Clone(values)
	}
}

// PanicError is the error that a panicking handler is answered with.
type PanicError struct {
	Value any
	Stack []byte
}

// NewPanicError records a recovered value with the stack of the panicking goroutine; call it in the
// deferred function that recovered.
func NewPanicError(v any) *PanicError {
	return &PanicError{Value: v, Stack: debug.Stack()}
}

// Recovered is the error of a recovered value: ErrAbortHandler is one, anything else a PanicError.
func Recovered(v any) error {
	if v == http.ErrAbortHandler {
		return http.ErrAbortHandler
	}
	return NewPanicError(v)
}

// Caught calls f and makes an error of its panic.
func Caught(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = Recovered(v)
		}
	}()
	return f()
}

// Sound returns err, or where asking it panics (a nil *Error that is not a nil error, say) an error
// that says so, and that can be asked.
func Sound(err error) (sound error) {
	defer func() {
		if v := recover(); v != nil {
			sound = fmt.Errorf("an error of the type %T cannot be asked what it is: %w", err, NewPanicError(v))
		}
	}()
	if err != nil {
		_, _ = err.Error(), StatusOf(err)
		_ = errors.Is(err, http.ErrAbortHandler)
	}
	return err
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

// TextOf returns what a client may read of err: the message of an *Error for a client's mistake,
// for everything else the status text. An error of another type may say what is not for clients.
func TextOf(err error, status int) string {
	if e, ok := errors.AsType[*crossfade.Error](err); ok && e.StatusCode() == status && status < 500 {
		return e.Error()
	}
	return http.StatusText(status)
}

// ErrorBody is the body of the default error response:
// {"error":"…"} or {"error":"…","fields":{…}}.
func ErrorBody(err error, status int) []byte {
	body := struct {
		Error  string            `json:"error"`
		Fields map[string]string `json:"fields,omitempty"`
	}{Error: TextOf(err, status)}
	if e, ok := errors.AsType[*crossfade.Error](err); ok && status < 500 {
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
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' })
}
