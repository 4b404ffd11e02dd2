package header_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/header"
)

func TestValidName(t *testing.T) {
	const chars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for c := range 256 {
		name := "a" + string([]byte{byte(c)})
		if got, want := header.ValidName(name), strings.IndexByte(chars, byte(c)) >= 0; got != want {
			t.Errorf("ValidName(%q) = %t; tchar of RFC 9110 says %t", name, got, want)
		}
	}
	if header.ValidName("") {
		t.Error("the empty name passed; a token has at least one character")
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"a":            "a",
		" \t\r\n a \n": "a",
		" \t\r\n":      "",
		"a  b":         "a  b",
		"\fa\v":        "\fa\v",
		"\u00a0a":      "\u00a0a",
	} {
		if got := header.Normalize(in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	const nameRule = "a header name is made of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)"
	const valueRule = "a header value holds no control character but TAB (RFC 9110, 5.5)"
	tests := []struct{ name, value, want string }{
		{"X-A", "b", ""},
		{"X-A", "", ""},
		{"X-A", "\r\n folded at the ends \r\n", ""},
		{"X-A", "a\tb\x80\xFF", ""},
		{"X-A", "\x01", `header "X-A", value "\x01": ` + valueRule},
		{"X-A", "a\x7F", `header "X-A", value "a\x7f": ` + valueRule},
		{"X-A", "\x1b[2J", `header "X-A", value "\x1b[2J": ` + valueRule},
		{"X A", "b", `header "X A": ` + nameRule},
		{"", "b", `header "": ` + nameRule},
		{"X\n", "b\nc", `header "X\n": ` + nameRule},
		{"X-A", "b\nc", `header "X-A", value "b\nc": ` + valueRule},
		{"X-A", "b\rc", `header "X-A", value "b\rc": ` + valueRule},
		{"X-A", "\x00", `header "X-A", value "\x00": ` + valueRule},
		{"X-A", "a long value that is é\r\nSet-Cookie: evil=1", `header "X-A", value …"e that is \u00e9\r\nSet-Cookie"…: ` + valueRule},
	}
	for _, tt := range tests {
		err := header.Check(tt.name, tt.value)
		if tt.want == "" {
			if err != nil {
				t.Errorf("Check(%q, %q) = %v, want nil", tt.name, tt.value, err)
			}
			continue
		}
		e, ok := errors.AsType[*header.Error](err)
		if !ok || e.Name != tt.name || e.Error() != tt.want {
			t.Errorf("Check(%q, %q) = %v, want %s", tt.name, tt.value, err, tt.want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, name := range []string{
		"Accept", "accept", "ACCEPT", "etag", "ETag", "x-request-id", "X-Request-ID", "X-REQUEST-ID", "WWW-Authenticate",
		"authorization", "vary", "te", "TE", "x-my-own-header", "X-My-Own-Header", "x--y", "-", "a b", "A b", "", "É", "x\n",
		"Sec-WebSocket-Key", "access-control-allow-origin", "x_y", "X_Y", "3d",
	} {
		if got, want := header.Canonical(name), http.CanonicalHeaderKey(name); got != want {
			t.Errorf("Canonical(%q) = %q; http.CanonicalHeaderKey says %q", name, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("x-request-id")
	f.Add("A b")
	f.Add("ETag")
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := header.Canonical(name), http.CanonicalHeaderKey(name); got != want {
			t.Errorf("Canonical(%q) = %q; http.CanonicalHeaderKey says %q", name, got, want)
		}
	})
}

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

func TestTokens(t *testing.T) {
	tests := []struct {
		rule, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"spaces and tabs go", " a ,\tb\t", []string{"a", "b"}},
		{"empty members go", ",a,, ,b,", []string{"a", "b"}},
		{"a quoted comma does not separate", `a="x,y", b`, []string{`a="x,y"`, "b"}},
		{"a quoted pair does not end the string", `"x\",y",b`, []string{`"x\",y"`, "b"}},
		{"an open string runs to the end", `"x,y`, []string{`"x,y`}},
		{"a backslash at the very end", `"x\`, []string{`"x\`}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, slices.Collect(header.Tokens(tt.in))); diff != "" {
			t.Errorf("%s: Tokens(%q) (-want +got):\n%s", tt.rule, tt.in, diff)
		}
	}
	for range header.Tokens("a,b") {
		break // an early end must not panic
	}
}

func TestOfConnection(t *testing.T) {
	for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization"} {
		if !header.OfConnection(name) {
			t.Errorf("OfConnection(%q) = false", name)
		}
	}
	for _, name := range []string{"Content-Type", "Trailer", "Transfer-Encoding", "Trailers", "Set-Cookie", "Date", ""} {
		if header.OfConnection(name) {
			t.Errorf("OfConnection(%q) = true", name)
		}
	}
}

func TestConnectionNames(t *testing.T) {
	h := http.Header{"Connection": {"close, x-foo", "X-Bar,,a b"}}
	want := []string{"Close", "X-Foo", "X-Bar"}
	if diff := cmp.Diff(want, slices.Collect(header.ConnectionNames(h))); diff != "" {
		t.Errorf("ConnectionNames (-want +got):\n%s", diff)
	}
}

func TestVary(t *testing.T) {
	tests := []struct {
		rule     string
		existing []string
		add      []string
		want     string
		bad      string
	}{
		{rule: "nothing to nothing"},
		{rule: "nothing to something", existing: []string{"Accept", "Origin"}, want: "Accept, Origin"},
		{rule: "first", add: []string{"Accept"}, want: "Accept"},
		{rule: "a list in one string", add: []string{"Accept, Origin"}, want: "Accept, Origin"},
		{rule: "several strings", add: []string{"Accept", "Origin"}, want: "Accept, Origin"},
		{rule: "no name twice, the first spelling stays", existing: []string{"origin"}, add: []string{"Origin", "ORIGIN,Accept"}, want: "origin, Accept"},
		{rule: "a part of a name is another name", existing: []string{"Accept-Encoding"}, add: []string{"Accept"}, want: "Accept-Encoding, Accept"},
		{rule: "* swallows what is there", existing: []string{"Accept"}, add: []string{"*"}, want: "*"},
		{rule: "* swallows what comes", existing: []string{"*"}, add: []string{"Accept"}, want: "*"},
		{rule: "* in a list swallows", existing: []string{"Accept, *"}, add: []string{"Origin"}, want: "*"},
		{rule: "* after a new name swallows", add: []string{"Accept", "*"}, want: "*"},
		{rule: "empty name", add: []string{""}, bad: `""`},
		{rule: "empty member", add: []string{"Accept,"}, bad: `""`},
		{rule: "not a token", existing: []string{"Accept"}, add: []string{"Origin", "a b"}, bad: `"a b"`},
	}
	for _, tt := range tests {
		got, err := header.Vary(tt.existing, tt.add...)
		if tt.bad != "" {
			want := `header "Vary", value ` + tt.bad + `: each member of Vary is a header name or * (RFC 9110, 12.5.5)`
			if err == nil || err.Error() != want {
				t.Errorf("%s: Vary(%q, %q) = %q, %v; want the error %s", tt.rule, tt.existing, tt.add, got, err, want)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: Vary(%q, %q) = %q, %v; want %q", tt.rule, tt.existing, tt.add, got, err, tt.want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	h := http.Header{"Connection": {"keep-alive, X-Foo"}}
	for name, f := range map[string]func(){
		"Canonical, canonical":        func() { header.Canonical("X-My-Own-Header") },
		"Canonical, common lower":     func() { header.Canonical("access-control-allow-origin") },
		"Canonical, common spelling":  func() { header.Canonical("WWW-Authenticate") },
		"Check":                       func() { _ = header.Check("Cache-Control", " no-store ") },
		"Join of one line":            func() { header.Join("Accept", h["Connection"]) },
		"Join of a first-wins header": func() { header.Join("host", []string{"a", "b"}) },
		"Tokens": func() {
			for range header.Tokens(`a, b="x,y"`) {
			}
		},
		"ConnectionNames": func() {
			for range header.ConnectionNames(h) {
			}
		},
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	for _, name := range []string{"Content-Type", "content-type", "x-own-header"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				header.Canonical(name)
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = header.Check("Cache-Control", "public, max-age=3600")
	}
}
