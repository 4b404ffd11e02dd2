package header_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/header"
)

func TestJoin(t *testing.T) {
	tests := []struct {
		rule, name string
		values     []string
		want       string
	}{
		{"none", "X-A", nil, ""},
		{"one line is itself", "Cookie", []string{"a=1; b=2"}, "a=1; b=2"},
		{"generic", "x-a", []string{"1", "", "3"}, "1, , 3"},
		{"cookie", "cookie", []string{"a=1", "b=2"}, "a=1; b=2"},
		{"set-cookie is generic", "Set-Cookie", []string{"a=1", "b=2"}, "a=1, b=2"},
		{"an empty first line still wins", "host", []string{"", "b"}, ""},
	}
	for _, name := range strings.Fields(`age authorization content-length content-type etag expires from host if-modified-since
		if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent`) {
		tests = append(tests, struct {
			rule, name string
			values     []string
			want       string
		}{"the first wins", name, []string{"1", "2"}, "1"})
	}
	for _, tt := range tests {
		if got := header.Join(tt.name, tt.values); got != tt.want {
			t.Errorf("%s: Join(%q, %q) = %q, want %q", tt.rule, tt.name, tt.values, got, tt.want)
		}
	}
}
