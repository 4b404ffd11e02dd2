package main

// What JavaScript has and translations need.

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// isText is what typeof v === 'string' is.
func isText(v *any) bool {
	if v == nil {
		return false
	}
	_, ok := (*v).(string)
	return ok
}

// jsonBody is the body of a request, and has no members where there is none.
func jsonBody(req *reqres.Request) (body map[string]any, err error) {
	text, err := req.Bytes()
	if err != nil || len(text) == 0 {
		return nil, err
	}
	err = req.JSON(&body)
	return body, err
}

// member is a member of a body, nil where it has none.
func member(body map[string]any, name string) *any {
	v, ok := body[name]
	if !ok {
		return nil
	}
	return &v
}

// optional is the first of the values, nil where there is none: undefined or null in JavaScript.
func optional(values []string) *string {
	if len(values) == 0 {
		return nil
	}
	return &values[0]
}

// orElse is what s ?? other is.
func orElse(s *string, other string) string {
	if s == nil {
		return other
	}
	return *s
}

// pointer is a value that is there.
func pointer(v any) *any { return &v }
