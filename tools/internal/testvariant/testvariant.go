// Package testvariant tells two views of one package apart: alone, and together with its tests. The
// go command hands both to an analyzer where a package has tests of its own.
package testvariant

import (
	"flag"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Follows reports whether the package is analyzed once more, together with its tests. That view sees
// everything that this one sees, and what the tests use besides, so it alone is to report. It is not
// there where -test=false is given, or where files are named instead of packages.
func Follows(pass *analysis.Pass) bool {
	if f := flag.Lookup("test"); f != nil && f.Value.String() == "false" || pass.Pkg.Path() == "command-line-arguments" {
		return false
	}
	dir := ""
	for _, f := range pass.Files {
		name := pass.Fset.File(f.Pos()).Name()
		if strings.HasSuffix(name, "_test.go") {
			return false
		}
		dir = filepath.Dir(name)
	}
	tests, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return slices.ContainsFunc(tests, func(name string) bool {
		if slices.Contains(pass.IgnoredFiles, name) { // by build constraints
			return false
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		return err == nil && f.Name.Name == pass.Pkg.Name()
	})
}
