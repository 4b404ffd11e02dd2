package sourcetest_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func memory() sourcetest.Place {
	m := new(sourcetest.Memory)
	return sourcetest.Place{Source: m, Write: m.Write, Remove: m.Remove, Cut: m.Cut, Restore: m.Restore, WriteWhileCut: true}
}

func TestMemory(t *testing.T) {
	sourcetest.Run(t, func(*testing.T) sourcetest.Place { return memory() })
}
