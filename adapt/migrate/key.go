package migrate

import "net/http"

// HeaderKey is a Config.Key: the first value of a request header, such as a tenant's. Without a
// value there is no key. Who sets the header chooses the side, so it should be set by what
// authenticates.
func HeaderKey(name string) func(*http.Request) (string, bool) {
	return func(r *http.Request) (string, bool) {
		value := r.Header.Get(name)
		return value, value != ""
	}
}

// CookieKey is a Config.Key: the value of a cookie, such as the session's. Without a value there is
// no key.
func CookieKey(name string) func(*http.Request) (string, bool) {
	return func(r *http.Request) (string, bool) {
		c, err := r.Cookie(name)
		if err != nil || c.Value == "" {
			return "", false
		}
		return c.Value, true
	}
}
