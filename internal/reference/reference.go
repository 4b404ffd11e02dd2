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
