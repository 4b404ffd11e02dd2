package header

import "strings"

// Join is how the lines of one request header read as one string, "" if there are none. It is
// Node's rule for message.headers, kept by both shapes so that moving a handler never changes what
// it reads: of the headers that can be given only once the first line counts, Cookie is joined with
// "; ", every other header with ", ".
//
// The Fetch Standard differs in two ways: it joins the lines of the headers that are given once,
// too, and it joins Cookie with ", ".
func Join(name string, values []string) string {
	switch len(values) {
	case 0:
		return ""
	case 1:
		return values[0]
	}
	switch Canonical(name) {
	case "Age", "Authorization", "Content-Length", "Content-Type", "Etag", "Expires", "From", "Host",
		"If-Modified-Since", "If-Unmodified-Since", "Last-Modified", "Location", "Max-Forwards",
		"Proxy-Authorization", "Referer", "Retry-After", "Server", "User-Agent":
		return values[0]
	case "Cookie":
		return strings.Join(values, "; ")
	}
	return strings.Join(values, ", ")
}
