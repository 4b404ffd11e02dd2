package text_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/reference"
	"github.com/crossfade-go/crossfade/internal/text"
)

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

// A % that begins no escape is a percent sign. encodeurl 2 escapes what breaks it, too, and leaves an
// escape alone that the end of the URL cuts off.
func TestEncodeURL_brokenEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"%":      "%25",
		"a%":     "a%25",
		"%4":     "%254",
		"%zz":    "%25zz",
		"%4z":    "%254z",
		"%%41":   "%25%41",
		"%[":     "%25[",
		"%4|x|":  "%254|x|",
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

func BenchmarkEncodeURL(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.EncodeURL("/api/cocktails/42?q=abc")
	}
}
