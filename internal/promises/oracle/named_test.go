package oracle_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// faults is how many rows each part of the list of faults has that are held by a test of their name:
// what a client can do (A), one answer (B), faithful to the references (C), what a migration says (D).
var faults = map[string]int{"A": 22, "B": 17, "C": 10, "D": 10}

// named finds the row that a test, or a case of one, is named after.
var named = regexp.MustCompile(`func Test([A-D][0-9]+)[A-Z]|["` + "`" + `]([A-D][0-9]+)[ :]`)

// Each row of the list of faults has a test that is named after it.
func TestFaultsHaveTestsOfTheirName(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	found := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		for _, m := range named.FindAllSubmatch(b, -1) {
			found[string(m[1])+string(m[2])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for part, rows := range faults {
		for n := 1; n <= rows; n++ {
			if row := fmt.Sprint(part, n); !found[row] {
				t.Errorf("no test is named after %s", row)
			}
		}
	}
}
