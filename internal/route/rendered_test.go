package route

import (
	"errors"
	"io"
	"testing"
)

// A rendered error is still the error, with the status of its answer.
func TestRendered(t *testing.T) {
	err := error(&Rendered{Err: io.ErrUnexpectedEOF, Status: 418})
	of, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	if !errors.Is(err, io.ErrUnexpectedEOF) || err.Error() != io.ErrUnexpectedEOF.Error() || !ok || of.StatusCode() != 418 {
		t.Errorf("%v, %v", err, of)
	}
}
