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

// forbidden is Fetch, "forbidden request-header".
func forbidden(name, value string) bool {
	name = strings.ToLower(name)
	switch name {
	case "x-http-method", "x-http-method-override", "x-method-override":
		for method := range strings.SplitSeq(value, ",") {
			if header.ForbiddenMethod(strings.Trim(method, whitespace)) {
				return true
			}
		}
	}
	return header.ForbiddenRequest(name)
}
