package exchange

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/media"
)

// UnmarshalJSON decodes a request body; what does not decode is the client's mistake.
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

// DecodeJSON is what Decode of both shapes does: only of a body that says to be JSON, or says
// nothing, is what read returns decoded into v, which is then validated. Of a value of the wrong
// type the field is named.
func DecodeJSON[T any](x *Exchange, v *T, read func(dst any) error) error {
	if err := WantsJSON(x.R.Header.Get("Content-Type")); err != nil {
		return err
	}
	err := read(v)
	if err == nil {
		return Validate(v)
	}
	e, ours := errors.AsType[*crossfade.Error](err)
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if ours && ok && wrong.Field != "" && e.Fields == nil {
		named := *e
		named.Fields = map[string]string{wrong.Field: jsontext.Reason(err)}
		return &named
	}
	return err
}

// WantsJSON refuses a media type that is not JSON's.
func WantsJSON(contentType string) error {
	if contentType == "" {
		return nil
	}
	t, _ := media.Parse(contentType)
	switch e := t.Essence(); {
	case e == "application/json", e == "text/json", strings.HasSuffix(e, "+json"):
		return nil
	}
	return crossfade.Errorf(http.StatusUnsupportedMediaType, "the body must be of the type application/json, not %q", contentType)
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
