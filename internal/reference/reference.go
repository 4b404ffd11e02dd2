// Package reference reads the reference cases: what Express, Next.js, the Fetch Standard and
// jub0bs/cors answer, and what other implementations have computed. They stand once, in
// internal/conformance/testdata, whose README says where each comes from; the tests of every
// package read them from there.
package reference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Read decodes a file of internal/conformance/testdata, as "express/res.send.json", into the value
// that into points to.
func Read(t testing.TB, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// root returns the folder of the cases, above which a test runs in the folder of its package.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		cases := filepath.Join(dir, "internal", "conformance", "testdata")
		if _, err := os.Stat(cases); err == nil {
			return cases
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("internal/conformance/testdata is in no folder above this test")
	}
}

// Cases returns the cases of a file, an object with a list of that name, of which there must be
// some.
func Cases[T any](t testing.TB, file string) []T {
	t.Helper()
	var content struct{ Cases []T }
	Read(t, file, &content)
	if len(content.Cases) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	return content.Cases
}
