package crossfade_test

// The map of promises: internal/promises/README.md.

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	declaredTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	namedTest    = regexp.MustCompile("`(\\w+\\.(?:Test|Fuzz|Benchmark)\\w+)`")
)

// The map names tests that exist, leaves no promise without one, also none of SECURITY.md, and no
// test of a suite without a promise.
func TestMap(t *testing.T) {
	exists, unnamed := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		for _, m := range declaredTest.FindAllStringSubmatch(string(source), -1) {
			test := filepath.Base(dir) + "." + m[1]
			if dir == "." {
				test = "crossfade." + m[1]
			}
			exists[test] = true
			if filepath.ToSlash(filepath.Dir(dir)) == "internal/promises" && m[1] != "TestMain" && !strings.HasPrefix(m[1], "Benchmark") {
				unnamed[test] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("internal/promises/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 4 || strings.HasPrefix(cells[1], "-") || strings.TrimSpace(cells[len(cells)-2]) == "tests" {
			continue // not a row, or the head of a table
		}
		row, tests := strings.Join(cells[1:len(cells)-2], "|"), namedTest.FindAllStringSubmatch(cells[len(cells)-2], -1)
		if len(tests) == 0 && !strings.Contains(cells[len(cells)-2], "none:") {
			t.Errorf("row%shas no test, and no word about why", row)
		}
		for _, m := range tests {
			if !exists[m[1]] {
				t.Errorf("row%snames %s, which does not exist", row, m[1])
			}
			delete(unnamed, m[1])
		}
	}
	security, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	promised, _, _ := strings.Cut(string(security), "## What is not promised")
	_, promised, _ = strings.Cut(promised, "## What is promised against clients")
	for _, promise := range strings.Split(promised, "\n- ")[1:] {
		tests := namedTest.FindAllStringSubmatch(promise, -1)
		if len(tests) == 0 {
			t.Errorf("SECURITY.md: nothing tests %q", promise)
		}
		for _, m := range tests {
			if !exists[m[1]] {
				t.Errorf("SECURITY.md names %s, which does not exist", m[1])
			}
		}
	}
	for test := range unnamed {
		t.Errorf("%s holds no promise of internal/promises/README.md: name it in a row", test)
	}
}
