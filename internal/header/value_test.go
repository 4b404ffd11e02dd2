package header_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/crossfade-go/crossfade/internal/header"
)

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

func BenchmarkCheck(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = header.Check("Cache-Control", "public, max-age=3600")
	}
}
