package header

import (
	"net/http"
	"slices"
	"strings"
)

// Field is one header field: a canonical name and one value.
type Field struct{ Name, Value string }

// Fields are the fields of a message, in an order. They are what a crossfade.Header and a
// fetch.Response hold. Once published they are never written again: every With makes the one slice
// that it needs.
type Fields []Field

// FieldsOf returns the fields of h, sorted by name, the values of each name in their order.
func FieldsOf(h http.Header) Fields { return AppendFields(nil, h) }

// AppendFields is FieldsOf into out, which is empty, as far as that has room.
func AppendFields(out Fields, h http.Header) Fields {
	out = slices.Grow(out, len(h)) // few names have several values
	for name, values := range h {
		for _, v := range values {
			out = append(out, Field{name, v})
		}
	}
	slices.SortStableFunc(out, byName)
	return out
}

func byName(a, b Field) int { return strings.Compare(a.Name, b.Name) }

// Checked returns the fields of an h that somebody has made by hand, cleaned, and the first
// refusal, whose field is left out.
func Checked(h http.Header) (Fields, error) {
	var refused error
	out := FieldsOf(h)
	kept := out[:0]
	for _, f := range out {
		name, value, err := Clean(f.Name, f.Value)
		if err == nil {
			kept = append(kept, Field{name, value})
		} else if refused == nil {
			refused = err
		}
	}
	slices.SortStableFunc(kept, byName)
	return kept, refused
}

// Get returns the values of the header joined with ", ", or "" where there is none.
func (f Fields) Get(name string) string {
	first, n := "", 0
	name = Canonical(name)
	for i := range f {
		if f[i].Name == name {
			if n == 0 {
				first = f[i].Value
			}
			n++
		}
	}
	if n < 2 {
		return first
	}
	sep := ", "
	if name == "Cookie" {
		sep = "; " // RFC 6265, 5.4; the Fetch Standard's comma would break the cookies
	}
	return strings.Join(f.Values(name), sep)
}

// Has reports whether there is such a header.
func (f Fields) Has(name string) bool {
	name = Canonical(name)
	return slices.ContainsFunc(f, func(f Field) bool { return f.Name == name })
}

// Values returns the values of the header in a slice of the caller's; nil where there is none.
func (f Fields) Values(name string) []string {
	name = Canonical(name)
	var values []string
	for i := range f {
		if f[i].Name == name {
			values = append(values, f[i].Value)
		}
	}
	return values
}

// With returns the fields in which the header has just this value, at the place of the first of the
// replaced ones.
func (f Fields) With(name, value string) (Fields, error) {
	name, value, err := Clean(name, value)
	if err != nil {
		return f, err
	}
	out := make(Fields, 0, len(f)+1)
	placed := false
	for _, field := range f {
		switch {
		case field.Name != name:
			out = append(out, field)
		case !placed:
			out = append(out, Field{name, value})
			placed = true
		}
	}
	if !placed {
		out = append(out, Field{name, value})
	}
	return out, nil
}

// WithAdded returns the fields with one more.
func (f Fields) WithAdded(name, value string) (Fields, error) {
	name, value, err := Clean(name, value)
	if err != nil {
		return f, err
	}
	return append(slices.Clip(f), Field{name, value}), nil
}

// Without returns the fields that have none of the names.
func (f Fields) Without(names ...string) (Fields, error) {
	for _, name := range names {
		if !ValidName(name) {
			return f, Check(name, "")
		}
	}
	out := make(Fields, 0, len(f))
	for _, field := range f {
		if !slices.ContainsFunc(names, func(n string) bool { return Canonical(n) == field.Name }) {
			out = append(out, field)
		}
	}
	return out, nil
}
