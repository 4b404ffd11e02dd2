package migrate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// What runs in a shadow can find out, and can be kept from writing. Nothing else can be promised
// about a candidate that shares the process with the serving side.

// ErrShadowWrite is returned by GuardTransport for a request by which a shadow would change
// something.
var ErrShadowWrite = errors.New("migrate: a shadow may only read")

type shadowKey struct{}

// IsShadow reports whether this is the context of a shadow run, whose answer nobody gets: skip what
// must happen once, such as sending a mail.
func IsShadow(ctx context.Context) bool { return ctx.Value(shadowKey{}) != nil }

// GuardTransport returns a transport that refuses, with ErrShadowWrite, outgoing requests of a
// shadow whose method is not GET, HEAD or OPTIONS, and marks the others with "Crossfade-Shadow: 1".
// Requests outside a shadow pass untouched. Nil means http.DefaultTransport.
func GuardTransport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return guardTransport{next}
}

type guardTransport struct{ next http.RoundTripper }

func (t guardTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !IsShadow(r.Context()) {
		return t.next.RoundTrip(r)
	}
	if r.Method != "" && !(internal{}).Safe(r.Method) {
		if r.Body != nil {
			_ = r.Body.Close() // a RoundTripper closes the body also when it fails
		}
		return nil, fmt.Errorf("%w: %s refused", ErrShadowWrite, r.Method)
	}
	r = r.Clone(r.Context())
	r.Header.Set("Crossfade-Shadow", "1")
	return t.next.RoundTrip(r)
}

// Safe reports whether requests of a method may run twice. It is a list of what is allowed: a list
// of what is not would forget PATCH, or the next one.
func (internal) Safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
