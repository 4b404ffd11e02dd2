package media_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// res.send of a string forces the charset of a type that was set before.
func TestResSendVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.send.json", &vectors)
	asked := 0
	for _, v := range vectors {
		kind := ""
		if args, ok := v.call("res.type"); ok && len(args) == 1 {
			kind = resType(args[0])
		}
		if args, ok := v.call("res.set"); ok && len(args) == 2 && args[0] == "Content-Type" {
			kind = media.ContentType(args[1])
		}
		if _, text := v.call("res.send"); kind == "" || !text {
			continue
		}
		asked++
		if got := media.WithCharset(kind, "utf-8"); got != v.header("content-type") {
			t.Errorf("%s: %q becomes %q, want %q", v.ID, kind, got, v.header("content-type"))
		}
	}
	if asked < 8 {
		t.Errorf("only %d vectors asked", asked)
	}
}

func TestWithCharsetKeepsWhatIsNoType(t *testing.T) {
	for _, s := range []string{"", "bogus", "a b/c", "/", "a/b/c; x=y"} {
		if got := media.WithCharset(s, "utf-8"); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

func BenchmarkWithCharset(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		media.WithCharset("text/html; charset=utf-8", "utf-8")
	}
}
