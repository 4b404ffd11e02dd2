package header_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/header"
)

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
