package exchange

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// UnmarshalJSON decodes a request body; what does not decode is the client's
// mistake.
func UnmarshalJSON(b []byte, dst any) error {
	err := jsontext.Unmarshal(b, dst)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*jsontext.Error](err); ok {
		return &crossfade.Error{Status: http.StatusBadRequest, Message: e.Error(), Err: err}
	}
	return err // the destination is wrong: ours
}

// Validate calls v's Validate method, if it has one.
func Validate[T any](v *T) error {
	check, ok := any(v).(interface{ Validate() error })
	if k := reflect.TypeFor[T]().Kind(); !ok && (k == reflect.Pointer || k == reflect.Interface) {
		check, ok = any(*v).(interface{ Validate() error })
	}
	if !ok {
		return nil
	}
	err := check.Validate()
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[statusCoder](err); ok {
		return err
	}
	return &crossfade.Error{Status: http.StatusBadRequest, Message: err.Error(), Err: err}
}
