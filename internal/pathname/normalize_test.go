package pathname_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/pathname"
)

const (
	escaped = pathname.Escaped
	empty   = pathname.Empty
)

// paths holds the path of a request line and what the URL Standard makes of it.
var paths = []struct {
	rule, in, want string
	flags          pathname.Flags
}{
	{"ordinary", "/api/cocktails/42", "/api/cocktails/42", 0},
	{"root", "/", "/", 0},
	{"trailing slash stays", "/a/", "/a/", 0},
	{"empty segments stay", "//a//b/", "//a//b/", empty},
	{"only slashes", "//", "//", empty},
	{"dots inside a segment", "/a.b/..c/d../.e/...", "/a.b/..c/d../.e/...", 0},
	{"single dot", "/a/./b", "/a/b", 0},
	{"single dot at the end", "/a/.", "/a/", 0},
	{"double dot", "/a/../b", "/b", 0},
	{"double dot at the end", "/a/b/..", "/a/", 0},
	{"double dot above the root", "/../../a", "/a", 0},
	{"double dot removes an empty segment", "/a//../b", "/a/b", 0},
	{"double dot before an empty segment", "/a/..//b", "//b", empty},
	{"escaped dots, any case", "/a/%2e%2E/b/%2e/c", "/b/c", 0},
	{"half escaped dots", "/a/.%2e/b/%2E./c", "/c", 0},
	{"three dots are a name", "/a/%2e%2e%2e", "/a/%2e%2e%2e", escaped},
	{"an escaped dot in a name", "/a%2e", "/a%2e", escaped},
	{"backslash is a slash", `/a\b\..\c`, "/a/c", 0},
	{"two backslashes", `/\\a`, "///a", empty},
	{"an escaped backslash is not", "/a%5Cb", "/a%5Cb", escaped},
	{"an escaped slash is not", "/a%2Fb/%2f", "/a%2Fb/%2f", escaped},
	{"an escaped slash beside a byte that net/url would escape", "/a|b%2Fc", "/a|b%2Fc", escaped},
	{"escapes of ordinary bytes stay", "/%65cho", "/%65cho", escaped},
	{"a space", "/a%20b", "/a%20b", escaped},
	{"raw UTF-8 is escaped", "/caf\u00e9", "/caf%C3%A9", escaped},
	{"raw bytes are escaped", "/\xff", "/%FF", escaped},
	{"outside the path percent-encode set", "/!$&'()*+,-.:;=@[]_|~", "/!$&'()*+,-.:;=@[]_|~", 0},
	{"inside it", "/\"<>^`{}", "/%22%3C%3E%5E%60%7B%7D", escaped},
	{"a raw # ends the path", "/a#b/../c", "/a", 0},
	{"an escaped # does not", "/a%23b", "/a%23b", escaped},
	{"a scheme in the path", "/http://evil/x", "/http://evil/x", empty},
}

func TestClean(t *testing.T) {
	for _, tt := range paths {
		if got, flags := pathname.Clean(tt.in); got != tt.want || flags != tt.flags {
			t.Errorf("%s: Clean(%q) = %q, %b; want %q, %b", tt.rule, tt.in, got, flags, tt.want, tt.flags)
		}
	}
	for in, want := range map[string]string{"": "/", "a/b": "/a/b", "*": "*", "%zz/%": "/%zz/%", "/a b?c\r\n\x7f": "/a%20b%3Fc%0D%0A%7F"} {
		if got, _ := pathname.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// parse reads a request as net/http's server does.
func parse(t *testing.T, line string) (*url.URL, error) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(line + " HTTP/1.1\r\nHost: h\r\n\r\n")))
	if err != nil {
		return nil, err
	}
	return r.URL, nil
}

// TestNormalize_server sends every path over the wire, in both forms of a request target.
func TestNormalize_server(t *testing.T) {
	for _, tt := range paths {
		for _, target := range []string{tt.in, tt.in + "?q=/../x", "http://other" + tt.in} {
			u, err := parse(t, "GET "+target)
			if err != nil {
				t.Fatalf("%s: %v", tt.rule, err)
			}
			if got, flags := pathname.Normalize(u); got != tt.want || flags != tt.flags {
				t.Errorf("%s: Normalize of GET %q = %q, %b; want %q, %b", tt.rule, target, got, flags, tt.want, tt.flags)
			}
		}
	}
	for line, want := range map[string]string{
		"OPTIONS *":          "*",
		"GET http://h":       "/",
		"GET http://h?x=1":   "/",
		"CONNECT h:80":       "/",
		"GET scheme:opaque":  "*",
		"GET http://h/%5B/[": "/%5B/[",
	} {
		u, err := parse(t, line)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := pathname.Normalize(u); got != want {
			t.Errorf("Normalize of %s = %q, want %q", line, got, want)
		}
	}
}

func TestNormalize_byHand(t *testing.T) {
	tests := []struct {
		rule string
		u    url.URL
		want string
	}{
		{"Path alone is decoded text", url.URL{Path: `/a b\c%20#?é`}, "/a%20b%5Cc%2520%23%3F%C3%A9"},
		{"Path alone may hold dot segments", url.URL{Path: "/a/../b"}, "/b"},
		{"RawPath that decodes to Path counts", url.URL{Path: "/a/b", RawPath: "/a%2Fb"}, "/a%2Fb"},
		{"malformed escapes stay", url.URL{Path: "/%zz", RawPath: "/%zz"}, "/%zz"},
		{"a forgotten RawPath does not count", url.URL{Path: "/new", RawPath: "/a%2Fb"}, "/new"},
		{"a longer RawPath does not count", url.URL{Path: "/a", RawPath: "/a%2Fb"}, "/a"},
		{"a shorter RawPath does not count", url.URL{Path: "/a/b", RawPath: "/a"}, "/a/b"},
		{"empty", url.URL{}, "/"},
		{"relative", url.URL{Path: "a"}, "/a"},
		{"opaque", url.URL{Scheme: "mailto", Opaque: "x@y"}, "*"},
	}
	for _, tt := range tests {
		if got, _ := pathname.Normalize(&tt.u); got != tt.want {
			t.Errorf("%s: Normalize(%+v) = %q, want %q", tt.rule, tt.u, got, tt.want)
		}
	}
}

// TestNormalize_unescaped checks the assumption of the fast path, byte by byte, against net/url.
func TestNormalize_unescaped(t *testing.T) {
	for c := range 256 {
		u := &url.URL{Path: "/a" + string([]byte{byte(c)}) + "z"}
		want, _ := pathname.Clean(u.EscapedPath())
		if got, _ := pathname.Normalize(u); got != want {
			t.Errorf("Normalize(Path: %q) = %q; its escaped path is %q", u.Path, got, want)
		}
	}
}

// whatwg is the path state of the URL Standard's basic URL parser for an http URL, as a list of segments.
func whatwg(path string) string {
	var list []string
	path, _, _ = strings.Cut(path, "#")
	if path != "" && strings.ContainsRune(`/\`, rune(path[0])) {
		path = path[1:]
	}
	segments := strings.FieldsFunc(strings.NewReplacer("/", "/\x00", `\`, "/\x00").Replace("\x00"+path), func(r rune) bool { return r == '/' })
	for i, s := range segments {
		s = s[1:]
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case "..":
			list = list[:max(0, len(list)-1)]
			if last {
				list = append(list, "")
			}
		case ".":
			if last {
				list = append(list, "")
			}
		default:
			var b strings.Builder
			for _, c := range []byte(s) {
				if c <= ' ' || c > '~' || strings.IndexByte("\"#<>?^`{}", c) >= 0 {
					b.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
				} else {
					b.WriteByte(c)
				}
			}
			list = append(list, b.String())
		}
	}
	return "/" + strings.Join(list, "/")
}

func FuzzNormalize(f *testing.F) {
	for _, tt := range paths {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got, flags := pathname.Clean(path)
		if want := whatwg(path); path != "*" && got != want {
			t.Errorf("Clean(%q) = %q, the URL Standard says %q", path, got, want)
		}
		if again, f := pathname.Clean(got); again != got || f != flags {
			t.Errorf("Clean(%q) = %q, %b, but once more gives %q, %b", path, got, flags, again, f)
		}
		if flags&escaped != 0 != strings.Contains(got, "%") || flags&empty != 0 != strings.Contains(got, "//") {
			t.Errorf("Clean(%q) = %q with flags %b", path, got, flags)
		}
		if u, err := url.ParseRequestURI(got); err == nil {
			if n, nf := pathname.Normalize(u); n != got || nf != flags {
				t.Errorf("Normalize of the parsed %q = %q, %b; want it unchanged, %b", got, n, nf, flags)
			}
		}
		if u, err := url.ParseRequestURI("/" + path); err == nil && !strings.Contains(path, "?") {
			if n, _ := pathname.Normalize(u); n != whatwg("/"+path) {
				t.Errorf("Normalize of the parsed %q = %q, the URL Standard says %q", "/"+path, n, whatwg("/"+path))
			}
		}
		for segment := range strings.SplitSeq(got, "/") {
			value, ok := pathname.Decode(segment)
			if plain, err := url.PathUnescape(segment); ok && (err != nil || plain != value) {
				t.Errorf("Decode(%q) = %q; net/url says %q, %v", segment, value, plain, err)
			}
		}
	})
}

func TestNormalize_allocations(t *testing.T) {
	for target, want := range map[string]float64{
		"/": 0, "/api/cocktails/42": 0, "/a//b/": 0, "/.well-known/x..y": 0, "/a(b)": 0, "/a%2Fb": 0,
		"/a%20b":  1, // net/url keeps no escaped form where it can make it again
		"/a/../b": 1,
	} {
		u, err := parse(t, "GET "+target)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { pathname.Normalize(u) }); n > want {
			t.Errorf("Normalize of %s: %v allocations, want %v", target, n, want)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	for _, target := range []string{"/", "/api/cocktails/42", "/api/accounts/42/transactions/2026-03-01", "/a%2Fb/c", "/a/../b"} {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(target, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pathname.Normalize(u)
			}
		})
	}
}
