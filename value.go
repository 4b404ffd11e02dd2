package crossfade

import (
	"errors"
	"fmt"

	"github.com/crossfade-go/crossfade/internal/value"
)

// Value reads a T from what a request says about name in a query, a path, a header or a cookie. It
// is the same in both shapes:
//
//	page, err := crossfade.Value("page", req.Query("page"), 1)
//	id, err := crossfade.Value("id", req.Param("id"), int64(0))
//
// An empty text gives or; that is also what Query and the like return for what a request does not
// say. Any other text is read as fetch.Typed reads it: as a string, a boolean (true, 1 or on;
// false, 0 or off), a decimal number, a time.Duration (1m30s), a time.Time (RFC 3339), or whatever
// has a method UnmarshalText. A text that is not a T is a 400 for the client, an error as Invalid
// makes it, and Value returns or beside it. A T that cannot be read from a text is a 500. Value is
// safe for concurrent use.
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
