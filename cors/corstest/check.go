package corstest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// The checks of the protocol. Each returns "" or a sentence of Chromium's console.

// corsCheck is Fetch, "CORS check".
func (f *fetch) corsCheck(h http.Header) string {
	allow, found := combined(h, "Access-Control-Allow-Origin")
	switch {
	case !found:
		return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
	case allow == "*" && !f.include:
		return ""
	case allow == "*":
		return "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*'" +
			" when the request's credentials mode is 'include'."
	case allow != f.origin():
		return "The 'Access-Control-Allow-Origin' header " + mismatch(allow) + " Have the server send the header with a valid value."
	case !f.include:
		return ""
	}
	if credentials, _ := combined(h, "Access-Control-Allow-Credentials"); credentials != "true" {
		return fmt.Sprintf("The value of the 'Access-Control-Allow-Credentials' header in the response is '%s' which must be 'true'"+
			" when the request's credentials mode is 'include'.", credentials)
	}
	return ""
}

// mismatch says in what an Access-Control-Allow-Origin is not the origin that it has to be.
func mismatch(allow string) string {
	if strings.ContainsAny(allow, " ,") {
		return "contains multiple values '" + allow + "', but only one is allowed."
	}
	u, err := url.Parse(allow)
	if allow != "null" && (err != nil || u.Scheme == "" || u.Host == "" && (u.Scheme == "http" || u.Scheme == "https")) {
		return "contains the invalid value '" + allow + "'."
	}
	return "has a value '" + allow + "' that is not equal to the supplied origin."
}

// needsPreflight is the condition in "main fetch" under which an HTTP fetch makes a preflight.
func (f *fetch) needsPreflight() bool {
	return f.upload || !header.SafelistedMethod(f.method) || len(unsafeHeaders(f.header)) > 0
}

// preflightRequest is the first half of Fetch, "CORS-preflight fetch".
func (f *fetch) preflightRequest() *http.Request {
	r := httptest.NewRequest("OPTIONS", f.url.String(), nil)
	r.Header.Set("Accept", "*/*")
	r.Header.Set("Origin", f.origin())
	r.Header.Set("Access-Control-Request-Method", f.method)
	if names := unsafeHeaders(f.header); len(names) > 0 {
		r.Header.Set("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	return r
}

// checkPreflight is the second half of Fetch, "CORS-preflight fetch".
func (f *fetch) checkPreflight(res *http.Response) string {
	const prefix = "Response to preflight request doesn't pass access control check: "
	if res.StatusCode >= 300 && res.StatusCode < 400 && res.Header.Get("Location") != "" {
		return prefix + "Redirect is not allowed for a preflight request."
	}
	if problem := f.corsCheck(res.Header); problem != "" {
		return prefix + problem
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return prefix + "It does not have HTTP ok status."
	}
	methods, hasMethods, ok := list(res.Header, "Access-Control-Allow-Methods")
	if !ok {
		return "Cannot parse Access-Control-Allow-Methods response header field in preflight response."
	}
	names, _, ok := list(res.Header, "Access-Control-Allow-Headers")
	if !ok {
		return "Cannot parse Access-Control-Allow-Headers response header field in preflight response."
	}
	if !hasMethods && f.upload {
		methods = []string{f.method}
	}
	if !slices.Contains(methods, f.method) && !header.SafelistedMethod(f.method) && (f.include || !slices.Contains(methods, "*")) {
		return fmt.Sprintf("Method %s is not allowed by Access-Control-Allow-Methods in preflight response.", f.method)
	}
	anyName := !f.include && slices.Contains(names, "*")
	for _, name := range unsafeHeaders(f.header) {
		listed := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		// Authorization is the "CORS non-wildcard request-header name".
		if !listed && (!anyName || name == "authorization") {
			return fmt.Sprintf("Request header field %s is not allowed by Access-Control-Allow-Headers in preflight response.", name)
		}
	}
	return ""
}

// readable returns the "CORS filtered response", or the "basic filtered response" if no origin was
// crossed.
func (f *fetch) readable(h http.Header) http.Header {
	exposed, _, _ := list(h, "Access-Control-Expose-Headers")
	all := !f.cors || !f.include && slices.Contains(exposed, "*")
	visible := make(http.Header)
	for name, values := range h {
		lower := strings.ToLower(name)
		if lower == "set-cookie" || lower == "set-cookie2" {
			continue
		}
		if all || header.SafelistedResponse(lower) || slices.ContainsFunc(exposed, func(n string) bool { return strings.EqualFold(n, name) }) {
			visible[name] = slices.Clone(values)
		}
	}
	return visible
}
