package weburl_test

import (
	"errors"
	"testing"

	"github.com/crossfade-go/crossfade/internal/weburl"
)

func TestParse(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"an empty path is /", "http://a.test", "http://a.test/"},
		{"scheme and host in lower case, the default port goes", "HTTP://A.TEST:80/X", "http://a.test/X"},
		{"the default port of another scheme stays", "https://a.test:80/", "https://a.test:80/"},
		{"an empty port goes", "http://a.test:/", "http://a.test/"},
		{"zeros before a port go", "http://a.test:0080/", "http://a.test/"},
		{"spaces and control characters around go", "\x00 http://a.test/ \x1f", "http://a.test/"},
		{"tabs and line breaks go", "ht\ntp://a.te\tst/a\r\nb", "http://a.test/ab"},
		{"backslashes are slashes", `http:\\a.test\x`, "http://a.test/x"},
		{"slashes may be missing or too many", "http:a.test/", "http://a.test/"},
		{"slashes may be too many", "http:////a.test/", "http://a.test/"},
		{"dot segments are resolved", "http://a.test/b/../c/%2e/d", "http://a.test/c/d"},
		{"empty segments stay", "http://a.test//x", "http://a.test//x"},
		{"a path is escaped", "http://a.test/é ^", "http://a.test/%C3%A9%20%5E"},
		{"malformed escapes stay", "http://a.test/a%b", "http://a.test/a%b"},
		{"a query is escaped", "http://a.test?'\"<>`{}|^[] ü", "http://a.test/?%27%22%3C%3E`{}|^[]%20%C3%BC"},
		{"an empty query stays", "http://a.test/?", "http://a.test/?"},
		{"a fragment is escaped", "http://a.test/#a b`'", "http://a.test/#a%20b%60'"},
		{"IPv4", "http://127.0.0.1/", "http://127.0.0.1/"},
		{"IPv4 with a full stop at the end", "http://127.0.0.1./", "http://127.0.0.1/"},
		{"IPv6 in its short form", "http://[0:0::1]:8080/", "http://[::1]:8080/"},
		{"IPv6 with an IPv4 address", "http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"},
		{"an escaped host", "http://%61.test/", "http://a.test/"},
		{"credentials are escaped", "http://a b:p@c@a.test/", "http://a%20b:p%40c@a.test/"},
		{"an underscore is allowed", "http://a_b.test/", "http://a_b.test/"},
	}
	for _, tt := range tests {
		u, err := weburl.Parse(tt.in)
		if err != nil || u.String() != tt.want {
			t.Errorf("%s: Parse(%q) = %q, %v; want %q", tt.rule, tt.in, u, err, tt.want)
			continue
		}
		if again, err := weburl.Parse(tt.want); err != nil || again != u {
			t.Errorf("%s: Parse(%q) = %q, %v; what is serialised must parse to itself", tt.rule, tt.want, again, err)
		}
	}
}

func TestParse_fails(t *testing.T) {
	tests := []struct {
		rule, in string
		is       error // nil for any
	}{
		{"relative", "/a", weburl.ErrRelative},
		{"empty", "", weburl.ErrRelative},
		{"not special", "mailto:a@b", weburl.ErrNotSpecial},
		{"beyond ASCII", "http://é.test/", weburl.ErrIDN},
		{"no host", "http://", nil},
		{"no host but a port", "http://:80/", nil},
		{"a space in the host", "http://:not a valid URL", nil},
		{"a port beyond 65535", "http://a.test:99999/", nil},
		{"a port that is not a number", "http://a.test:8a/", nil},
		{"IPv4 in one number", "http://2130706433/", nil},
		{"IPv4 in two parts", "http://127.1/", nil},
		{"IPv4, octal", "http://0177.0.0.1/", nil},
		{"IPv4, hexadecimal", "http://127.0.0.0x1/", nil},
		{"a name that ends like a hexadecimal number", "http://a.0x/", nil},
		{"IPv4 with a number beyond a byte", "http://1.256.1.1/", nil},
		{"IPv4 with five parts", "http://1.2.3.4.5/", nil},
		{"IPv4 beyond 32 bits", "http://4294967296/", nil},
		{"a name that ends in a number", "http://a.1/", nil},
		{"IPv6 without its end", "http://[::1/", nil},
		{"IPv6 with a zone", "http://[fe80::1%25en0]/", nil},
		{"an escaped slash in the host", "http://a%2Fb/", nil},
	}
	for _, tt := range tests {
		u, err := weburl.Parse(tt.in)
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: Parse(%q) = %q, %v; want the error %v", tt.rule, tt.in, u, err, tt.is)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"http://a.test/?#", `http:\\a\b`, "http://0x7f.1", "http://[::1]:0/", "ws://u:@h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := weburl.Parse(s)
		if err != nil {
			return
		}
		if again, err := weburl.Parse(u.String()); err != nil || again != u {
			t.Errorf("Parse(%q) = %q, which parses to %q, %v", s, u, again, err)
		}
	})
}
