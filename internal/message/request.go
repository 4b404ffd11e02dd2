package message

// What both request types are asked for, in one place, so that an accessor
// cannot mean two things.

import (
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/query"
)

// Path returns the path that the request is routed on.
func (x *Exchange) Path() string {
	p, _ := pathname.Normalize(x.R.URL)
	return p
}

// URL returns a copy of the absolute URL.
func (x *Exchange) URL() *url.URL {
	u := *x.R.URL
	u.Scheme, u.Host, u.User, u.RawQuery = x.Protocol(), x.Host(), nil, x.RawQuery()
	raw := x.Path()
	if p, err := url.PathUnescape(raw); err == nil {
		u.Path, u.RawPath = p, raw
	}
	return &u
}

func (x *Exchange) index(name string) int {
	for i, n := range x.Env.Names {
		if n == name && i < len(x.values()) {
			return i
		}
	}
	return -1
}

// value decodes the i-th parameter; the mux has checked that it decodes.
func (x *Exchange) value(i int) string {
	v := x.values()[i]
	if strings.IndexByte(v, '%') < 0 {
		return v
	}
	v, _ = pathname.Decode(v)
	return v
}

// Param returns a path parameter, decoded; of a catch-all the rest of the
// path.
func (x *Exchange) Param(name string) string {
	if i := x.index(name); i >= 0 {
		return x.value(i)
	}
	return x.R.PathValue(name)
}

// Params returns the segments of a path parameter, decoded one by one.
func (x *Exchange) Params(name string) []string {
	i := x.index(name)
	if i < 0 {
		if v := x.R.PathValue(name); v != "" {
			return strings.Split(v, "/")
		}
		return nil
	}
	raw := x.values()[i]
	if raw == "" {
		return nil
	}
	if !x.Env.CatchAll || i != len(x.Env.Names)-1 {
		return []string{x.value(i)}
	}
	segs := strings.Split(raw, "/")
	for j, s := range segs {
		segs[j], _ = pathname.Decode(s)
	}
	return segs
}

// AllParams yields the path parameters that there are: a catch-all as a list of
// its segments, anything else as text.
func (x *Exchange) AllParams() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i, name := range x.Env.Names {
			var v any
			switch {
			case i >= len(x.values()):
				return
			case x.Env.CatchAll && i == len(x.Env.Names)-1:
				list := []any{}
				for _, s := range x.Params(name) {
					list = append(list, s)
				}
				if len(list) == 0 {
					return // an optional catch-all that matched nothing
				}
				v = list
			default:
				v = x.value(i)
			}
			if !yield(name, v) {
				return
			}
		}
	}
}

// WithParam makes value that of the parameter name, for x alone.
func (x *Exchange) WithParam(name, value string) {
	env := *x.Env
	env.Names = append(append(make([]string, 0, len(env.Names)+1), name), env.Names...)
	x.Env = &env
	values := append([]string{url.PathEscape(value)}, x.values()...)
	if strings.Contains(value, "/") && len(env.Names) == 1 {
		env.CatchAll = true
		values[0] = value
	}
	x.Rare().params = values
}

// RawQuery is the query as it was sent. A raw "#", which a client should not
// send, ends it, as it ends the path.
func (x *Exchange) RawQuery() string {
	q := x.R.URL.RawQuery
	if i := strings.IndexByte(q, '#'); i >= 0 {
		return q[:i]
	}
	return q
}

// Query returns the first value of a query parameter.
func (x *Exchange) Query(name string) string {
	v, _ := query.First(x.RawQuery(), name)
	return v
}

// QueryValues returns all the values of a query parameter, in order.
func (x *Exchange) QueryValues(name string) []string {
	return query.Values(x.RawQuery(), name)
}

// Header returns a request header as one string.
func (x *Exchange) Header(name string) string {
	name = header.Canonical(name)
	if name == "Host" {
		return x.R.Host // net/http keeps it apart
	}
	values := x.R.Header[name]
	if len(values) == 1 {
		return values[0]
	}
	return header.Join(name, values)
}

// HeaderValues returns the lines of a request header.
func (x *Exchange) HeaderValues(name string) []string {
	name = header.Canonical(name)
	if name == "Host" && x.R.Host != "" {
		return []string{x.R.Host}
	}
	return append([]string(nil), x.R.Header[name]...)
}

// Cookie returns the first cookie of a name.
func (x *Exchange) Cookie(name string) (string, bool) {
	return cookie.Get(x.R.Header["Cookie"], name)
}

// Upgrade reports whether the request asks for another protocol.
func (x *Exchange) Upgrade() bool {
	if x.R.Method == http.MethodConnect {
		return true
	}
	if len(x.R.Header["Upgrade"]) == 0 {
		return false
	}
	for _, line := range x.R.Header["Connection"] {
		for token := range header.Tokens(line) {
			if strings.EqualFold(token, "upgrade") {
				return true
			}
		}
	}
	return false
}
