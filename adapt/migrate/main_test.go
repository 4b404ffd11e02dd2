package migrate_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/leak"
)

// No test leaves a goroutine behind, not even those whose candidates hang.
func TestMain(m *testing.M) { leak.Main(m) }
