package corstest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
)

// Which headers of a request make it one that HTML forms could never send, so that the server is
// asked first.

const (
	maxSafeValue  = 128  // bytes of one value
	maxSafeValues = 1024 // bytes of all safelisted values together
)

// unsafeHeaders is Fetch, "CORS-unsafe request-header names": lower case, sorted, each once.
func unsafeHeaders(h http.Header) []string {
	var unsafe, safe []string
	size := 0
	for name, values := range h {
		name = strings.ToLower(name)
		for _, value := range values {
			if safelistedHeader(name, value) {
				safe = append(safe, name)
				size += len(value)
			} else {
				unsafe = append(unsafe, name)
			}
		}
	}
	if size > maxSafeValues {
		unsafe = append(unsafe, safe...)
	}
	slices.Sort(unsafe)
	return slices.Compact(unsafe)
}

// safelistedHeader is Fetch, "CORS-safelisted request-header", for a lower-case name.
func safelistedHeader(name, value string) bool {
	if len(value) > maxSafeValue {
		return false
	}
	switch name {
	case "accept":
		return !hasUnsafeByte(value)
	case "accept-language", "content-language":
		return !strings.ContainsFunc(value, func(r rune) bool {
			return !('a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune(" *,-.;=", r))
		})
	case "content-type":
		if hasUnsafeByte(value) {
			return false
		}
		t, _ := media.Parse(value)
		switch t.Essence() {
		case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
			return true
		}
	case "range":
		return simpleRange(value)
	}
	return false
}

// hasUnsafeByte reports whether value has a "CORS-unsafe request-header byte".
func hasUnsafeByte(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return r < 0x20 && r != '\t' || r == 0x7f || strings.ContainsRune(`"():<>?@[\]{}`, r)
	})
}

// simpleRange is Fetch, "parse a single range header value" without white space, and with a start,
// which the safelist asks for besides.
func simpleRange(value string) bool {
	bounds, isBytes := strings.CutPrefix(value, "bytes=")
	first, last, isRange := strings.Cut(bounds, "-")
	start, err := strconv.ParseUint(first, 10, 64)
	switch {
	case !isBytes, !isRange, err != nil:
		return false
	case last == "":
		return true
	}
	end, err := strconv.ParseUint(last, 10, 64)
	return err == nil && start <= end
}
