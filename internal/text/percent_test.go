package text_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/text"
)

func TestPercentDecode(t *testing.T) {
	tests := []struct{ rule, in, want string }{
		{"nothing to do", "a+b", "a+b"},
		{"either case of the digits", "%e2%98%83%C3%A9", "☃é"},
		{"malformed escapes stay", "%zz%4%41%", "%zz%4A%"},
		{"an escape right after a lone %", "%%41", "%A"},
		{"the result need not be UTF-8", "%FF", "\xFF"},
	}
	for _, tt := range tests {
		if got := text.PercentDecode(tt.in); got != tt.want {
			t.Errorf("%s: PercentDecode(%q) = %+q, want %+q", tt.rule, tt.in, got, tt.want)
		}
	}
}

// components holds inputs of decodeURIComponent; bad is where it throws.
var components = []struct {
	rule, in, want string
	bad            bool
}{
	{rule: "no escape", in: "a+b", want: "a+b"},
	{rule: "ASCII", in: "%20%2F", want: " /"},
	{rule: "two, three and four bytes", in: "%C3%A9%E2%98%83%F0%9F%92%A9", want: "é☃💩"},
	{rule: "U+FFFD itself", in: "%EF%BF%BD", want: "\uFFFD"},
	{rule: "not a digit", in: "a%zz", bad: true},
	{rule: "cut off", in: "%4", bad: true},
	{rule: "cut off inside a character", in: "%E2%98", bad: true},
	{rule: "a character half escaped", in: "%E2%98\x83", want: "☃"},
	{rule: "ASCII inside a character", in: "%E2%41%83", bad: true},
	{rule: "a lone continuation byte", in: "%80", bad: true},
	{rule: "overlong", in: "%C0%AF", bad: true},
	{rule: "a surrogate", in: "%ED%A0%80", bad: true},
	{rule: "above U+10FFFF", in: "%F4%90%80%80", bad: true},
	{rule: "bytes without escape pass", in: "\xE9%20", want: "\xE9 "},
}

func TestDecodeURIComponent(t *testing.T) {
	for _, tt := range components {
		if got, ok := text.DecodeURIComponent(tt.in); ok == tt.bad || got != tt.want {
			t.Errorf("%s: DecodeURIComponent(%+q) = %+q, %t; want %+q, %t", tt.rule, tt.in, got, ok, tt.want, !tt.bad)
		}
	}
}

// FuzzURIComponent checks that the two directions undo each other, and that the strict decoder
// agrees with the lenient one wherever it accepts.
func FuzzURIComponent(f *testing.F) {
	for _, tt := range components {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		encoded := string(text.AppendURIComponent(nil, s))
		if got, ok := text.DecodeURIComponent(encoded); !ok || got != text.WellFormed(s) {
			t.Errorf("DecodeURIComponent(AppendURIComponent(%+q)) = %+q, %t", s, got, ok)
		}
		if got, ok := text.DecodeURIComponent(s); ok && got != text.PercentDecode(s) {
			t.Errorf("DecodeURIComponent(%+q) = %+q, PercentDecode says %+q", s, got, text.PercentDecode(s))
		}
		if u := text.EncodeURL(s); strings.ContainsFunc(u, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) {
			t.Errorf("EncodeURL(%+q) = %+q, which is not fit for a header", s, u)
		}
	})
}
