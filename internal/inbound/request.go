// Package inbound is the request half of an exchange: what both request types are asked for, in one
// place, so that an accessor cannot mean two things. Request is read-only after it has begun; the
// one thing about a request that changes is how far its body has been read, and that is Body.
package inbound

import (
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Request is a request of a route. R and Env are set when it begins, and then the parameters; after
// that it is safe for any number of goroutines. A copy with another header has another R; this one
// is never written.
type Request struct {
	R   *http.Request // as it came in
	Env *route.Env

	body atomic.Pointer[bodyState] // shared by all exchanges of a request; nil until somebody needs it

	Strings Strings
}

// Strings is room for a few strings in the record of a request, so that they need no allocation:
// the parameters, which come first, and after them the values of answer headers that have just one.
type Strings struct {
	room   [3]string
	used   uint8
	params uint8 // how many of those in use are parameters
}

// addParam adds a parameter, where there is room and no header has come yet.
func (s *Strings) addParam(v string) bool {
	if s.used != s.params || int(s.used) == len(s.room) {
		return false
	}
	s.room[s.used] = v
	s.used++
	s.params++
	return true
}

// One returns a slice of one value. It has no spare capacity: appending to it copies.
func (s *Strings) One(v string) []string {
	if int(s.used) == len(s.room) {
		return []string{v}
	}
	i := s.used
	s.room[i] = v
	s.used++
	return s.room[i : i+1 : i+1]
}

// Route returns the path of the route's pattern. Another router around, such as http.ServeMux, may
// have matched the request as well; where no mux of ours did, it is that one's.
func (r *Request) Route() string {
	pattern := r.Env.Pattern
	if pattern == "" {
		pattern = r.R.Pattern
	}
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return pattern
}

// Path returns the path that the request is routed on.
func (r *Request) Path() string {
	p, _ := pathname.Normalize(r.R.URL)
	return p
}

// URL returns a copy of the absolute URL.
func (r *Request) URL() *url.URL {
	u := *r.R.URL
	u.Scheme, u.Host, u.User, u.RawQuery = r.Protocol(), r.Host(), nil, r.RawQuery()
	raw := r.Path()
	if p, err := url.PathUnescape(raw); err == nil {
		u.Path, u.RawPath = p, raw
	}
	return &u
}

// RawQuery is the query as it was sent. A raw "#", which a client should not send, ends it, as it
// ends the path.
func (r *Request) RawQuery() string {
	q, _, _ := strings.Cut(r.R.URL.RawQuery, "#")
	return q
}

// Query returns the first value of a query parameter.
func (r *Request) Query(name string) string {
	v, _ := query.First(r.RawQuery(), name)
	return v
}

// QueryValues returns all the values of a query parameter, in order.
func (r *Request) QueryValues(name string) []string { return query.Values(r.RawQuery(), name) }

// Header returns a request header as one string.
func (r *Request) Header(name string) string {
	name = header.Canonical(name)
	if name == "Host" {
		return r.R.Host // net/http keeps it apart
	}
	values := r.R.Header[name]
	if len(values) == 1 {
		return values[0]
	}
	return header.Join(name, values)
}

// HeaderValues returns the lines of a request header.
func (r *Request) HeaderValues(name string) []string {
	name = header.Canonical(name)
	if name == "Host" && r.R.Host != "" {
		return []string{r.R.Host}
	}
	return append([]string(nil), r.R.Header[name]...)
}

// Cookie returns the first cookie of a name.
func (r *Request) Cookie(name string) (string, bool) { return cookie.Get(r.R.Header["Cookie"], name) }

// Headers returns all headers, Host among them.
func (r *Request) Headers() crossfade.Header {
	h := crossfade.HeaderOf(r.R.Header)
	if r.R.Host != "" {
		h = h.With("Host", r.R.Host)
	}
	return h
}

// Cookies yields all cookies, of those with one name the first.
func (r *Request) Cookies() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		seen := make(map[string]bool)
		for name, value := range cookie.All(r.R.Header["Cookie"]) {
			if seen[name] {
				continue
			}
			seen[name] = true
			if !yield(name, value) {
				return
			}
		}
	}
}

// HasBody reports whether the client announced a body at all, or there is one of unknown length.
func (r *Request) HasBody() bool {
	return r.R.ContentLength != 0 || r.R.Header.Get("Content-Length") != "" || !r.Bodyless()
}

// NullBody reports whether the Fetch shape sees no body: GET and HEAD have none there, whatever the
// client sent (Fetch Standard, "new Request").
func (r *Request) NullBody() bool {
	return r.Bodyless() || r.R.Method == http.MethodGet || r.R.Method == http.MethodHead
}

// Bodyless reports whether there is nothing to read.
func (r *Request) Bodyless() bool { return r.R.Body == nil || r.R.Body == http.NoBody }
