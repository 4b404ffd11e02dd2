package media_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// resType is res.type of Express.
func resType(s string) string {
	if got := media.ContentType(s); got != "" {
		return got
	}
	return "application/octet-stream"
}

func TestResTypeVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.type.json", &vectors)
	asked := 0
	for _, v := range vectors {
		for _, op := range []string{"res.type", "res.contentType"} {
			args, ok := v.call(op)
			if !ok || len(args) != 1 {
				continue
			}
			asked++
			if got := resType(args[0]); got != v.header("content-type") {
				t.Errorf("%s: %q has the type %q, want %q", v.ID, args[0], got, v.header("content-type"))
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d vectors asked", asked)
	}
}

// Every line of the table is found, whatever its place, and nothing between two lines is.
func TestByExtension(t *testing.T) {
	for _, line := range media.Extensions() {
		ext, want, _ := strings.Cut(line, " ")
		if got := media.ByExtension("." + strings.ToUpper(ext)); got != want {
			t.Errorf("%s is %q, want %q", ext, got, want)
		}
		if _, ok := media.Parse(want); !ok {
			t.Errorf("%s: %q is not a media type", ext, want)
		}
		for _, near := range []string{ext + "\x00", ext + " ", ext + "\n", " " + ext} {
			if got := media.ByExtension(near); got != "" {
				t.Errorf("%q is %q, want nothing", near, got)
			}
		}
	}
	for _, unknown := range []string{"", ".", "-", "0", "zzzz", "json application/json", "\n"} {
		if got := media.ByExtension(unknown); got != "" {
			t.Errorf("%q is %q, want nothing", unknown, got)
		}
	}
}

func BenchmarkByExtension(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		media.ByExtension("webp")
	}
}
