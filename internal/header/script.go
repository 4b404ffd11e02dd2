package header

// What scripts in browsers may say and see, as the Fetch Standard has it. Names are in lower case.

import "strings"

// SafelistedMethod reports whether a script may always use a method (Fetch, "CORS-safelisted
// method").
func SafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// ForbiddenMethod reports whether no script can use a method (Fetch, "forbidden method").
func ForbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// ForbiddenRequest reports whether no script can set a header, whatever its value (Fetch,
// "forbidden request-header").
func ForbiddenRequest(name string) bool {
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// SafelistedResponse reports whether scripts can read a header that is not exposed to them (Fetch,
// "CORS-safelisted response-header name").
func SafelistedResponse(name string) bool {
	switch name {
	case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
		return true
	}
	return false
}
