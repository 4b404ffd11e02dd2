package reqres

// Questions about a representation that only the handler knows the size of.

import (
	"errors"

	"github.com/crossfade-go/crossfade/internal/byterange"
)

// The two ways in which a Range header gives no range: Express's -2, which is
// to be ignored, and -1, which is answered with 416.
var (
	ErrMalformedRange     = byterange.ErrMalformed
	ErrUnsatisfiableRange = byterange.ErrUnsatisfiable
)

// Range returns the unit of the Range header and its ranges within a
// representation of the given size, cut off at its end; nothing without the
// header. With combine, overlapping and adjacent ranges are one.
// The error is ErrMalformedRange or ErrUnsatisfiableRange.
func (r *Request) Range(size int64, combine bool) (unit string, ranges []Range, err error) {
	if len(r.x.R.Header["Range"]) == 0 {
		return "", nil, nil
	}
	return byterange.Parse(size, r.x.Header("Range"), combine)
}

// Stale is the opposite of Fresh.
func (r *Request) Stale() bool { return !r.Fresh() }

var errOutsideFile = errors.New("the options Start and End lie outside the file")
