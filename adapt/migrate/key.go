package migrate

import (
	"net/http"
	"reflect"
)

// A Config.Key may be made of path values, which net/http keeps in a map that costs a request more
// than all the rest of a canary, or of the body. The keys below are not, and are known by their
// code, which must be in one place for that.

// ofHead reports whether a key is made of headers alone.
func ofHead(key func(*http.Request) (string, bool)) bool {
	at := reflect.ValueOf(key).Pointer()
	return at == headerKey || at == cookieKey
}

var headerKey, cookieKey = reflect.ValueOf(HeaderKey("")).Pointer(), reflect.ValueOf(CookieKey("")).Pointer()

// HeaderKey is a Config.Key: the first value of a request header, such as a tenant's. Without a
// value there is no key. Who sets the header chooses the side, so it should be set by what
// authenticates.
//
//go:noinline
func HeaderKey(name string) func(*http.Request) (string, bool) {
	name = http.CanonicalHeaderKey(name)
	return func(r *http.Request) (string, bool) {
		values := r.Header[name]
		if len(values) == 0 || values[0] == "" {
			return "", false
		}
		return values[0], true
	}
}

// CookieKey is a Config.Key: the value of a cookie, such as the session's. Without a value there is
// no key.
//
//go:noinline
func CookieKey(name string) func(*http.Request) (string, bool) {
	return func(r *http.Request) (string, bool) {
		c, err := r.Cookie(name)
		if err != nil || c.Value == "" {
			return "", false
		}
		return c.Value, true
	}
}
