package inbound

// What went wrong while a body was read, in the words of the answer.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
)

// ReadError turns an error met while a request body was read into the answer that the client
// deserves: 413 beyond a limit, 408 when it was too slow, 400 when it broke off or is malformed.
func ReadError(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &crossfade.Error{Status: http.StatusRequestTimeout, Message: "the request body did not arrive in time", Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, http.ErrBodyReadAfterClose):
		return &crossfade.Error{Status: http.StatusBadRequest, Message: "the request body broke off before its end", Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, ErrBodyUsed):
		return err // not the client's mistake
	}
	if _, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		return err
	}
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(e.Limit)
	}
	if e, ok := errors.AsType[*form.LimitError](err); ok {
		return &crossfade.Error{Status: http.StatusRequestEntityTooLarge, Message: e.Error(), Err: err}
	}
	return &crossfade.Error{Status: http.StatusBadRequest, Message: err.Error(), Err: err}
}

// tooLarge returns the answer to a body beyond max bytes.
func tooLarge(max int64) error {
	return &crossfade.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("the request body is larger than %d bytes", max),
		Err:     &http.MaxBytesError{Limit: max},
	}
}
