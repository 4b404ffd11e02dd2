package weburl_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/weburl"
)

func TestParse(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"an empty path is /", "http://a.test", "http://a.test/"},
		{"scheme and host in lower case, the default port goes", "HTTP://A.TEST:80/X", "http://a.test/X"},
		{"the default port of another scheme stays", "https://a.test:80/", "https://a.test:80/"},
		{"an empty port goes", "http://a.test:/", "http://a.test/"},
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
		{"malformed escapes stay in a query", "http://a.test/?a=100%#%x", "http://a.test/?a=100%#%x"},
		{"an empty query stays", "http://a.test/?", "http://a.test/?"},
		{"a fragment is escaped", "http://a.test/#a b`\"", "http://a.test/#a%20b`%22"},
		{"IPv4", "http://127.0.0.1/", "http://127.0.0.1/"},
		{"IPv6", "http://[::FFFF:1.2.3.4]:8080/", "http://[::ffff:1.2.3.4]:8080/"},
		{"credentials are escaped", "http://a:p@c@a.test/", "http://a:p%40c@a.test/"},
		{"an empty label at the end is a name", "http://a../", "http://a../"},
		{"an underscore is allowed", "http://a_b.test/", "http://a_b.test/"},
	}
	for _, tt := range tests {
		u, err := weburl.Parse(tt.in)
		if err != nil || u != tt.want {
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
		{"relative", "/a", weburl.ErrNotWeb},
		{"empty", "", weburl.ErrNotWeb},
		{"relative, named as a scheme is", "http", weburl.ErrNotWeb},
		{"not special", "mailto:a@b", weburl.ErrNotWeb},
		{"beyond ASCII", "http://é.test/", weburl.ErrIDN},
		{"no host", "http://", nil},
		{"no host but a port", "http://:80/", nil},
		{"a space in the host", "http://:not a valid URL", nil},
		{"a port beyond 65535", "http://a.test:99999/", nil},
		{"a port that is not a number", "http://a.test:8a/", nil},
		{"IPv4 in one number", "http://2130706433/", nil},
		{"IPv4 with a full stop at the end", "http://127.0.0.1./", nil},
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
		{"an escaped letter in the host", "http://%61.test/", nil},
		{"an escaped percent sign in the host", "http://a%2541.test/", nil},
		{"a space in the credentials", "http://a b@a.test/", nil},
	}
	for _, tt := range tests {
		u, err := weburl.Parse(tt.in)
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: Parse(%q) = %q, %v; want the error %v", tt.rule, tt.in, u, err, tt.is)
		}
	}
}

// TestParse_leads holds Redirect's safety: where a browser goes to and where net/url says that the
// result leads is one place, however the URL was written.
func TestParse_leads(t *testing.T) {
	for in, browser := range map[string]string{
		"https:evil.test":                  "evil.test",
		"https:/evil.test":                 "evil.test",
		`https:\evil.test`:                 "evil.test",
		`https:/\/\evil.test`:              "evil.test",
		"ht\ntps:/\t/evil.test":            "evil.test",
		"\x00 https://evil.test":           "evil.test",
		`https://evil.test\@a.test`:        "evil.test",
		"https://evil.test?@a.test":        "evil.test",
		"https://evil.test#@a.test":        "evil.test",
		"https://a.test@evil.test":         "evil.test",
		"https://a.test:80@evil.test:8080": "evil.test:8080",
		"https://a.test@b.test@evil.test":  "evil.test",
		"https://EVIL.test:443":            "evil.test",
	} {
		out, err := weburl.Parse(in)
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
			continue
		}
		if u, err := url.Parse(out); err != nil || u.Scheme != "https" || u.Host != browser {
			t.Errorf("Parse(%q) = %q, which net/url reads as %v, %v; a browser goes to %s", in, out, u, err, browser)
		}
	}
	for _, in := range []string{`\\evil.test`, "//evil.test", "/\t/evil.test", "javascript:alert(1)", "https%3A//evil.test"} {
		if out, err := weburl.Parse(in); !errors.Is(err, weburl.ErrNotWeb) {
			t.Errorf("Parse(%q) = %q, %v; it has no scheme of the web", in, out, err)
		}
	}
}

func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		"http://ann:secret@a.test/x":            "http://xxxxx@a.test/x",
		"http://secret@a.test/x@y":              "http://xxxxx@y",
		"http://ann:sec/ret?#@a.test/":          "http://xxxxx@a.test/",
		"ann:secret://@a.test":                  "xxxxx@a.test",
		`http:\\ann:secret@a.test`:              "xxxxx@a.test",
		"//ann:secret@a.test/":                  "xxxxx@a.test/",
		"ann:secret@a.test":                     "xxxxx@a.test",
		"/login?next=http://ann:secret@a.test/": "/login?next=http://xxxxx@a.test/",
		"/a:b?next=http://ann:secret@a.test/":   "xxxxx@a.test/",
		"/users/@me":                            "/users/@me",
		"http://a.test/x":                       "http://a.test/x",
		"":                                      "",
	} {
		if got := weburl.Redacted(in); got != want {
			t.Errorf("Redacted(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestSilent holds that no error says a name or a password, however they are written.
func TestSilent(t *testing.T) {
	for _, in := range []string{
		"http://ann:secret@a.test:secret/", "http://ann:secret%zz@a.test/", "http://ann:%zz@a.test/", "http://secret:80/x@a..%zz/",
		"http://ann:secret/x@a.test", "http://secret/@[::1", "http://ann:secret@é.test/", "http://0x5/secret@a", "ann:secret@a.test", ":secret@a.test",
	} {
		_, parse := weburl.Parse(in)
		_, read := weburl.Read(in)
		for _, err := range []error{parse, read} {
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "zz") || strings.Contains(err.Error(), "0x5")) {
				t.Errorf("%q: %v", in, err)
			}
		}
	}
	if _, err := weburl.Read("http://a.test:x/"); err == nil || err.Error() != `invalid port ":x" after host` {
		t.Errorf("where there is nothing to hide: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"http://a.test/?#", `http:\\a\b`, "http://0x7f.1", "http://[::1]:0/", "ws://u:@h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, err := weburl.Parse(s)
		if err != nil {
			return
		}
		if again, err := weburl.Parse(out); err != nil || again != out {
			t.Errorf("Parse(%q) = %q, which parses to %q, %v", s, out, again, err)
		}
		if strings.ContainsFunc(out, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("Parse(%q) = %q, which is not fit for a header", s, out)
		}
		// Between "://" and the next slash stands the authority, for net/url and for browsers.
		scheme, rest, _ := strings.Cut(out, "://")
		authority, path, _ := strings.Cut(rest, "/")
		host := authority[strings.LastIndexByte(authority, '@')+1:]
		if host == "" || strings.ContainsAny(host, `\?#%`) {
			t.Errorf("Parse(%q) = %q, whose host is %q", s, out, host)
		}
		if u, err := url.Parse(out); err == nil && (u.Scheme != scheme || u.Host != host) {
			t.Errorf("Parse(%q) = %q, whose host net/url reads as %q", s, out, u.Host)
		} else if err != nil && !strings.Contains(path, "%") {
			t.Errorf("Parse(%q) = %q, which net/url does not read: %v", s, out, err)
		}
	})
}
