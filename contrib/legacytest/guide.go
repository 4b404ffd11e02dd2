package legacytest

import (
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Guide compiles the programs in a guide: the blocks of Go in a Markdown file that are whole, in
// the module of the test that calls it, which has what they import. They must be formatted, too.
func Guide(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, block := range strings.Split(string(text), "\n```go\n")[1:] {
		code, _, _ := strings.Cut(block, "```")
		if !strings.HasPrefix(code, "package main\n") {
			continue
		}
		n++
		if formatted, err := format.Source([]byte(code)); err != nil || string(formatted) != code {
			t.Errorf("%s: program %d is not formatted (%v); it should be\n%s", file, n, err, formatted)
		}
		dir := t.TempDir()
		source := filepath.Join(dir, "main.go")
		// The overlay shows the program to the compiler as a package of the module.
		overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(module, "guide", "main.go"): source}})
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{source: []byte(code), filepath.Join(dir, "overlay.json"): overlay} {
			if err := os.WriteFile(name, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		build := exec.Command("go", "list", "-export", "-overlay", filepath.Join(dir, "overlay.json"), "./guide") // compiles, and does not link
		if out, err := build.CombinedOutput(); err != nil {
			t.Errorf("%s: program %d does not compile: %v\n%s", file, n, err, out)
		}
	}
	if n == 0 {
		t.Errorf("%s has no program", file)
	}
}
