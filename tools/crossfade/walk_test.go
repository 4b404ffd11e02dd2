package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// WALK.md moves the example service with the tools. Each step is a diff: it applies to what the step
// before has left, it is what the tool writes, and the tests of the service pass behind it.
func TestWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the example service and runs its tests")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("install git, which applies the diffs")
	}
	bin := filepath.Join(t.TempDir(), "crossfade")
	command(t, ".", nil, "go", "build", "-o", bin, ".")
	byTool, byDiff := service(t), service(t)

	report := command(t, byTool, nil, bin, "-tofetch", "./cocktails")
	report = regexp.MustCompile(`(?m)^.*/(\w+\.go)[:\d]*`).ReplaceAllString(report, "$1:")
	file(t, "report.txt", report)

	for _, step := range []struct {
		diff  string
		flags []string
	}{
		{"1-tofetch.diff", []string{"-tofetch"}},
		{"2-finish.diff", []string{"-finish", "-finish.plans=" + filepath.Join(byTool, "plans.json")}},
	} {
		plans, err := os.ReadFile(filepath.Join("walk", "plans.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(byTool, "plans.json"), plans, 0o644); err != nil {
			t.Fatal(err)
		}
		before := copied(t, byTool)
		command(t, byTool, nil, bin, append(append([]string{"-fix"}, step.flags...), "./cocktails")...)
		made := command(t, filepath.Dir(before), nil, "git", "diff", "--no-index", "--no-prefix", "--no-color", "before/cocktails", "after/cocktails")
		made = regexp.MustCompile(`(?m)^(diff --git|index) .*\n`).ReplaceAllString(made, "")
		made = strings.NewReplacer("--- before/", "--- a/examples/", "+++ after/", "+++ b/examples/").Replace(made)
		if os.Getenv("CROSSFADE_UPDATE") != "" {
			file(t, step.diff, made)
		}
		diff, err := os.ReadFile(filepath.Join("walk", step.diff))
		if err != nil {
			t.Fatal(err)
		}
		command(t, byDiff, diff, "git", "apply", "-p2", "-C1", "-")
		if diff := cmp.Diff(files(t, byTool), files(t, byDiff)); diff != "" {
			t.Errorf("%s is not what the tool writes (-tool +diff):\n%s", step.diff, diff)
		}
		// TestBanner prints the shapes of the routes, TestWalkthrough moves one of them by hand.
		command(t, byDiff, nil, "go", "vet", "./cocktails")
		command(t, byDiff, nil, "go", "test", "-short", "-skip", "TestBanner|TestWalkthrough", "./cocktails")
	}
}

// service is a copy of the module of the examples with the one service.
func service(t *testing.T) string {
	t.Helper()
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "after")
	if err := os.CopyFS(filepath.Join(dir, "cocktails"), os.DirFS(filepath.Join(examples, "cocktails"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	command(t, dir, nil, "go", "mod", "edit", "-replace", "github.com/crossfade-go/crossfade="+filepath.Dir(examples))
	return dir
}

// copied copies a directory beside itself, to one that is called before.
func copied(t *testing.T, dir string) string {
	t.Helper()
	before := filepath.Join(filepath.Dir(dir), "before")
	if err := os.RemoveAll(before); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(before, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return before
}

// files are the Go files of the service.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "cocktails", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(text)
	}
	return out
}

// file compares with a file of the walk, or writes it where CROSSFADE_UPDATE is set.
func file(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("walk", name)
	if os.Getenv("CROSSFADE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (CROSSFADE_UPDATE=1 go test ./crossfade writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; CROSSFADE_UPDATE=1 writes it):\n%s", path, diff)
	}
}

// command runs a command; 1 and 3 are what diffs and reports end with.
func command(t *testing.T, dir string, stdin []byte, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	c.Stdin = bytes.NewReader(stdin)
	out, err := c.CombinedOutput()
	reports := name != "go" && len(args) > 0 && args[0] != "apply"
	if exit, ok := err.(*exec.ExitError); err != nil && !(ok && reports && (exit.ExitCode() == 1 || exit.ExitCode() == 3)) {
		t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
	}
	return string(out)
}
