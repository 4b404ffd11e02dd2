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
	dots    = pathname.Dots
	raw     = pathname.Raw
)

// paths holds the path of a request line, what the URL Standard makes of it, and how it is written
// for routing where that differs.
var paths = []struct {
	rule, in, want string
	flags          pathname.Flags
	canonical      string
}{
	{"ordinary", "/api/cocktails/42", "/api/cocktails/42", 0, ""},
	{"root", "/", "/", 0, ""},
	{"trailing slash stays", "/a/", "/a/", 0, ""},
	{"empty segments stay", "//a//b/", "//a//b/", empty, ""},
	{"only slashes", "//", "//", empty, ""},
	{"dots inside a segment", "/a.b/..c/d../.e/...", "/a.b/..c/d../.e/...", 0, ""},
	{"single dot", "/a/./b", "/a/b", dots, ""},
	{"single dot at the end", "/a/.", "/a/", dots, ""},
	{"double dot", "/a/../b", "/b", dots, ""},
	{"double dot at the end", "/a/b/..", "/a/", dots, ""},
	{"double dot above the root", "/../../a", "/a", dots, ""},
	{"double dot removes an empty segment", "/a//../b", "/a/b", dots, ""},
	{"double dot before an empty segment", "/a/..//b", "//b", empty | dots, ""},
	{"escaped dots, any case", "/a/%2e%2E/b/%2e/c", "/b/c", dots, ""},
	{"half escaped dots", "/a/.%2e/b/%2E./c", "/c", dots, ""},
	{"three dots are a name", "/a/%2e%2e%2e", "/a/%2e%2e%2e", escaped, "/a/..."},
	{"an escaped dot in a name", "/a%2e", "/a%2e", escaped, "/a."},
	{"backslash is a slash", `/a\b\..\c`, "/a/c", dots | raw, ""},
	{"two backslashes", `/\\a`, "///a", empty | raw, ""},
	{"an escaped backslash is not", "/a%5Cb", "/a%5Cb", escaped, ""},
	{"an escaped slash is not", "/a%2Fb/%2f", "/a%2Fb/%2f", escaped, "/a%2Fb/%2F"},
	{"an escaped slash beside a byte that net/url would escape", "/a|b%2Fc", "/a|b%2Fc", escaped, "/a%7Cb%2Fc"},
	{"escapes of ordinary bytes stay", "/%65cho", "/%65cho", escaped, "/echo"},
	{"a space", "/a%20b", "/a%20b", escaped, ""},
	{"raw UTF-8 is escaped", "/caf\u00e9", "/caf%C3%A9", escaped, ""},
	{"raw bytes are escaped", "/\xff", "/%FF", escaped, ""},
	{"outside the path percent-encode set", "/!$&'()*+,-.:;=@[]_|~", "/!$&'()*+,-.:;=@[]_|~", 0, "/!$&'()*+,-.:;=@[]_%7C~"},
	{"inside it", "/\"<>^`{}", "/%22%3C%3E%5E%60%7B%7D", escaped, ""},
	{"a raw # ends the path", "/a#b/../c", "/a", raw, ""},
	{"an escaped # does not", "/a%23b", "/a%23b", escaped, ""},
	{"a scheme in the path", "/http://evil/x", "/http://evil/x", empty, ""},
	{"escapes in small letters", "/caf%c3%a9/%3f", "/caf%c3%a9/%3f", escaped, "/caf%C3%A9/%3F"},
	{"escapes of signs that stay raw", "/%40me/%3Aid/%2B/%7e", "/%40me/%3Aid/%2B/%7e", escaped, "/@me/:id/+/~"},
	{"an escaped percent sign stays", "/%2541/%25", "/%2541/%25", escaped, ""},
	{"a vertical bar", "/a|b/%7c", "/a|b/%7c", escaped, "/a%7Cb/%7C"},
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

// canonical is the wanted result of Canonical for a row of paths.
func canonical(want, written string, flags pathname.Flags) (string, pathname.Flags) {
	if written == "" {
		written = want
	}
	if flags &^= escaped; strings.Contains(written, "%") {
		flags |= escaped
	}
	return written, flags
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
			want, wantFlags := canonical(tt.want, tt.canonical, tt.flags)
			if got, flags := pathname.Normalize(u); got != want || flags != wantFlags {
				t.Errorf("%s: Normalize of GET %q = %q, %b; want %q, %b", tt.rule, target, got, flags, want, wantFlags)
			}
		}
	}
	for line, want := range map[string]string{
		"OPTIONS *":          "*",
		"GET http://h":       "/",
		"GET http://h?x=1":   "/",
		"CONNECT h:80":       "/",
		"GET scheme:opaque":  "*",
		"GET http://h/%5B/[": "/[/[",
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
		want, _ := pathname.Canonical(u.EscapedPath())
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
		if again, f := pathname.Clean(got); again != got || f != flags&^(dots|raw) {
			t.Errorf("Clean(%q) = %q, %b, but once more gives %q, %b", path, got, flags, again, f)
		}
		if flags&escaped != 0 != strings.Contains(got, "%") || flags&empty != 0 != strings.Contains(got, "//") {
			t.Errorf("Clean(%q) = %q with flags %b", path, got, flags)
		}
		one, oneFlags := pathname.Canonical(path)
		if again, f := pathname.Canonical(one); again != one || f != oneFlags&^(dots|raw) {
			t.Errorf("Canonical(%q) = %q, %b, but once more gives %q, %b", path, one, oneFlags, again, f)
		}
		// It says the same as the URL Standard does, segment by segment, in the words of net/url.
		if u, err := url.ParseRequestURI(one); err == nil {
			want, got := strings.Split(got, "/"), strings.Split(one, "/")
			for i := range want {
				w, _ := url.PathUnescape(want[i])
				if g, _ := url.PathUnescape(got[i]); len(got) != len(want) || g != w {
					t.Errorf("Canonical(%q) = %q, which is not %q", path, one, want)
				}
			}
			if n, nf := pathname.Normalize(u); n != one || nf != oneFlags&^(dots|raw) {
				t.Errorf("Normalize of the parsed %q = %q, %b; want it unchanged, %b", one, n, nf, oneFlags)
			}
			if u.EscapedPath() != one {
				t.Errorf("net/url writes %q as %q", one, u.EscapedPath())
			}
		}
		if u, err := url.ParseRequestURI("/" + path); err == nil && !strings.Contains(path, "?") {
			want, _ := pathname.Canonical("/" + path)
			if n, _ := pathname.Normalize(u); n != want {
				t.Errorf("Normalize of the parsed %q = %q, want %q", "/"+path, n, want)
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

func TestSent(t *testing.T) {
	for target, want := range map[string][2]string{
		"/a/b":             {"/a/b", "/a/b"},
		"/a/../b":          {"/a/../b", "/b"},
		`/a/../b\..\c`:     {"/a/../b%5C..%5Cc", "/b"},
		"/%61dmin#/../x":   {"/admin%23/../x", "/admin"},
		`/\`:               {"/%5C", "/"},
		"/a%5Cb":           {"/a%5Cb", "/a%5Cb"},
		"http://h/x/%2e#":  {"/x/.%23", "/x/"},
		"/x?a#b":           {"/x", "/x"},
		"/caf%c3%a9/a%2fb": {"/caf%C3%A9/a%2Fb", "/caf%C3%A9/a%2Fb"},
	} {
		u, err := parse(t, "GET "+target)
		if err != nil {
			t.Fatal(err)
		}
		if path, before := pathname.Sent(u); path != want[0] || before != want[1] {
			t.Errorf("Sent of %s = %q, %q; want %q", target, path, before, want)
		}
	}
}

func TestOuter(t *testing.T) {
	for _, tt := range []struct {
		rule, requestURI string
		u                url.URL
		want             string
	}{
		{"nothing around", "/a/b?x", url.URL{Path: "/a/b"}, ""},
		{"a prefix", "/api/a%20b?x", url.URL{Path: "/a b"}, "/api"},
		{"a prefix of two segments", "/api/v1/a", url.URL{Path: "/a"}, "/api/v1"},
		{"escapes that net/url keeps", "/api/a%2Fb", url.URL{Path: "/a/b", RawPath: "/a%2Fb"}, "/api"},
		{"the prefix itself", "/api", url.URL{Path: ""}, "/api"},
		{"the prefix itself as the root", "/api", url.URL{Path: "/"}, "/api"},
		{"the prefix with its slash", "/api/", url.URL{Path: "/"}, "/api"},
		{"a prefix with the slash", "/api/a", url.URL{Path: "a"}, "/api"},
		{"absolute form", "http://h:80/api/a", url.URL{Path: "/a"}, "/api"},
		{"absolute form of the root", "http://h", url.URL{Path: "/"}, ""},
		{"in process", "", url.URL{Path: "/a"}, ""},
		{"a path that was rewritten", "/old/x", url.URL{Path: "/new"}, ""},
		{"a prefix that was added", "/a", url.URL{Path: "/v1/a"}, ""},
		{"the server as a whole", "*", url.URL{Path: "*"}, ""},
		{"CONNECT", "h:80", url.URL{}, ""},
	} {
		if got := pathname.Outer(tt.requestURI, &tt.u); got != tt.want {
			t.Errorf("%s: Outer(%q, %q) = %q, want %q", tt.rule, tt.requestURI, tt.u.Path, got, tt.want)
		}
	}
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
