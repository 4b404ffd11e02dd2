package inbound

import (
	"net/http"
	"testing"
)

// A 304 answers a GET, a HEAD or a QUERY that has a condition, where tag and date meet it.
func TestFresh(t *testing.T) {
	for _, tt := range []struct {
		rule, method       string
		header             http.Header
		conditional, fresh bool
	}{
		{"no condition", "GET", http.Header{}, false, false},
		{"its tag", "GET", http.Header{"If-None-Match": {`"a"`, `W/"t"`}}, true, true},
		{"another tag", "HEAD", http.Header{"If-None-Match": {`"a"`}}, true, false},
		{"its date", "QUERY", http.Header{"If-Modified-Since": {modified}}, true, true},
		{"a reload", "GET", http.Header{"If-None-Match": {`"t"`}, "Cache-Control": {"no-cache"}}, true, false},
		{"a method that changes something", "POST", http.Header{"If-None-Match": {`"t"`}}, false, true},
	} {
		r := &Request{R: &http.Request{Method: tt.method, Header: tt.header}}
		if got := r.Conditional(); got != tt.conditional {
			t.Errorf("%s: Conditional = %t", tt.rule, got)
		}
		if got := r.Fresh(`"t"`, modified); got != tt.fresh {
			t.Errorf("%s: Fresh = %t", tt.rule, got)
		}
	}
}

const modified = "Mon, 02 Nov 2026 10:00:00 GMT"
