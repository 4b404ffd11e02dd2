package parity

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Message is one recorded answer. Compare reads it and keeps nothing of it; the zero value is an
// answer that says nothing.
type Message struct {
	// URL is what was asked for. Location and Content-Location are resolved against it, and targets
	// on its own origin compare without the origin, so that two servers on two ports can be
	// compared. Nil compares them as text.
	URL *url.URL

	Status  int         // the status code
	Header  http.Header // by canonical names
	Trailer http.Header // likewise

	// Body is what was recorded of the content, with its content coding (gzip and deflate are
	// decoded for the comparison).
	Body []byte

	// Truncated says that the recording stopped before the content did. The part that was recorded
	// is still compared, and the report says so: see [Report.Partial].
	Truncated bool

	// Err says how the answer broke, as a class or as "class: detail": "panic: index out of range",
	// "error", "timeout", "aborted", "goexit", "no answer". Empty is an answer that came to its
	// end. Only the class is compared, because a client sees no more than that; the detail is
	// shown.
	Err string
}

// failureClass returns the part of Message.Err that is compared.
func failureClass(err string) string {
	class, _, _ := strings.Cut(err, ":")
	return strings.TrimSpace(class)
}

// values returns the lines of one header field, asked for in lower case. Recorders write canonical
// names; a map filled by hand may not.
func values(h http.Header, name string) []string {
	var lines []string
	for _, raw := range slices.Sorted(maps.Keys(h)) {
		if strings.EqualFold(raw, name) {
			lines = append(lines, h[raw]...)
		}
	}
	return lines
}

// fields returns a header by lower-case names, in which what only letter case kept apart is joined.
// A name without lines is absent.
func fields(h http.Header) map[string][]string {
	out := make(map[string][]string, len(h))
	for _, raw := range slices.Sorted(maps.Keys(h)) {
		if name := strings.ToLower(raw); len(h[raw]) > 0 {
			out[name] = append(out[name], h[raw]...)
		}
	}
	return out
}
