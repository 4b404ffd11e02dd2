package tofetch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
)

// How long a thousand handlers take is a figure of the README.
func TestThousand(t *testing.T) {
	if os.Getenv("CROSSFADE_FULL") == "" {
		t.Skip("set CROSSFADE_FULL=1 to time a thousand handlers")
	}
	r := codemodtest.Copy(t, filepath.Join("testdata", "express"))
	for name, text := range r.Files() {
		for i := range 19 {
			r.Write(filepath.Join(fmt.Sprintf("express%d", i), filepath.Base(name)), text)
		}
	}
	began := time.Now()
	converted := 0
	for _, d := range r.Report() {
		if d.Category == "converted" {
			converted++
		}
	}
	t.Logf("%d handlers reported in %v", converted, time.Since(began).Round(100*time.Millisecond))
	began = time.Now()
	r.Fix()
	t.Logf("and written in %v", time.Since(began).Round(100*time.Millisecond))
}
