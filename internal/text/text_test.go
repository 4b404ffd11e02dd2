package text_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/reference"
	"github.com/crossfade-go/crossfade/internal/text"
)

// decoding holds inputs of UTF-8 decode, each with the rule it shows.
var decoding = []struct{ rule, in, want string }{
	{"ASCII stays", "abc", "abc"},
	{"well-formed stays", "é€💩\uFFFD", "é€💩\uFFFD"},
	{"one BOM is removed", "\xEF\xBB\xBFa", "a"},
	{"a second BOM is text", "\xEF\xBB\xBF\xEF\xBB\xBFa", "\uFEFFa"},
	{"a BOM inside is text", "a\xEF\xBB\xBF", "a\uFEFF"},
	{"half a BOM is ill-formed", "\xEF\xBBa", "\uFFFDa"},
	{"a lone continuation byte is one subpart", "\x80\xBF", "\uFFFD\uFFFD"},
	{"C0, C1 and F5 on begin nothing", "\xC0\xAF\xC1\x80\xF5\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
	{"a truncated sequence is one subpart", "\xE2\x98", "\uFFFD"},
	{"a truncated sequence ends before ASCII", "\xF0\x9F\x92a", "\uFFFDa"},
	{"a truncated sequence ends before a lead byte", "\xE2\x98\xE2\x98\x83", "\uFFFD☃"},
	{"an overlong sequence is a subpart per byte", "\xE0\x80\x80", "\uFFFD\uFFFD\uFFFD"},
	{"an overlong sequence of four", "\xF0\x8F\xBF\xBF", "\uFFFD\uFFFD\uFFFD\uFFFD"},
	{"a surrogate is a subpart per byte", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
	{"above U+10FFFF is a subpart per byte", "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
	{"the last code point is fine", "\xF4\x8F\xBF\xBF", "\U0010FFFF"},
	{"nothing", "", ""},
}

func TestDecode(t *testing.T) {
	for _, tt := range decoding {
		if got := text.Decode([]byte(tt.in)); got != tt.want {
			t.Errorf("%s: Decode(%+q) = %+q, want %+q", tt.rule, tt.in, got, tt.want)
		}
		if got := model(tt.in, true); got != tt.want {
			t.Errorf("%s: the model says %+q, want %+q", tt.rule, got, tt.want)
		}
	}
	if got := text.DecodeWithoutBOM([]byte("\xEF\xBB\xBFa")); got != "\uFEFFa" {
		t.Errorf("DecodeWithoutBOM removed the byte order mark: %+q", got)
	}
}

// model is the UTF-8 decoder of the Encoding Standard (section 8.1.1), step by step.
func model(in string, stripBOM bool) string {
	in, _ = strings.CutPrefix(in, map[bool]string{true: "\xEF\xBB\xBF"}[stripBOM])
	var out []rune
	codePoint, seen, needed := rune(0), 0, 0
	lower, upper := byte(0x80), byte(0xBF)
	for i := 0; i < len(in); i++ {
		c := in[i]
		if needed == 0 {
			switch {
			case c <= 0x7F:
				out = append(out, rune(c))
			case 0xC2 <= c && c <= 0xDF:
				needed, codePoint = 1, rune(c&0x1F)
			case 0xE0 <= c && c <= 0xEF:
				if c == 0xE0 {
					lower = 0xA0
				}
				if c == 0xED {
					upper = 0x9F
				}
				needed, codePoint = 2, rune(c&0xF)
			case 0xF0 <= c && c <= 0xF4:
				if c == 0xF0 {
					lower = 0x90
				}
				if c == 0xF4 {
					upper = 0x8F
				}
				needed, codePoint = 3, rune(c&0x7)
			default:
				out = append(out, '\uFFFD')
			}
			continue
		}
		if c < lower || c > upper {
			codePoint, needed, seen, lower, upper = 0, 0, 0, 0x80, 0xBF
			out = append(out, '\uFFFD')
			i-- // "restore byte to ioQueue"
			continue
		}
		lower, upper = 0x80, 0xBF
		codePoint = codePoint<<6 | rune(c&0x3F)
		if seen++; seen == needed {
			out = append(out, codePoint)
			codePoint, needed, seen = 0, 0, 0
		}
	}
	if needed != 0 {
		out = append(out, '\uFFFD')
	}
	return string(out)
}

func FuzzDecode(f *testing.F) {
	for _, tt := range decoding {
		f.Add([]byte(tt.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got := text.Decode(b)
		if want := model(string(b), true); got != want {
			t.Errorf("Decode(%+q) = %+q, the Standard's decoder says %+q", b, got, want)
		}
		if got, want := text.WellFormed(string(b)), model(string(b), false); got != want {
			t.Errorf("WellFormed(%+q) = %+q, the Standard's decoder says %+q", b, got, want)
		}
		if again := text.WellFormed(got); again != got {
			t.Errorf("WellFormed changed the well-formed %+q to %+q", got, again)
		}
	})
}

func TestDecodeCharset(t *testing.T) {
	tests := []struct{ rule, label, in, want string }{
		{"no label is UTF-8", "", "\xEF\xBB\xBFé", "é"},
		{"case and punctuation do not count", "UTF_8", "é", "é"},
		{"little-endian", "utf-16le", "a\x00\xE9\x00", "aé"},
		{"big-endian", "UTF-16BE", "\x00a\x00\xE9", "aé"},
		{"UTF-16 with a little-endian mark", "utf-16", "\xFF\xFEa\x00", "a"},
		{"UTF-16 with a big-endian mark", "utf-16", "\xFE\xFF\x00a", "a"},
		{"UTF-16 by its ASCII, big-endian", "utf-16", "\x00a\x00b", "ab"},
		{"UTF-16 by its ASCII, little-endian", "utf-16", "a\x00b\x00", "ab"},
		{"one mark is removed", "utf-16le", "\xFF\xFE\xFF\xFEa\x00", "\uFEFFa"},
		{"the other order's mark is text", "utf-16be", "\xFF\xFEa\x00", "\uFFFE\u6100"},
		{"a surrogate pair is one character", "utf-16be", "\xD8\x3D\xDC\xA9", "💩"},
		{"a lone high surrogate", "utf-16be", "\xD8\x00\x00a", "\uFFFDa"},
		{"a high surrogate at the end", "utf-16be", "\xD8\x00", "\uFFFD"},
		{"a lone low surrogate", "utf-16be", "\xDC\x00\xDC\x00", "\uFFFD\uFFFD"},
		{"U+FFFD itself does not swallow its neighbour", "utf-16be", "\xD8\x00\xFF\xFD", "\uFFFD\uFFFD"},
		{"an odd last byte is dropped", "utf-16le", "a\x00b", "a"},
		{"Latin-1 is not windows-1252", "iso-8859-1", "\x80\xE9", "\u0080é"},
		{"Latin-1 by its other names", "latin1", "\xE9", "é"},
		{"the year does not count", "ISO_8859-1:1987", "\xE9", "é"},
	}
	for _, tt := range tests {
		got, err := text.DecodeCharset([]byte(tt.in), tt.label)
		if err != nil || got != tt.want {
			t.Errorf("%s: DecodeCharset(%+q, %q) = %+q, %v; want %+q", tt.rule, tt.in, tt.label, got, err, tt.want)
		}
	}
	for _, label := range []string{"koi8-r", "x-bogus", "utf-32", "utf-7", "windows-1252", "utf-8:1", "…"} {
		_, err := text.DecodeCharset([]byte("a"), label)
		e, ok := errors.AsType[*text.CharsetError](err)
		if !ok || e.Label != label {
			t.Errorf("DecodeCharset with %q: error %v, want a *CharsetError with the label", label, err)
		}
	}
	_, err := text.DecodeCharset(nil, "koi8-r")
	if want := `unsupported charset "KOI8-R": send UTF-8, UTF-16 or ISO-8859-1`; err.Error() != want {
		t.Errorf("error text %q, want %q", err, want)
	}
}

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
	{rule: "a character half escaped", in: "%E2%98\x83", bad: true},
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

func TestAppendURIComponent(t *testing.T) {
	const kept = "AZaz09-_.!~*'()"
	for _, tt := range []struct{ rule, in, want string }{
		{"kept", kept, kept},
		{"reserved characters", ";/?:@&=+$,# %\"", "%3B%2F%3F%3A%40%26%3D%2B%24%2C%23%20%25%22"},
		{"UTF-8", "é☃💩", "%C3%A9%E2%98%83%F0%9F%92%A9"},
		{"controls", "\x00\r\n\x7F", "%00%0D%0A%7F"},
		{"ill-formed", "a\xFF", "a%EF%BF%BD"},
	} {
		if got := string(text.AppendURIComponent(nil, tt.in)); got != tt.want {
			t.Errorf("%s: AppendURIComponent(%+q) = %q, want %q", tt.rule, tt.in, got, tt.want)
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

// TestEncodeURL_vectors runs what Express 5.3.0 answered for res.location; arguments that are not
// strings are left to package reqres.
func TestEncodeURL_vectors(t *testing.T) {
	var vectors []struct {
		ID     string
		App    struct{ Stack []struct{ Do [][]any } }
		Expect struct{ Headers map[string]string }
	}
	reference.Read(t, "express/res.location.json", &vectors)
	ran := 0
	for _, v := range vectors {
		if url, ok := v.App.Stack[0].Do[0][1].(string); ok {
			ran++
			if diff := cmp.Diff(v.Expect.Headers["location"], text.EncodeURL(url)); diff != "" {
				t.Errorf("%s: EncodeURL(%q) (-want +got):\n%s", v.ID, url, diff)
			}
		}
	}
	if ran < 15 {
		t.Errorf("only %d vectors ran", ran)
	}
}

// TestEncodeURL_brokenEscapes holds what encodeurl 2 answers where a % begins no escape.
func TestEncodeURL_brokenEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"%":      "%25",
		"a%":     "a%25",
		"%4":     "%4",
		"%zz":    "%25zz",
		"%4z":    "%254z",
		"%%41":   "%25%2541",
		"%[":     "%25%5B",
		"%4|x|":  "%254%7Cx|",
		"%é":     "%25%C3%A9",
		"%2F%2f": "%2F%2f",
		"\r\n":   "%0D%0A",
		"\xFF":   "%EF%BF%BD",
	} {
		if got := text.EncodeURL(in); got != want {
			t.Errorf("EncodeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHTMLEscape(t *testing.T) {
	if got, want := text.HTMLEscape(`<a href="x" b='y'>&amp;é`), `&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;é`; got != want {
		t.Errorf("HTMLEscape = %q, want %q", got, want)
	}
}

func TestNoAllocation(t *testing.T) {
	plain := "/api/cocktails/42?q=abc"
	for name, f := range map[string]func(){
		"WellFormed":         func() { text.WellFormed(plain) },
		"PercentDecode":      func() { text.PercentDecode(plain) },
		"DecodeURIComponent": func() { text.DecodeURIComponent(plain) },
		"EncodeURL":          func() { text.EncodeURL(plain) },
		"HTMLEscape":         func() { text.HTMLEscape(plain) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s of a string that needs no change: %v allocations", name, n)
		}
	}
	once := slices.Repeat([]byte("x"), 100)
	if n := testing.AllocsPerRun(100, func() { text.Decode(once) }); n != 1 {
		t.Errorf("Decode of valid UTF-8: %v allocations, want 1", n)
	}
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(strings.Repeat(`{"name":"Caipirinha","glass":"old fashioned"}`, 20))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		text.Decode(body)
	}
}

func BenchmarkEncodeURL(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.EncodeURL("/api/cocktails/42?q=abc")
	}
}
