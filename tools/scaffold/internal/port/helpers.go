package port

// Functions that JavaScript has and Go has not, for the package that is written.

// Helper is a function that translations call.
type Helper struct {
	Source  string
	Imports []string
}

// Helpers are the functions that translations call, by name.
var Helpers = map[string]Helper{
	"optional": {Source: `// optional is the first of the values, nil where there is none: undefined or null in JavaScript.
func optional(values []string) *string {
	if len(values) == 0 {
		return nil
	}
	return &values[0]
}
`},
	"cookie": {Source: `// cookie is the value of a cookie, nil where there is none.
func cookie(value string, ok bool) *string {
	if !ok {
		return nil
	}
	return &value
}
`},
	"orElse": {Source: `// orElse is what s ?? other is.
func orElse(s *string, other string) string {
	if s == nil {
		return other
	}
	return *s
}
`},
	"list": {Source: `// list is a list that is never nil, which would be null in JSON.
func list(values []string) []string { return append([]string{}, values...) }
`},
	"jsonBody": {Source: `// jsonBody is the body of a request, and has no members where there is none.
func jsonBody(req *reqres.Request) (body map[string]any, err error) {
	text, err := req.Bytes()
	if err != nil || len(text) == 0 {
		return nil, err
	}
	err = req.JSON(&body)
	return body, err
}
`, Imports: []string{"reqres"}},
	"member": {Source: `// member is a member of a body, nil where it has none.
func member(body map[string]any, name string) *any {
	v, ok := body[name]
	if !ok {
		return nil
	}
	return &v
}
`},
	"truthy": {Source: `// truthy is what JavaScript makes of a value in a condition.
func truthy(v *any) bool {
	if v == nil {
		return false
	}
	switch v := (*v).(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case float64:
		return v != 0
	}
	return true
}
`},
	"isText": {Source: `// isText is what typeof v === 'string' is.
func isText(v *any) bool {
	if v == nil {
		return false
	}
	_, ok := (*v).(string)
	return ok
}
`},
	"pick": {Source: `// pick is what a ? b : c is.
func pick[T any](a bool, b, c T) T {
	if a {
		return b
	}
	return c
}
`},
	"resolve": {Source: `// resolve is what new URL(path, request.url) is.
func resolve(req *fetch.Request, path string) string {
	base := req.URL()
	ref, err := base.Parse(path)
	if err != nil {
		return path
	}
	return ref.String()
}
`, Imports: []string{"fetch"}},
	"pointer": {Source: `// pointer is a value that is there.
func pointer(v any) *any { return &v }
`},
}
