package corstest

import (
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// Header names and lists, as browsers see them.

const whitespace = " \t\r\n" // Fetch, "HTTP whitespace bytes"

// combined is "get" of a header list: all lines of a header, trimmed as they come off the wire,
// joined.
func combined(h http.Header, name string) (string, bool) {
	var parts []string
	for _, line := range lines(h, name) {
		parts = append(parts, strings.Trim(line, whitespace))
	}
	return strings.Join(parts, ", "), parts != nil
}

// lines finds a header however its key is spelled: the wire has no canonical keys.
func lines(h http.Header, name string) (all []string) {
	for key, values := range h {
		if strings.EqualFold(key, name) {
			all = append(all, values...)
		}
	}
	return all
}

// list is "extract header list values" for a list of tokens. A member that is none spoils the list.
func list(h http.Header, name string) (members []string, found, ok bool) {
	for _, line := range lines(h, name) {
		found = true
		for member := range strings.SplitSeq(line, ",") {
			member = strings.Trim(member, whitespace)
			if member == "" {
				continue
			}
			if !header.ValidName(member) {
				return nil, true, false
			}
			members = append(members, member)
		}
	}
	return members, found, true
}

func safelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

func forbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// forbiddenRequestHeader is Fetch, "forbidden request-header".
func forbiddenRequestHeader(name, value string) bool {
	name = strings.ToLower(name)
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		for method := range strings.SplitSeq(value, ",") {
			if forbiddenMethod(strings.Trim(method, whitespace)) {
				return true
			}
		}
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// safelistedResponseHeader is Fetch, "CORS-safelisted response-header name", without what a server
// exposes.
func safelistedResponseHeader(name string) bool {
	switch name {
	case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
		return true
	}
	return false
}
