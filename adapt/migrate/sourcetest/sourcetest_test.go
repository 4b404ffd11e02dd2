package sourcetest_test

import (
	"testing"
	"testing/synctest"

	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func memory() sourcetest.Place {
	m := new(sourcetest.Memory)
	cut := func(off bool) func() error {
		return func() error { m.Cut(off); return nil }
	}
	return sourcetest.Place{
		Source: m, Write: m.Write, Remove: func() error { return m.Write(nil) },
		Cut: cut(true), Restore: cut(false), WriteWhileCut: true,
	}
}

func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it mostly waits
		if err := sourcetest.Test(t.Context(), func() (sourcetest.Place, error) { return memory(), nil }); err != nil {
			t.Error(err)
		}
	})
}

// Run makes a subtest of each check.
func TestRun(t *testing.T) {
	opened := 0
	if !t.Run("", func(t *testing.T) {
		sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
			opened++
			t.SkipNow()
			return sourcetest.Place{}
		})
	}) || opened == 0 {
		t.Errorf("%d places were opened", opened)
	}
}
