package pathname_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/reference"
)

var hosts = []struct {
	rule, host string
	want       bool
}{
	{"name", "example.com", true},
	{"one label", "localhost", true},
	{"capitals", "EXAMPLE.com", true},
	{"underscore", "my_service.internal", true},
	{"punycode", "xn--bcher-kva.example", true},
	{"dot at the end", "example.com.", true},
	{"port", "example.com:8080", true},
	{"port 0", "example.com:0", true},
	{"port 65535", "example.com:65535", true},
	{"IPv4", "127.0.0.1", true},
	{"IPv4 and port", "127.0.0.1:80", true},
	{"IPv6", "[::1]", true},
	{"IPv6 and port", "[2001:db8::1]:3000", true},
	{"IPv6 with IPv4 in it", "[::ffff:192.0.2.1]", true},
	{"a number before the last label", "1.example", true},
	{"a label that begins with a number", "1a", true},

	{"empty port", "example.com:", true},
	{"IPv6 with an empty port", "[::1]:", true},
	{"port with leading zeros", "example.com:000080", true},
	{"sub-delimiters", "a,b!$&'()*+;=~c", true},
	{"escape", "%65xample.com", true},
	{"escape of UTF-8", "b%C3%BCcher.example", true},
	{"empty labels", ".a..b.", true},
	{"dot alone", ".", true},
	{"a name that is a number", "1", true},
	{"a name that some read as an address", "0x7f.1", true},
	{"four numbers that are not an address", "256.0.0.1", true},

	{"empty", "", false},
	{"escape without digits", "a%", false},
	{"escape with one digit", "a%4", false},
	{"escape of no digits", "a%zz", false},
	{"port of many digits", "a:" + strings.Repeat("1", 1000), false},
	{"port alone", ":80", false},
	{"port too large", "example.com:65536", false},
	{"port is not a number", "example.com:8a", false},
	{"two ports", "example.com:80:80", false},
	{"path", "a/b", false},
	{"backslash", `a\b`, false},
	{"user", "u@h", false},
	{"fragment", "a#b", false},
	{"query", "a?b", false},
	{"space", "a b", false},
	{"space at the end", "a ", false},
	{"tab", "a\tb", false},
	{"NUL", "a\x00", false},
	{"no ASCII", "bücher.example", false},
	{"IPv6 without brackets", "::1", false},
	{"IPv6 not closed", "[::1", false},
	{"IPv6 with more behind it", "[::1]a", false},
	{"IPv6 zone", "[fe80::1%eth0]", false},
	{"IPv6 escaped zone", "[fe80::1%25eth0]", false},
	{"IPv4 in brackets", "[127.0.0.1]", false},
	{"empty brackets", "[]", false},
}

func TestValidHost(t *testing.T) {
	for _, tt := range hosts {
		if got := pathname.ValidHost(tt.host); got != tt.want {
			t.Errorf("%s: ValidHost(%q) = %t", tt.rule, tt.host, got)
		}
	}
}

// FuzzValidHost checks that a valid host keeps its place in a URL: nothing of it becomes another
// part.
func FuzzValidHost(f *testing.F) {
	for _, tt := range hosts {
		f.Add(tt.host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !pathname.ValidHost(host) {
			return
		}
		made := url.URL{Scheme: "http", Host: host, Path: "/p"}
		u, err := url.Parse(made.String())
		if err != nil || u.Host != host || u.User != nil || u.Path != "/p" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("ValidHost(%q), but the URL made of it is %+v, %v", host, u, err)
		}
	})
}

// TestExpressVectors_host checks that no host of the vectors is refused; which of the headers
// counts is left to package reqres.
func TestExpressVectors_host(t *testing.T) {
	for _, file := range []string{"req.host", "req.hostname"} {
		var vectors []struct {
			ID      string
			Request struct{ Host *string }
			Expect  struct{ Body string }
		}
		reference.Read(t, "express/"+file+".json", &vectors)
		for _, v := range vectors {
			if v.Request.Host != nil && !pathname.ValidHost(*v.Request.Host) {
				t.Errorf("%s: ValidHost(%q) = false", v.ID, *v.Request.Host)
			}
			if v.Expect.Body != "undefined" && !pathname.ValidHost(v.Expect.Body) {
				t.Errorf("%s: ValidHost(%q) = false, but Express answers it", v.ID, v.Expect.Body)
			}
		}
	}
}

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{
		"":            "",
		"a+b":         "a+b",
		"%ce%b1":      "α",
		"foo%2Fbar":   "foo/bar",
		"a%20%C3%A9":  "a é",
		"\u00e9":      "é",
		"%EF%BB%BFa":  "\uFEFFa",
		"%00":         "\x00",
		"%25zz":       "%zz",
		"%EF%BF%BD":   "\uFFFD",
		"caf\u00e9%2": "bad",
		"%foobar":     "bad", // %fo is not an escape
		"%ff":         "bad",
		"%c3":         "bad",
		"%ED%A0%80":   "bad",
		"\xff":        "bad",
		"\xff%20":     "bad",
	} {
		got, ok := pathname.Decode(in)
		if want == "bad" {
			if ok || got != "" {
				t.Errorf("Decode(%q) = %q, %t; want it refused", in, got, ok)
			}
		} else if !ok || got != want {
			t.Errorf("Decode(%q) = %q, %t; want %q", in, got, ok, want)
		}
	}
}

var redirects = []struct{ rule, path, query, want string }{
	{"plain", "/a/b", "", "/a/b"},
	{"query kept", "/a", "x=1&y=%20", "/a?x=1&y=%20"},
	{"another host", "//evil.example", "", "/evil.example"},
	{"many slashes", "///evil.example//x", "", "/evil.example//x"},
	{"backslashes", `/\evil.example`, "", "/evil.example"},
	{"dot segments before slashes", "/..//evil.example", "", "/evil.example"},
	{"dot segments after slashes", "//evil.example/..//x", "", "/x"},
	{"escaped slashes are not slashes", "/%2Fevil.example", "", "/%2Fevil.example"},
	{"only slashes", "//", "", "/"},
	{"empty", "", "", "/"},
	{"asterisk", "*", "", "/"},
	{"a second header", "/a\r\nSet-Cookie: x", "b\r\nc d", "/a%0D%0ASet-Cookie:%20x?b%0D%0Ac%20d"},
	{"a query is not a fragment", "/a", "b#c'\"é", "/a?b%23c%27%22%C3%A9"},
}

func TestRedirect(t *testing.T) {
	for _, tt := range redirects {
		if got := pathname.Redirect(tt.path, tt.query); got != tt.want {
			t.Errorf("%s: Redirect(%q, %q) = %q, want %q", tt.rule, tt.path, tt.query, got, tt.want)
		}
	}
}

// FuzzRedirect checks that a redirect stays on its host, for readers that resolve it as net/url
// does and for those that take backslashes for slashes, and that it is fit for a header.
func FuzzRedirect(f *testing.F) {
	for _, tt := range redirects {
		f.Add(tt.path, tt.query)
	}
	base := &url.URL{Scheme: "https", Host: "here.example", Path: "/x/y"}
	f.Fuzz(func(t *testing.T, path, query string) {
		got := pathname.Redirect(path, query)
		if got[0] != '/' || len(got) > 1 && (got[1] == '/' || got[1] == '\\') {
			t.Errorf("Redirect(%q, %q) = %q: it does not begin with one slash", path, query, got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r > '~' || r == '#' }) {
			t.Errorf("Redirect(%q, %q) = %q: it is not fit for a header", path, query, got)
		}
		if u, err := base.Parse(got); err == nil && (u.Host != base.Host || u.Scheme != base.Scheme) {
			t.Errorf("Redirect(%q, %q) = %q leads to %s", path, query, got, u)
		}
	})
}

func TestAllocations(t *testing.T) {
	for name, f := range map[string]func(){
		"ValidHost of a name":      func() { pathname.ValidHost("api.example.com:8080") },
		"ValidHost of an address":  func() { pathname.ValidHost("[2001:db8::1]:8080") },
		"Decode without an escape": func() { pathname.Decode("42") },
		"Redirect without a query": func() { pathname.Redirect("/a/b", "") },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkValidHost(b *testing.B) {
	for _, host := range []string{"api.example.com:8080", "127.0.0.1:8080"} {
		b.Run(host, func(b *testing.B) {
			for b.Loop() {
				pathname.ValidHost(host)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, segment := range []string{"4711", "caf%C3%A9"} {
		b.Run(segment, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pathname.Decode(segment)
			}
		})
	}
}
