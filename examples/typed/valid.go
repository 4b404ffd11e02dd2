package main

// Validation by tags is the choice of a service: fetch.Typed calls Validate, and what that asks is
// its own business. Here it is go-playground/validator, whose complaints become the fields of a
// 400.

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/crossfade-go/crossfade"
)

var validate = newValidator()

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { // the name that the client knows
		for _, tag := range []string{"path", "query", "header", "cookie"} {
			if name := f.Tag.Get(tag); name != "" {
				return name
			}
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
}

// valid checks the validate tags of a value.
func valid(v any) error {
	err := validate.Struct(v)
	wrong, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return err
	}
	fields := make(map[string]string)
	for _, e := range wrong {
		_, name, _ := strings.Cut(e.Namespace(), ".") // behind the name of the type
		fields[name] = "breaks the rule " + strings.TrimSuffix(e.Tag()+"="+e.Param(), "=")
	}
	return crossfade.Invalid(fields)
}

// taken reports whether a row has a value that another one has, and must not.
func taken(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
}
