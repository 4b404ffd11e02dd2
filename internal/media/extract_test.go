package media_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/media"
)

func BenchmarkExtract(b *testing.B) {
	b.ReportAllocs()
	values := []string{"application/json; charset=utf-8"}
	for b.Loop() {
		media.Extract(values)
	}
}
