package main

import (
	"bytes"
	"cmp"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// likeShape is the shape of the endpoint that walkthrough.diff moves.
func likeShape() string { return cmp.Or(os.Getenv("LIKE_SHAPE"), "reqres") }

// walkthrough.diff applies to the code as it is, and what comes out is formatted
// and passes the same tests: clients cannot tell that the endpoint has moved.
func TestWalkthrough(t *testing.T) {
	if testing.Short() {
		t.Skip("runs all the other tests, with -short")
	}
	diff, err := os.ReadFile("walkthrough.diff")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	module := filepath.Join(dir, "examples")
	if err := os.CopyFS(filepath.Join(module, "cocktails"), os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(module, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	command(t, dir, diff, "git", "apply", "-")
	for line := range strings.Lines(string(diff)) {
		if name, ok := strings.CutPrefix(line, "+++ b/"); ok {
			formatted(t, filepath.Join(dir, strings.TrimSpace(name)))
		}
	}
	command(t, module, nil, "go", "mod", "edit", "-replace", "github.com/crossfade-go/crossfade="+root)
	t.Setenv("LIKE_SHAPE", "fetch")
	command(t, module, nil, "go", "test", "-short", "./cocktails")
}

func command(t *testing.T, dir string, stdin []byte, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "PWD="+dir, "GOWORK=off")
	c.Stdin = bytes.NewReader(stdin)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
	}
}

func formatted(t *testing.T, file string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := format.Source(source)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, source) {
		t.Errorf("walkthrough.diff leaves %s badly formatted", file)
	}
}
