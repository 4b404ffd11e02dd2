package text_test

import (
	"slices"
	"strings"
	"testing"

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
