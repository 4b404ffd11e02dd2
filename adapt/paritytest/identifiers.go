package paritytest

// What in a request looks like an identifier of somebody's data.

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
)

// Identifiers are the parts of the request's path and query that look like identifiers of
// somebody's data: numbers, UUIDs, ULIDs, hex of 16 digits and above, and words of 10 letters and
// above with two digits in them; in a query, numbers only of names that end in "id".
func Identifiers(req *fetch.Request) []string {
	var found []string
	replaceIdentifiers(req.URL(), func(value string, is bool) string {
		if is && !slices.Contains(found, value) {
			found = append(found, value)
		}
		return value
	})
	return found
}

var (
	wholeNumber = regexp.MustCompile(`^[0-9]+$`)
	idLike      = regexp.MustCompile(`^(?i:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[0-7][0-9a-hjkmnp-tv-z]{25})$`)
	wordLike    = regexp.MustCompile(`^[A-Za-z0-9_-]{10,}$`)
	twoDigits   = regexp.MustCompile(`[0-9].*[0-9]`)
)

// identifies guesses from the looks of a value.
func identifies(value string) bool {
	return idLike.MatchString(value) || wordLike.MatchString(value) && twoDigits.MatchString(value)
}

// replaceIdentifiers passes each segment of the path and each value of the query to by, with
// whether it looks like an identifier, and puts what by returns in its place. What is the same
// stays as it was sent.
func replaceIdentifiers(u *url.URL, by func(value string, is bool) string) {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, raw := range segments {
		value, err := url.PathUnescape(raw)
		if err != nil || value == "" {
			continue
		}
		if to := by(value, wholeNumber.MatchString(value) || identifies(value)); to != value {
			segments[i] = url.PathEscape(to)
		}
	}
	u.RawPath = strings.Join(segments, "/")
	u.Path, _ = url.PathUnescape(u.RawPath)
	if u.RawQuery == "" {
		return
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, raw, _ := strings.Cut(pair, "=")
		value, err := url.QueryUnescape(raw)
		if err != nil || value == "" {
			continue
		}
		numbered := wholeNumber.MatchString(value) && strings.HasSuffix(strings.ToLower(name), "id")
		if to := by(value, numbered || identifies(value)); to != value {
			pairs[i] = name + "=" + url.QueryEscape(to)
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
}
