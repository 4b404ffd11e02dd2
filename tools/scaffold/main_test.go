package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// projects are the archives in testdata.
var projects = []string{"next", "express", "translate", "translate-express"}

var update = flag.Bool("update", false, "write testdata anew")

// unpack writes the files of an archive to a folder.
func unpack(t *testing.T, archive *txtar.Archive, dir string) {
	t.Helper()
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func archive(t *testing.T, name string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// tree is the files of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, readErr := os.ReadFile(path)
			rel, _ := filepath.Rel(dir, path)
			files[filepath.ToSlash(rel)] = string(text)
			err = readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// scaffold runs the command and returns its exit status and what it says.
func scaffold(t *testing.T, args ...string) (status int, said string) {
	t.Helper()
	var out bytes.Buffer
	status = run(args, &out, &out)
	return status, out.String()
}

// What is written of each project is in a folder beside its archive, with what the command says in said.txt. A second run
// adds nothing.
func TestGolden(t *testing.T) {
	for _, name := range projects {
		t.Run(name, func(t *testing.T) {
			golden, err := filepath.Abs(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			a := archive(t, name)
			t.Chdir(t.TempDir())
			unpack(t, a, "project")
			if err := os.WriteFile("go.mod", []byte("module around\n"), 0o666); err != nil { // so that none is written
				t.Fatal(err)
			}
			status, said := scaffold(t, "-o", name, "./project")
			if status != 0 {
				t.Fatalf("exit status %d: %s", status, said)
			}
			got := tree(t, name)
			got["said.txt"] = said
			if *update {
				if err := os.RemoveAll(golden); err != nil {
					t.Fatal(err)
				}
				for file, text := range got {
					unpack(t, &txtar.Archive{Files: []txtar.File{{Name: file, Data: []byte(text)}}}, golden)
				}
			}
			if diff := cmp.Diff(tree(t, golden), got); diff != "" {
				t.Errorf("go test ./scaffold -run Golden -update writes it anew; -want +got:\n%s", diff)
			}
			status, said = scaffold(t, "-o", name, "./project")
			if status != 0 || !strings.HasSuffix(said, "nothing to add\n") {
				t.Errorf("a second run: exit status %d, %q", status, said)
			}
			delete(got, "said.txt")
			if diff := cmp.Diff(got, tree(t, name)); diff != "" {
				t.Errorf("a second run changes files: -first +second:\n%s", diff)
			}
		})
	}
}

// What is written compiles, is vetted, and its own tests pass.
func TestGenerated(t *testing.T) {
	args := []string{"test"}
	for _, name := range projects {
		args = append(args, "./testdata/"+name)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
