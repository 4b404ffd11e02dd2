package text_test

import (
	"errors"
	"testing"

	"github.com/crossfade-go/crossfade/internal/text"
)

func TestDecodeCharset(t *testing.T) {
	tests := []struct{ rule, label, in, want string }{
		{"no label is UTF-8", "", "\xEF\xBB\xBFé", "é"},
		{"case and punctuation do not count", "UTF_8", "é", "é"},
		{"little-endian", "utf-16le", "a\x00\xE9\x00", "aé"},
		{"big-endian", "UTF-16BE", "\x00a\x00\xE9", "aé"},
		{"UTF-16 with a little-endian mark", "utf-16", "\xFF\xFEa\x00", "a"},
		{"UTF-16 with a big-endian mark", "utf-16", "\xFE\xFF\x00a", "a"},
		{"UTF-16 without a mark is little-endian", "utf-16", "a\x00b\x00", "ab"},
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
