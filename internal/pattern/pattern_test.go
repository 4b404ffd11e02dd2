package pattern_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

func mustParse(t testing.TB, s string) pattern.Pattern {
	t.Helper()
	p, err := pattern.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParse(t *testing.T) {
	type seg = pattern.Segment
	const lit, param, all, opt = pattern.Literal, pattern.Param, pattern.CatchAll, pattern.OptionalCatchAll
	tests := []struct {
		rule, in string
		want     []seg
	}{
		{"the root is one literal without text", "/", []seg{{lit, ""}}},
		{"a trailing slash is a segment", "/users/", []seg{{lit, "users"}, {lit, ""}}},
		{"colon and brackets are the same", "/:id/[key]", []seg{{param, "id"}, {param, "key"}}},
		{"star and three dots are the same", "/*rest", []seg{{all, "rest"}}},
		{"star and three dots are the same", "/[...rest]", []seg{{all, "rest"}}},
		{"doubled brackets are optional", "/a/[[...rest]]", []seg{{lit, "a"}, {opt, "rest"}}},
		{"brackets allow punctuation in a name", "/[my-id]/[ x.y ]", []seg{{param, "my-id"}, {param, " x.y "}}},
		{"brackets inside a name are part of it", "/[a[b]c]", []seg{{param, "a[b]c"}}},
		{"a bare name may have any letters", "/:größe_2", []seg{{param, "größe_2"}}},
		{"a bracket alone is a character", "/[/x]/a[/]b[", []seg{{lit, "["}, {lit, "x]"}, {lit, "a["}, {lit, "]b["}}},
		{"a pair with a backslash before one of them is two characters", `/p-\[id]/p-[id\]/\[id].json`, []seg{
			{lit, "p-[id]"}, {lit, "p-[id]"}, {lit, "[id].json"}}},
		{"a backslash takes the meaning away", `/v1\:batch/\:a/\*/\[id]/[id\]/\[x\]`, []seg{
			{lit, "v1:batch"}, {lit, ":a"}, {lit, "*"}, {lit, "[id]"}, {lit, "[id]"}, {lit, "[x]"}}},
		{"literals are percent-encoded", "/café/a b/\"<>`^{x/\x00\x7f", []seg{
			{lit, "caf%C3%A9"}, {lit, "a%20b"}, {lit, "%22%3C%3E%60%5E%7Bx"}, {lit, "%00%7F"}}},
		{"a literal is written in one way", "/%41%c3%a9%2F/100%25", []seg{{lit, "A%C3%A9%2F"}, {lit, "100%25"}}},
		{"what the URL Standard and net/url leave alone stays", "/!$&'()+,;=@|~-._/(g)/@s", []seg{
			{lit, "!$&'()+,;=@%7C~-._"}, {lit, "(g)"}, {lit, "@s"}}},
		{"three dots and more are not dot segments", "/.../.a/..b", []seg{{lit, "..."}, {lit, ".a"}, {lit, "..b"}}},
	}
	for _, tt := range tests {
		p, err := pattern.Parse(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.rule, err)
			continue
		}
		if diff := cmp.Diff(tt.want, p.Segments); diff != "" {
			t.Errorf("%s: Parse(%q) (-want +got):\n%s", tt.rule, tt.in, diff)
		}
		if p.Source != tt.in {
			t.Errorf("Source = %q, want it as written: %q", p.Source, tt.in)
		}
	}
}

func TestMatch(t *testing.T) {
	tests := []struct {
		rule, pattern, path string
		want                []string // nil: no match
	}{
		{"a literal is compared in its escaped form", "/café", "/caf%C3%A9", []string{}},
		{"a trailing slash counts", "/users", "/users/", nil},
		{"a trailing slash counts", "/users/", "/users", nil},
		{"a trailing slash counts", "/users/", "/users/", []string{}},
		{"the root is the root only", "/", "/a", nil},
		{"a parameter is one segment", "/:a", "/x", []string{"x"}},
		{"a parameter is one segment", "/:a", "/x/y", nil},
		{"a parameter is not empty", "/:a", "/", nil},
		{"a parameter is not empty", "/:a/b", "//b", nil},
		{"an escaped slash stays inside", "/:a", "/x%2Fy", []string{"x%2Fy"}},
		{"a catch-all is not empty", "/a/*r", "/a", nil},
		{"a catch-all is not empty", "/a/*r", "/a/", nil},
		{"a catch-all has no leading slash", "/a/*r", "/a/x/y/", []string{"x/y/"}},
		{"a catch-all may be slashes", "/a/*r", "/a//", []string{"/"}},
		{"an optional catch-all may be nothing", "/a/[[...r]]", "/a", []string{""}},
		{"an optional catch-all may be nothing", "/a/[[...r]]", "/a/", []string{""}},
		{"an optional catch-all may be nothing", "/[[...r]]", "/", []string{""}},
		{"an optional catch-all begins at a slash", "/a/[[...r]]", "/ab", nil},
		{"an optional catch-all takes everything", "/a/[[...r]]", "/a/x/y", []string{"x/y"}},
		{"values come in order", "/:a/x/:b/*r", "/1/x/2/3/4", []string{"1", "2", "3/4"}},
		{"no path, no match", "/[[...r]]", "", nil},
		{"a path begins with a slash", "/a", "a", nil},
		{"a path begins with a slash", "/[[...r]]", "a", nil},
	}
	for _, tt := range tests {
		got, ok := mustParse(t, tt.pattern).Match(tt.path)
		if ok != (tt.want != nil) || ok && !cmp.Equal(tt.want, append([]string{}, got...)) {
			t.Errorf("%s: %s on %s = %q, %v; want %q", tt.rule, tt.pattern, tt.path, got, ok, tt.want)
		}
	}
	if _, ok := (pattern.Pattern{}).Match("/"); ok {
		t.Error("the zero Pattern matches /")
	}
}

func TestOptionalKey(t *testing.T) {
	for _, tt := range []struct{ in, optional string }{
		{"/a/*r", "/a/[[...s]]"},
		{"/[...r]", "/[[...r]]"},
	} {
		if got, want := mustParse(t, tt.in).OptionalKey(), mustParse(t, tt.optional).Key(); got != want {
			t.Errorf("OptionalKey of %s = %q, want the key of %s, %q", tt.in, got, tt.optional, want)
		}
	}
	for _, in := range []string{"/", "/a/:r", "/a/[[...r]]"} {
		if got := mustParse(t, in).OptionalKey(); got != "" {
			t.Errorf("OptionalKey of %s = %q, want none", in, got)
		}
	}
}

func TestRouterPaths(t *testing.T) {
	for _, tt := range []struct{ in, path, bare string }{
		{"/", "/", ""},
		{"/a/:id/", "/a/:p/", ""},
		{"/a/*r", "/a/*r", ""},
		{"/a/[[...r]]", "/a/*o", "/a"},
		{"/[[...r]]", "/*o", ""},
		{`/v1\:batch/\*`, "/v1\x01batch/\x02", ""},
	} {
		p := mustParse(t, tt.in)
		if path, bare := p.Router(); path != tt.path || bare != tt.bare {
			t.Errorf("Router of %s = %q, %q; want %q, %q", tt.in, path, bare, tt.path, tt.bare)
		}
		if got, want := p.HasMarks(), tt.path != pattern.FromRouter(tt.path); got != want {
			t.Errorf("HasMarks of %s = %v", tt.in, got)
		}
	}
	const path = "/a:b/*c/\xff"
	if got := pattern.FromRouter(pattern.RouterPath(path)); got != path {
		t.Errorf("there and back: %q", got)
	}
}
