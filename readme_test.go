package crossfade_test

import (
	"os"
	"strings"
	"testing"
)

// The collision report of the README is the output of Example_collision.
func TestReadmeCollision(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "func Example_collision() {")
	_, rest, _ = strings.Cut(rest, "// Output:\n")
	output, _, ok := strings.Cut(rest, "}\n")
	if !ok {
		t.Fatal("example_test.go has no Example_collision with an output")
	}
	var report strings.Builder
	for line := range strings.Lines(output) {
		report.WriteString(strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(line, "\t"), "//"), " "))
	}
	checkReadme(t, "collision", "```\n"+strings.TrimRight(report.String(), "\n")+"\n```\n")
}

// The two handlers of the README are those of example_test.go.
func TestReadmeCode(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for block := range strings.SplitSeq(string(readme), "```go\n") {
		code, _, ok := strings.Cut(block, "```\n")
		if !ok || !strings.HasPrefix(code, "func ") {
			continue
		}
		n++
		if !strings.Contains(string(source), code) {
			t.Errorf("the README has code that example_test.go does not run:\n%s", code)
		}
	}
	if n != 2 {
		t.Errorf("%d handlers found in the README, want 2", n)
	}
}

// The walk-through of the README is the diff that the example's tests apply.
func TestReadmeWalkthrough(t *testing.T) {
	diff, err := os.ReadFile("examples/cocktails/walkthrough.diff")
	if err != nil {
		t.Fatal(err)
	}
	checkReadme(t, "walkthrough", "```diff\n"+string(diff)+"```\n")
}
