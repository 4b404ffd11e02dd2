package crossfade_test

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// aboutTheRepository are the tests of the root that hold the repository to its word, and no source
// file: what is public, who imports whom, what the documents say.
var aboutTheRepository = []string{"api", "clock", "corpus", "imports", "links", "names", "pictures", "porting", "promises", "readme", "readmepair", "size"}

// byConvention are names that say in every package what is in the file.
var byConvention = []string{"example", "export", "fuzz", "main"}

// Who changes x.go finds its tests in x_test.go, and where they are many, or of a kind of their
// own, in x_kind_test.go beside it. A directory that has tests only is a suite, and its files are
// named after what they ask (internal/promises, internal/conformance).
func TestTestsAreNamedAfterTheirSource(t *testing.T) {
	sources, tests := map[string][]string{}, map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (slices.Contains([]string{"bench", "contrib", "examples", "tools", "testdata"}, d.Name()) || len(path) > 1 && path[0] == '.') {
			return fs.SkipDir
		}
		name, isGo := strings.CutSuffix(d.Name(), ".go")
		dir := filepath.ToSlash(filepath.Dir(path))
		if test, isTest := strings.CutSuffix(name, "_test"); isTest && isGo {
			tests[dir] = append(tests[dir], test)
		} else if isGo {
			sources[dir] = append(sources[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range slices.Sorted(maps.Keys(sources)) {
		if slices.Equal(sources[dir], []string{"doc"}) {
			continue // a suite that says what it is
		}
		known := slices.Concat(sources[dir], byConvention)
		if dir == "." {
			known = append(known, aboutTheRepository...)
		}
		for _, test := range tests[dir] {
			named := func(name string) bool { return test == name || strings.HasPrefix(test, name+"_") }
			if !slices.ContainsFunc(known, named) {
				t.Errorf("%s/%s_test.go: there is no %[2]s.go. Name the file after the source that it tests", dir, test)
			}
		}
	}
}
