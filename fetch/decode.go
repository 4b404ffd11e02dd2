package fetch

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Decode reads the body as JSON into a T. Where *T or T has a method
// Validate() error, it is called, and its error answered with 400; an *Error
// with Fields names the fields (see Invalid).
func Decode[T any](req *Request) (T, error) {
	var v T
	err := req.JSON(&v)
	if err == nil {
		err = exchange.Validate(&v)
	}
	return v, err
}

// Invalid is [crossfade.Invalid].
func Invalid(fields map[string]string) error { return crossfade.Invalid(fields) }
