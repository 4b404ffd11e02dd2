package inbound

// The path parameters. Their values are kept as they stand in the path, escaped; the mux has
// checked that they decode.

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pathname"
)

// AddParam adds the raw value of the next parameter of Env.Names, before anybody else has r in
// hand.
func (r *Request) AddParam(raw string) {
	switch {
	case r.Env.Values != nil: // a copy, made below
		r.Env.Values = append(r.Env.Values, raw)
	case !r.Strings.addParam(raw):
		env := *r.Env
		env.Values = append(slices.Clip(r.values()), raw)
		r.Env = &env
	}
}

// ShareParams gives r, which has the Env of another request, the parameters of that one.
func (r *Request) ShareParams(of *Request) {
	if r.Env.Values == nil {
		for _, v := range of.values() {
			r.Strings.addParam(v)
		}
	}
}

// values returns the raw values of the parameters.
func (r *Request) values() []string {
	if r.Env.Values != nil {
		return r.Env.Values
	}
	return r.Strings.room[:r.Strings.params]
}

func (r *Request) index(name string) int {
	if i := slices.Index(r.Env.Names, name); i < len(r.values()) {
		return i
	}
	return -1
}

// value decodes the i-th parameter.
func (r *Request) value(i int) string {
	v := r.values()[i]
	if strings.IndexByte(v, '%') < 0 {
		return v
	}
	v, _ = pathname.Decode(v)
	return v
}

func (r *Request) isCatchAll(i int) bool { return r.Env.CatchAll && i == len(r.Env.Names)-1 }

// segments decodes those of the i-th parameter, a catch-all's, one by one.
func (r *Request) segments(i int) []string {
	raw := r.values()[i]
	if raw == "" {
		return nil
	}
	segments := strings.Split(raw, "/")
	for j, s := range segments {
		segments[j], _ = pathname.Decode(s)
	}
	return segments
}

// Param returns a path parameter, decoded; of a catch-all the rest of the path.
func (r *Request) Param(name string) string {
	if i := r.index(name); i >= 0 {
		return r.value(i)
	}
	return r.R.PathValue(name)
}

// Params returns the segments of a path parameter, decoded one by one.
func (r *Request) Params(name string) []string {
	i := r.index(name)
	switch {
	case i < 0:
		if v := r.R.PathValue(name); v != "" {
			return strings.Split(v, "/")
		}
		return nil
	case r.isCatchAll(i):
		return r.segments(i)
	case r.values()[i] == "":
		return nil
	}
	return []string{r.value(i)}
}

// AllParams yields the path parameters that there are: a catch-all as a list of its segments, which
// is left out where it has matched none, anything else as text.
func (r *Request) AllParams() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, name := range r.Env.Names[:min(len(r.Env.Names), len(r.values()))] {
			var v any
			if r.isCatchAll(i) {
				list := []any{}
				for _, s := range r.segments(i) {
					list = append(list, s)
				}
				if len(list) == 0 {
					return
				}
				v = list
			} else {
				v = r.value(i)
			}
			if !yield(name, v) {
				return
			}
		}
	}
}

// ParamTexts yields the names of the path parameters and their values, decoded, "" where a request
// has none.
func (r *Request) ParamTexts() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, name := range r.Env.Names {
			if !yield(name, r.Param(name)) {
				return
			}
		}
	}
}

// SetParam makes value that of the parameter name, for r alone, which nobody else has in hand yet.
func (r *Request) SetParam(name, value string) {
	env := *r.Env
	env.Names = append([]string{name}, env.Names...)
	env.Values = append([]string{url.PathEscape(value)}, r.values()...)
	if strings.Contains(value, "/") && len(env.Names) == 1 {
		env.CatchAll, env.Values[0] = true, value
	}
	r.Env = &env
}
