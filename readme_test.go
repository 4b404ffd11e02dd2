package crossfade_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/freeport"
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

// The program of the README's first screen is built as it stands, and asked.
func TestReadmeProgram(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, program, ok := strings.Cut(string(readme), "```go\npackage main\n")
	program, _, closed := strings.Cut(program, "```\n")
	if !ok || !closed {
		t.Fatal("the README has no program")
	}
	address := "localhost:" + freeport.Get(t)
	const told = "localhost:8080"
	if strings.Count(program, told) != 1 {
		t.Fatalf("the program does not listen on %s", told)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.go": "package main\n" + strings.Replace(program, told, address, 1),
		"go.sum":  string(sums),
		"go.mod": "module hello\n\ngo 1.26\n\nrequire github.com/crossfade-go/crossfade v0.0.0\n\n" +
			"require github.com/julienschmidt/httprouter v1.3.0 // indirect\n\n" +
			"replace github.com/crossfade-go/crossfade => " + strconv.Quote(root) + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(dir, "hello.exe")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the program does not compile: %v\n%s", err, out)
	}
	service := exec.CommandContext(t.Context(), binary)
	var said strings.Builder
	service.Stderr = &said
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- service.Wait() }()
	for {
		res, err := http.Get("http://" + address + "/hello/Ada")
		if err != nil {
			select {
			case err := <-ended:
				t.Fatalf("the program has ended: %v\n%s", err, &said)
			case <-time.After(20 * time.Millisecond):
			}
			continue
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if got, want := string(body), `{"hello":"Ada"}`; err != nil || res.StatusCode != 200 || got != want {
			t.Errorf("%s %q, %v; want 200 %q", res.Status, got, err, want)
		}
		return
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
