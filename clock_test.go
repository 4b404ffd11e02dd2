package crossfade_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is decided by time is decided by the monotonic clock, so that a wall clock that jumps
// changes nothing: times are subtracted as they came from time.Now, and never as Unix times, which
// have lost the monotonic reading. These files put a time into something that is sent or shown.
var wallClocks = []string{"adapt/dashboard/watch.go", "adapt/parity/grammar.go", "internal/cookie/write.go", "reqres/sendfile.go"}

func TestWallClockDecidesNothing(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		slashed := filepath.ToSlash(path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"bench", "contrib", "examples", "simulate", "tools", "testdata"}, d.Name()) || len(path) > 1 && path[0] == '.'):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || slices.Contains(wallClocks, slashed):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				switch s.Sel.Name {
				case "Unix", "UnixMilli", "UnixMicro", "UnixNano":
					t.Errorf("%s: %s takes the monotonic reading off a time; subtract times as time.Now has returned them", slashed, s.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
