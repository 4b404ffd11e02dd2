package negotiate

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Is returns the first of types that matches the type of a request's body, or "": npm type-is 2.1.0
// behind Express's req.is. hasBody says whether the request announces a body at all (by
// Transfer-Encoding or by Content-Length, 0 included); without one, or without a valid
// Content-Type, nothing matches.
//
// A candidate is an extension ("json"), a type, "urlencoded", "multipart", or a pattern: "text/*",
// "*/json", "+json", "application/*+json". It is returned as given, but for a pattern, which gives
// the real type in lower case. Without candidates the real type is returned. Parameters do not
// count.
func Is(contentType string, hasBody bool, types ...string) string {
	if !hasBody {
		return ""
	}
	actual, ok := realType(contentType)
	if !ok {
		return ""
	}
	if len(types) == 0 {
		return actual
	}
	for _, candidate := range types {
		if !matches(expected(candidate), actual) {
			continue
		}
		if strings.HasPrefix(candidate, "+") || strings.Contains(candidate, "*") {
			return actual
		}
		return candidate
	}
	return ""
}

// expected returns the type that a candidate stands for, "" for none.
func expected(candidate string) string {
	switch {
	case candidate == "urlencoded":
		return "application/x-www-form-urlencoded"
	case candidate == "multipart":
		return "multipart/*"
	case strings.HasPrefix(candidate, "+"):
		return "*/*" + candidate
	case strings.Contains(candidate, "/"):
		return candidate
	}
	return media.Lookup(candidate)
}

func matches(expected, actual string) bool {
	kind, subtype, ok := strings.Cut(expected, "/")
	actualKind, actualSubtype, _ := strings.Cut(actual, "/")
	switch {
	case !ok || kind != "*" && kind != actualKind:
		return false
	case strings.HasPrefix(subtype, "*+"):
		return strings.HasSuffix(actualSubtype, subtype[1:])
	}
	return subtype == "*" || subtype == actualSubtype
}

// realType returns the type of a Content-Type in lower case; false if it is none by RFC 6838,
// section 4.2.
func realType(contentType string) (string, bool) {
	name, _, _ := strings.Cut(contentType, ";")
	name = strings.Trim(name, "\t ")
	kind, subtype, _ := strings.Cut(name, "/")
	if !restricted(kind, &kindChars) || !restricted(subtype, &subtypeChars) {
		return "", false
	}
	return strings.ToLower(name), true
}

var (
	kindChars    = text.Set("!#$&^_-")
	subtypeChars = text.Set("!#$&^_.+-")
	alphanumeric = text.Set("")
)

// restricted reports whether s is a restricted-name of the given characters.
func restricted(s string, chars *text.ASCII) bool {
	return s != "" && len(s) <= 127 && alphanumeric.Has(s[0]) && chars.HasAll(s)
}
