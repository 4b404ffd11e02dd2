package etag

import (
	"net/http"
	"strings"
)

// Conditions are the request headers that a freshness check reads, each with its lines joined by ",
// " and empty where the request has none. The zero value is an unconditional request, which is
// never fresh.
type Conditions struct {
	IfNoneMatch     string
	IfModifiedSince string
	CacheControl    string
}

// Fresh reports whether the client's copy is still good, so that 304 answers the request: npm fresh
// 2.0.0. etag and lastModified are the headers of the response, "" where it has none. Whether the
// method and the status allow a 304 at all is the caller's question (Express: GET, HEAD and QUERY
// with 2xx or 304; Next.js: always).
//
// If-None-Match, where present, decides alone: "*" matches even a response without a tag, other
// tags are compared weakly. A date in none of the three formats of RFC 9110 is not a date, and so
// never fresh.
func (c Conditions) Fresh(etag, lastModified string) bool {
	switch {
	case c.IfNoneMatch == "" && c.IfModifiedSince == "":
		return false
	case hasNoCache(c.CacheControl):
		return false // an end-to-end reload
	case c.IfNoneMatch == "*":
		return true
	case c.IfNoneMatch != "":
		return etag != "" && Matches(c.IfNoneMatch, etag)
	}
	modified, err := http.ParseTime(lastModified)
	if err != nil {
		return false
	}
	since, err := http.ParseTime(c.IfModifiedSince)
	return err == nil && !modified.After(since)
}

func hasNoCache(cacheControl string) bool {
	for directive := range strings.SplitSeq(cacheControl, ",") {
		if strings.TrimSpace(directive) == "no-cache" {
			return true
		}
	}
	return false
}

// Matches reports whether a list of tags has etag, compared weakly.
func Matches(list, etag string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	for tag := range strings.SplitSeq(list, ",") {
		if strings.TrimPrefix(strings.Trim(tag, " "), "W/") == etag {
			return true
		}
	}
	return false
}
