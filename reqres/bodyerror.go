package reqres

import (
	"errors"
	"net/http"
)

// BodyError is what a body parser could not read: the cause of the Error that it returns. Type is
// Express's name for it (err.type), by which error handlers tell one from another:
//
//	charset.unsupported, encoding.unsupported    415
//	entity.too.large, parameters.too.many        413
//	entity.verify.failed                         403
//	entity.parse.failed, request.aborted,
//	querystring.parse.rangeError                 400
//
// A Verify function may return one to choose the Type.
type BodyError struct {
	Type     string // as body-parser names it, such as entity.too.large
	Body     string // the body that could not be parsed or verified, as text
	Limit    int64  // of entity.too.large
	Length   int64  // of entity.too.large: what the client announced, or 0
	Charset  string // of charset.unsupported
	Encoding string // of encoding.unsupported
	Err      error  // the cause, for errors.Is and errors.As
}

// Error is the text of the cause, or the type.
func (e *BodyError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Type
}

// Unwrap returns the cause.
func (e *BodyError) Unwrap() error { return e.Err }

func bodyError(status int, e *BodyError, message string) error {
	return &Error{Status: status, Message: message, Err: e}
}

// refusedBody gives the error of a Verify function or a parser the status and the type that it does
// not have itself.
func refusedBody(status int, kind string, err error, body string) error {
	if e, ok := errors.AsType[*BodyError](err); ok {
		kind = e.Type
	}
	if e, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		status = e.StatusCode()
	}
	message := err.Error()
	if e, ok := errors.AsType[*RefusedError](err); ok {
		message = e.Message
	}
	if status >= http.StatusInternalServerError {
		return err
	}
	return bodyError(status, &BodyError{Type: kind, Body: body, Err: err}, message)
}
