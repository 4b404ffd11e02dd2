package fetch

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Decode reads the body as JSON into a T. A body of another media type is a 415 (JSON of the request reads
// it all the same), a value of the wrong type a 400 with its field in Fields. Where *T or T has a method
// Validate() error, it is called, and its error answered with its own status or 400; an *Error with Fields
// names the fields (see Invalid).
//
// A body without a Content-Type is read as well. A page of another site can send one, with its
// visitor's cookies: where cookies say who asks, guard with http.CrossOriginProtection.
func Decode[T any](req *Request) (T, error) {
	var v T
	err := exchange.DecodeJSON(&req.x, &v, req.JSON)
	return v, err
}

// Invalid is [crossfade.Invalid].
func Invalid(fields map[string]string) error { return crossfade.Invalid(fields) }
