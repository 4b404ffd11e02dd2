package adapt

// What stands behind a prefix sees its requests as they were sent, less the prefix: the path is
// matched in its normal form, but handed on in the form that the client wrote, as http.StripPrefix
// does. That holds for Mount and for legacy apps, whose own routers have their own rules for dots,
// slashes and escapes.

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/pathname"
)

// behind returns a handler that calls h without the prefix of so many segments. Under "/" there is
// nothing to take off, and h gets the request untouched.
func behind(prefix string, h http.Handler) http.Handler {
	segments := strings.Count(strings.TrimSuffix(prefix, "/"), "/")
	if segments == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r2 := *r
		r2.URL = withoutSegments(r.URL, segments)
		exchange.CallHTTP(h, w, &r2)
	})
}

// mounted is behind for what has pages: the prefix without a slash is redirected to the prefix with
// one, or the relative links of the page there would lead elsewhere. Only what asks for a page is
// redirected: a POST, or the WebSocket of an API that is mounted, would not follow.
func mounted(prefix string, h http.Handler) http.Handler {
	segments := strings.Count(prefix, "/")
	inner := behind(prefix, h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header["Upgrade"] == nil
		if path, _ := pathname.Normalize(r.URL); page && path != "/" && strings.Count(path, "/") == segments && !strings.HasSuffix(path, "/") {
			w.Header().Set("Location", location(r, path+"/"))
			w.WriteHeader(http.StatusPermanentRedirect)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// withoutSegments returns a copy of u whose path lacks its first segments, which are neither dots
// nor empty: else the mux has redirected the request.
func withoutSegments(u *url.URL, segments int) *url.URL {
	sent := u.RawPath
	if sent == "" {
		sent = (&url.URL{Path: u.Path}).EscapedPath()
	}
	rest, _ := cutSegments(sent, segments)
	u2 := *u
	path, err := url.PathUnescape(rest)
	if err != nil { // RawPath was not an escape of Path
		path, _ = cutSegments(u.Path, segments)
		rest = ""
	}
	u2.Path, u2.RawPath = path, ""
	if rest != (&url.URL{Path: path}).EscapedPath() {
		u2.RawPath = rest
	}
	return &u2
}

// cutSegments cuts segments off the front of an escaped path; ok is false if one of them is a dot
// segment or empty. Nothing that is left is the path "/".
func cutSegments(path string, segments int) (rest string, ok bool) {
	rest = path
	for range segments {
		segment, after, more := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		if segment == "" || pathname.DotsOf(segment) > 0 {
			return "", false
		}
		rest = "/"
		if more {
			rest += after
		}
	}
	return rest, true
}
