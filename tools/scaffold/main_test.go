package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/crossfade-go/crossfade/internal/freeport"
)

// projects are the archives in testdata.
var projects = []string{"next", "express", "translate", "translate-express", "odd"}

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

// Each project has a folder beside its archive with the files that are written of it, and with the output of the command
// in said.txt. A second run adds nothing.
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

// The written packages compile, and their own tests pass.
func TestGenerated(t *testing.T) {
	args := []string{"test"}
	for _, name := range projects {
		args = append(args, "./testdata/"+name)
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// Files that serve the same requests are reported, all of them, and nothing is written.
func TestCollisions(t *testing.T) {
	golden, err := filepath.Abs("testdata/collision.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := archive(t, "collision")
	t.Chdir(t.TempDir())
	unpack(t, a, "project")
	status, said := scaffold(t, "-o", "api", "./project")
	if *update {
		if err := os.WriteFile(golden, []byte(said), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), said); status != 1 || diff != "" {
		t.Errorf("exit status %d, want 1; -want +got:\n%s", status, diff)
	}
	if _, err := os.Stat("api"); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
}

// A later run adds what is new, to files that a person has changed too, and changes nothing else.
func TestGrowth(t *testing.T) {
	dir, err := os.MkdirTemp("testdata", "grown") // in a module, so that it can be built
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	project := t.TempDir()
	put := func(name, text string) {
		unpack(t, &txtar.Archive{Files: []txtar.File{{Name: name, Data: []byte(text)}}}, project)
	}
	put("app/items/route.ts", "export function GET() { return Response.json([]); }")
	put("pages/api/a.ts", "export default (req, res) => res.json(db());")
	if status, said := scaffold(t, "-o", dir, project); status != 0 {
		t.Fatal(said)
	}
	edit := func(name, old, new string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%s has no %q: %v", name, old, err)
		}
		unpack(t, &txtar.Archive{Files: []txtar.File{{Name: name, Data: []byte(strings.Replace(string(text), old, new, 1))}}}, dir)
	}
	edit("routes.go", `old.Migrate("ANY", "/api/a", adapt.ToFetch(serveA))`, `old.Moved("ANY", "/api/a", adapt.ToFetch(serveA))`)
	edit("pages_api_a_handlers.go", "return reqres.Errorf(501, \"%s is not ported: %w\", \"pages/api/a.ts\", migrate.ErrDecline)", "_ = migrate.ErrDecline\n\treturn res.JSON(1)")
	edit("app_items_route_handlers.go", "// getItems answers", "func postItems() {} // of a person\n\n// getItems answers")
	edit("README.md", "## What is left", "## What is left to us")
	before := tree(t, dir)

	put("app/items/route.ts", "export function GET() { return Response.json([]); }\nexport function POST() { return Response.json(1, { status: 201 }); }")
	put("pages/api/b/[id].ts", "export default (req, res) => res.json({ id: req.query.id });")
	put("next.config.js", "module.exports = { redirects: () => [{ source: '/c', destination: '/d', permanent: true }] };")
	status, said := scaffold(t, "-o", dir, project)
	if status != 0 || !strings.Contains(said, "5 endpoints") && !strings.Contains(said, "4 endpoints, 2 of them new") {
		t.Errorf("exit status %d: %s", status, said)
	}
	after := tree(t, dir)
	for name, text := range before {
		if name == "scaffold.json" {
			continue
		}
		for line := range strings.Lines(text) {
			if !strings.Contains(after[name], line) {
				t.Errorf("%s has lost the line %q", name, line)
			}
		}
	}
	for name, want := range map[string]string{
		"routes.go":                    `old.Migrate("POST", "/items", postItems2)`,
		"app_items_route_handlers2.go": "func postItems2(",
		"pages_api_b_id_handlers.go":   "func serveBID(",
		"endpoints.go":                 `Pattern: "/api/b/[id]"`,
		"redirects.go":                 "redirectC",
		"README.md":                    "## Found by a later run",
	} {
		if !strings.Contains(after[name], want) {
			t.Errorf("%s lacks %q:\n%s", name, want, after[name])
		}
	}
	if !strings.Contains(said, "app/items/route.ts: has changed since") {
		t.Errorf("it does not say that a file has changed: %s", said)
	}
	if out, err := exec.Command("go", "vet", "./"+dir).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if status, said := scaffold(t, "-o", dir, project); status != 0 || !strings.HasSuffix(said, "nothing to add\n") {
		t.Errorf("a third run: exit status %d: %s", status, said)
	}

	edit("routes.go", "\t// scaffold: what is new goes above this line\n", "")
	put("pages/api/e.ts", "export default (req, res) => res.json({});")
	if status, said := scaffold(t, "-o", dir, project); status != 0 || !strings.Contains(said, `old.Migrate("ANY", "/api/e", adapt.ToFetch(serveE))`) {
		t.Errorf("without the mark it does not say what to paste: exit status %d: %s", status, said)
	}
}

// A service that was written runs at once, in front of Node; at the stage live it answers what is translated, and Node the
// rest.
func TestStart(t *testing.T) {
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "node "+r.Method+" "+r.URL.RequestURI())
	}))
	defer node.Close()
	program := filepath.Join(t.TempDir(), "next")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/next").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for stage, want := range map[string]map[string]string{
		"old":  {"/api/hello": "node GET /api/hello", "/api/users/1": "node GET /api/users/1", "/page": "node GET /page", "/go/x": "node GET /go/x"},
		"live": {"/api/hello": `{"name":"John Doe"}`, "/api/users/1": "node GET /api/users/1", "/page": "node GET /page", "/cart": "node GET /cart"},
	} {
		address := "127.0.0.1:" + freeport.Get(t)
		ctx, stop := context.WithCancel(t.Context())
		service := exec.CommandContext(ctx, program, "-listen", address, "-node", node.URL, "-stage", stage)
		var log bytes.Buffer
		service.Stderr = &log
		if err := service.Start(); err != nil {
			t.Fatal(err)
		}
		for path, body := range want {
			if got := get(t, "http://"+address+path); got != body {
				t.Errorf("at stage %s, %s: %q, want %q", stage, path, got, body)
			}
		}
		stop()
		service.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	}
}

// get asks until somebody listens.
func get(t *testing.T, url string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(url)
		if err != nil {
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
			continue
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// A wrong argument is reported, and is not a panic.
func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 2, "usage: scaffold"},
		{[]string{"-x"}, 2, "flag provided but not defined"},
		{[]string{"nowhere"}, 2, "nowhere is not a folder"},
		{[]string{"."}, 1, "no endpoint was found"},
		{[]string{"-h"}, 2, "usage: scaffold"},
	} {
		if status, said := scaffold(t, c.args...); status != c.status || !strings.Contains(said, c.want) {
			t.Errorf("%q: %d %q, want %d and %q", c.args, status, said, c.status, c.want)
		}
	}
	unpack(t, &txtar.Archive{Files: []txtar.File{
		{Name: "p/pages/api/a.js", Data: []byte("export default (req, res) => res.end();")},
		{Name: "taken/main.go", Data: []byte("package main\n")},
		{Name: "broken/scaffold.json", Data: []byte("{")},
	}}, ".")
	for dir, want := range map[string]string{"taken": "has a main.go that this tool has not written", "broken": "cannot be read"} {
		if status, said := scaffold(t, "-o", dir, "p"); status != 1 || !strings.Contains(said, want) {
			t.Errorf("into %s: %d %q, want 1 and %q", dir, status, said, want)
		}
	}
	if status, said := scaffold(t, "p"); status != 0 || !strings.Contains(said, "1 endpoints") {
		t.Errorf("a report alone: %d %q", status, said)
	}
	if status, said := scaffold(t, "-o", "new", "-module", "example.com/new", "-crossfade", "lib", "p"); status != 0 {
		t.Errorf("a module of its own: %d %q", status, said)
	}
	mod, err := os.ReadFile("new/go.mod")
	if err != nil || !strings.Contains(string(mod), "module example.com/new\n") || !strings.Contains(string(mod), "replace github.com/crossfade-go/crossfade => ") {
		t.Errorf("go.mod: %v %s", err, mod)
	}
}
