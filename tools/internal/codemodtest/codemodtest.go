// Package codemodtest runs the programs of this module on copies of packages, for tests.
package codemodtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// Run is a copy of packages inside the module, so that what they import is there. It goes with the
// test.
type Run struct {
	t      testing.TB
	Dir    string // of the copy
	module string
}

// Copy copies directories with their packages, each to one of its own name. Packages may import others
// of the same directory.
func Copy(t testing.TB, dirs ...string) *Run {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles what the programs write")
	}
	root := moduleDir()
	dir, err := os.MkdirTemp(filepath.Join(root, "internal", "codemodtest", "testdata"), "run")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := &Run{t: t, Dir: dir, module: root}
	for _, from := range dirs {
		r.copy(from)
	}
	return r
}

func (r *Run) copy(from string) {
	r.t.Helper()
	from, err := filepath.Abs(from)
	if err != nil {
		r.t.Fatal(err)
	}
	importPath := func(dir string) string {
		rel, err := filepath.Rel(r.module, dir)
		if err != nil {
			r.t.Fatal(err)
		}
		return `"github.com/crossfade-go/crossfade/tools/` + filepath.ToSlash(rel) + "/"
	}
	old, now := importPath(from), importPath(filepath.Join(r.Dir, filepath.Base(from)))
	err = filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Dir(from), path)
		r.Write(name, strings.ReplaceAll(string(text), old, now))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// Write writes a file of the copy.
func (r *Run) Write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// Read returns a file of the copy.
func (r *Run) Read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Dir, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// Files are all files of the copy, by their names.
func (r *Run) Files() map[string]string {
	r.t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(r.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(r.Dir, path)
		out[filepath.ToSlash(name)] = r.Read(name)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// Diagnostic is one line of the report of crossfade.
type Diagnostic struct {
	Category, Posn, Message string
}

// Report is what crossfade -json says of the copy, of all its analyzers.
func (r *Run) Report(flags ...string) []Diagnostic {
	r.t.Helper()
	out, errs, err := r.command(program("crossfade"), append(append([]string{"-json"}, flags...), r.packages())...)
	if err != nil {
		r.t.Fatalf("crossfade -json: %v\n%s%s", err, out, errs)
	}
	var byPackage map[string]map[string][]Diagnostic
	if err := json.Unmarshal([]byte(out), &byPackage); err != nil {
		r.t.Fatalf("crossfade -json: %v\n%s", err, out)
	}
	var all []Diagnostic
	for _, analyzers := range byPackage {
		for _, list := range analyzers {
			all = append(all, list...)
		}
	}
	return all
}

// Fix runs crossfade -fix on the copy, with further flags.
func (r *Run) Fix(flags ...string) (output string) {
	r.t.Helper()
	out, errs, err := r.command(program("crossfade"), append(append([]string{"-fix"}, flags...), r.packages())...)
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 3) {
		r.t.Fatalf("crossfade -fix: %v\n%s%s", err, out, errs)
	}
	return out + errs
}

// Generate runs crossfade-tests on the copy.
func (r *Run) Generate() string {
	r.t.Helper()
	out, errs, err := r.command(program("crossfade-tests"), r.packages())
	if err != nil {
		r.t.Fatalf("crossfade-tests: %v\n%s%s", err, out, errs)
	}
	return out
}

// Go runs the go command on the copy and returns what it says.
func (r *Run) Go(args ...string) (string, error) {
	r.t.Helper()
	out, errs, err := r.command("go", append(args, r.packages())...)
	return out + errs, err
}

// Clean fails the test if the copy does not compile, is not as gofmt writes it, or does not pass vet.
func (r *Run) Clean() {
	r.t.Helper()
	if out, err := r.Go("vet"); err != nil {
		r.t.Fatalf("go vet: %v\n%s", err, out)
	}
	if out, errs, err := r.command("gofmt", "-l", r.Dir); err != nil || out != "" {
		r.t.Errorf("gofmt -l: %v\n%s%s", err, out, errs)
	}
}

func (r *Run) packages() string {
	rel, err := filepath.Rel(r.module, r.Dir)
	if err != nil {
		r.t.Fatal(err)
	}
	return "./" + filepath.ToSlash(rel) + "/..."
}

func (r *Run) command(name string, args ...string) (stdout, stderr string, err error) {
	c := exec.Command(name, args...)
	c.Dir = r.module
	c.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	return out.String(), errs.String(), err
}

// moduleDir is the directory of this module.
func moduleDir() string {
	_, file, _, _ := runtime.Caller(0)
	if filepath.IsAbs(file) {
		return filepath.Dir(filepath.Dir(filepath.Dir(file)))
	}
	out, err := exec.Command("go", "env", "GOMOD").Output() // built with -trimpath
	if err != nil {
		panic(err)
	}
	return filepath.Dir(strings.TrimSpace(string(out)))
}

var (
	built  sync.Map
	binDir = sync.OnceValue(func() string {
		dir, err := os.MkdirTemp("", "crossfade-bin")
		if err != nil {
			panic(err)
		}
		return dir
	})
)

// Main runs the tests of a package and takes away the programs that were built for them.
func Main(m *testing.M) {
	code := m.Run()
	os.RemoveAll(binDir())
	os.Exit(code)
}

// program builds a program of this module, once.
func program(name string) string {
	build, _ := built.LoadOrStore(name, sync.OnceValue(func() string {
		path := filepath.Join(binDir(), name)
		c := exec.Command("go", "build", "-o", path, "./"+name)
		c.Dir = moduleDir()
		if out, err := c.CombinedOutput(); err != nil {
			panic(fmt.Sprintf("building %s: %v\n%s", name, err, out))
		}
		return path
	}))
	return build.(func() string)()
}
