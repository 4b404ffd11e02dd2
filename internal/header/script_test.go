package header_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/header"
)

func TestWhatScriptsMay(t *testing.T) {
	for _, tt := range []struct {
		rule string
		ask  func(string) bool
		name string
		want bool
	}{
		{"a simple method", header.SafelistedMethod, "POST", true},
		{"methods are not upper-cased here", header.SafelistedMethod, "post", false},
		{"another method", header.SafelistedMethod, "PUT", false},
		{"a forbidden method in any case", header.ForbiddenMethod, "Trace", true},
		{"another method", header.ForbiddenMethod, "PATCH", false},
		{"a forbidden header", header.ForbiddenRequest, "host", true},
		{"a forbidden prefix", header.ForbiddenRequest, "sec-x", true},
		{"another prefix", header.ForbiddenRequest, "secret", false},
		{"a header that is always read", header.SafelistedResponse, "content-type", true},
		{"a header that has to be exposed", header.SafelistedResponse, "etag", false},
	} {
		if got := tt.ask(tt.name); got != tt.want {
			t.Errorf("%s, %q: %t", tt.rule, tt.name, got)
		}
	}
}
