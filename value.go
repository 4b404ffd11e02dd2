package crossfade

import (
	"errors"
	"fmt"

	"github.com/crossfade-go/crossfade/internal/value"
)

// Value makes a T of what a request says about name in a query, a path, a header or a cookie, the
// same in both shapes:
//
//	page, err := crossfade.Value("page", req.Query("page"), 1)
//	id, err := crossfade.Value("id", req.Param("id"), int64(0))
//
// An empty text, which also is what a request has not said, is or. Another one is what fetch.Typed
// makes of it: a string, a boolean (true, 1 or on; false, 0 or off), a decimal number, a
// time.Duration (1m30s), a time.Time (RFC 3339), or whatever has a method UnmarshalText. The error
// of a text that is none of T is a 400 for the client, as that of Invalid, and or stands beside it;
// for a T that no text becomes it is a 500. Safe for concurrent use.
func Value[T any](name, text string, or T) (T, error) {
	if text == "" {
		return or, nil
	}
	v, err := value.Parse[T](text)
	if err == nil {
		return v, nil
	}
	if wrong, ok := errors.AsType[*value.Error](err); ok {
		return or, Invalid(map[string]string{name: wrong.Message})
	}
	return or, fmt.Errorf("crossfade.Value %q: %w", name, err)
}
