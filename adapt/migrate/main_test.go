package migrate_test

import (
	"flag"
	"testing"

	"github.com/crossfade-go/crossfade/internal/leak"
)

// No test leaves a goroutine behind, not even those whose candidates hang. The parallel ones wait
// for files to be looked at again, and cost no processor meanwhile: all of them at once.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "8")
	leak.Main(m)
}
