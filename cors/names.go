package cors

import (
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// Names of methods and headers: what the Fetch Standard lets scripts send and read, and what cannot
// have been meant.

// registered are the methods of the IANA registry (and RFC 10008) that browsers do not upper-case.
var registered = []string{
	"ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY",
	"MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PATCH", "PRI", "PROPFIND", "PROPPATCH",
	"QUERY", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF",
	"VERSION-CONTROL",
}

// methodFault returns what is wrong with a normalised method, or "".
func methodFault(method string) Kind {
	upper := strings.ToUpper(method)
	switch {
	case !header.ValidName(method):
		return KindMethodInvalid
	case header.ForbiddenMethod(method):
		return KindMethodForbidden
	case method != upper && slices.Contains(registered, upper):
		return KindMethodCase
	}
	return ""
}

// requestHeaderFault returns what is wrong with a lower-case name in Config.RequestHeaders, or "".
func requestHeaderFault(name string) Kind {
	switch name { // by which a server answers (Fetch, "HTTP responses")
	case "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
		"access-control-allow-headers", "access-control-max-age", "access-control-expose-headers":
		return KindRequestHeaderProhibited
	}
	switch {
	case !header.ValidName(name):
		return KindRequestHeaderInvalid
	case header.ForbiddenRequest(name):
		return KindRequestHeaderForbidden
	}
	return ""
}

// exposedHeaderFault returns what is wrong with a lower-case name in Config.ExposedHeaders, or "".
// The headers by which the server answers may be exposed where a script can have a use for them.
func exposedHeaderFault(name string) Kind {
	switch name {
	case "set-cookie", "set-cookie2":
		return KindExposedHeaderForbidden // Fetch, "forbidden response-header name"
	case "origin", "access-control-request-method", "access-control-request-headers", "access-control-allow-methods",
		"access-control-allow-headers", "access-control-max-age":
		return KindExposedHeaderProhibited
	}
	if !header.ValidName(name) {
		return KindExposedHeaderInvalid
	}
	return ""
}

// listHint says how to write several names, which is the usual reason for a name that is none.
func listHint(name string) string {
	if strings.ContainsAny(name, ", ") {
		return "write one name in each element of the list"
	}
	return ""
}

// join renders names as the value of a list header: sorted, without repetitions.
func join(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ",")
}
