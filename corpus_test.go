package crossfade_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each fuzz target has a committed corpus, so that go test runs what fuzzing once found worth
// keeping; and each corpus has its target.
func TestCorpora(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	targets, corpora := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if dir, name := filepath.Split(path); d.IsDir() && strings.HasSuffix(filepath.ToSlash(dir), "testdata/fuzz/") {
			if inputs, err := os.ReadDir(path); err != nil || len(inputs) > 0 {
				corpora[filepath.Join(dir, "../..", name)] = true
			}
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			targets[filepath.Join(filepath.Dir(path), m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for target := range targets {
		if !corpora[target] {
			t.Errorf("%s has no corpus: .ci/corpus makes one", target)
		}
	}
	for corpus := range corpora {
		if !targets[corpus] {
			t.Errorf("%s is a corpus without its target: move it with the target, or remove it", corpus)
		}
	}
}
