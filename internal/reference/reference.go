// Package reference reads the reference cases that a package's tests keep in
// testdata.
package reference

import (
	"encoding/json"
	"os"
	"testing"
)

// Read decodes testdata/file into the value that into points to.
func Read(t testing.TB, file string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// Cases returns the cases of testdata/file, an object with a list of that name,
// of which there must be some.
func Cases[T any](t testing.TB, file string) []T {
	t.Helper()
	var content struct{ Cases []T }
	Read(t, file, &content)
	if len(content.Cases) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	return content.Cases
}
