package tofetch_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { codemodtest.Main(m) }

// Of each corpus at least nine in ten are converted, what is not is refused for a reason that stands
// in a file, and what is converted compiles at once and answers as its original does.
func TestCorpora(t *testing.T) {
	for _, corpus := range []string{"express", "pages"} {
		t.Run(corpus, func(t *testing.T) {
			dir := filepath.Join("testdata", corpus)
			r := codemodtest.Copy(t, dir)

			var refused []string
			converted, routes := 0, 0
			for _, d := range r.Report() {
				switch d.Category {
				case "converted":
					converted++
				case "refused":
					refused = append(refused, strings.ReplaceAll(d.Message, r.Dir, ""))
				case "route":
					routes++
				}
			}
			slices.Sort(refused)
			if share := float64(converted) / float64(converted+len(refused)); share < 0.9 {
				t.Errorf("%d are converted and %d not, which is %.0f %%: want 90 %%", converted, len(refused), 100*share)
			}
			golden(t, filepath.Join(dir, "refused.txt"), strings.Join(refused, "\n")+"\n")
			t.Logf("%d converted, %d refused, %d routes keep their one side", converted, len(refused), routes)

			before := r.Files()
			r.Fix()
			onlyAdds(t, before, r.Files())

			once := r.Files()
			r.Fix()
			if diff := cmp.Diff(once, r.Files()); diff != "" {
				t.Errorf("a second run changes something (-once +twice):\n%s", diff)
			}

			t.Log(r.Generate())
			r.Clean()
			tests := r.Files()
			r.Generate()
			if diff := cmp.Diff(tests, r.Files()); diff != "" {
				t.Errorf("a second run changes the tests (-once +twice):\n%s", diff)
			}
			if out, err := r.Go("test"); err != nil {
				t.Fatalf("what is converted does not answer as its original does: %v\n%s", err, out)
			}

			if corpus == "express" {
				mutate(t, r)
			}
		})
	}
}

// A whole service: of the port in examples/conduit every handler is converted, and its collection
// holds at every stage of what is written, and when nothing but the new side is left.
func TestConduit(t *testing.T) {
	r := codemodtest.Copy(t)
	files, err := filepath.Glob("../../../examples/conduit/*")
	if err != nil {
		t.Fatal(err)
	}
	collection, err := filepath.Glob("../../../examples/conduit/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, collection...) {
		name := filepath.Base(path)
		switch {
		case filepath.Ext(name) == ".txt":
			name = "testdata/" + name
		case filepath.Ext(name) != ".go" || name == "routes.go" || strings.HasSuffix(name, "_fetch.go"):
			continue // the new side, as it stands in the example
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r.Write("conduit/"+name, string(text))
	}
	// Its test asks for each step by name; here one becomes the next.
	r.Write("conduit/steps.go", "package main\n\nimport \"github.com/crossfade-go/crossfade/adapt\"\n\n"+
		"func (a *app) moving(r *adapt.Routes) { a.ported(r) }\n\nfunc (a *app) moved(r *adapt.Routes) { a.ported(r) }\n")

	converted := 0 // each once, although the package is also analyzed with its tests
	for _, d := range r.Report("-tofetch") {
		switch d.Category {
		case "converted":
			converted++
		case "refused", "route":
			t.Error(d.Message)
		}
	}
	if converted != 20 {
		t.Errorf("%d handlers are converted, want 20", converted)
	}
	r.Fix("-tofetch")
	if out, err := r.Go("test"); err != nil {
		t.Fatalf("the collection does not hold for what is converted: %v\n%.4000s", err, out)
	}
	r.Fix("-finish", "-finish.routes=all")
	for name, text := range r.Files() {
		if strings.Contains(text, `/reqres"`) || strings.Contains(text, "r.Migrate(") {
			t.Errorf("%s still has an old side", name)
		}
	}
	if out, err := r.Go("test"); err != nil {
		t.Fatalf("the collection does not hold for what is left: %v\n%.4000s", err, out)
	}
}

// onlyAdds fails the test where a line of an old handler has gone: lines of routes change, and nothing
// else.
func onlyAdds(t *testing.T, before, after map[string]string) {
	t.Helper()
	change := regexp.MustCompile(`ReqRes|plain\.`)
	for name, old := range before {
		now := strings.Split(after[name], "\n")
		for line := range strings.Lines(old) {
			line = strings.TrimSuffix(line, "\n")
			i := slices.IndexFunc(now, func(l string) bool { return strings.TrimSpace(l) == strings.TrimSpace(line) })
			switch {
			case i >= 0:
				now = now[i+1:]
			case !change.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(line), "{\"") && strings.Trim(line, "\t})") != "":
				t.Errorf("%s has lost the line %q", name, line)
			}
		}
	}
}

// mutate breaks what was converted, each time in one way, and sees the tests fail.
func mutate(t *testing.T, r *codemodtest.Run) {
	full := os.Getenv("CROSSFADE_FULL") != ""
	for _, m := range []struct{ rule, old, new string }{
		{"a status", "fetch.Status(404)", "fetch.Status(410)"},
		{"a content type", "fetch.HTML(", "fetch.Text("},
		{"a header", `fetch.SetHeader("`, `fetch.SetHeader("X-`},
		{"an error that loses its headers", "crossfade.WithHeader(err, ", "crossfade.WithHeader(nil, "},
	} {
		files := r.Files()
		broken := 0
		for name, text := range files {
			if strings.HasSuffix(name, "_test.go") || !strings.Contains(text, m.old) {
				continue
			}
			broken++
			r.Write(name, strings.Replace(text, m.old, m.new, 1))
		}
		if broken == 0 {
			continue
		}
		if !full && m.rule != "a header" {
			for name, text := range files {
				r.Write(name, text)
			}
			continue
		}
		if out, err := r.Go("test"); err == nil {
			t.Errorf("%s is wrong in %d files, and no test fails:\n%s", m.rule, broken, out)
		}
		for name, text := range files {
			r.Write(name, text)
		}
	}
}

// golden compares with a file, or writes it where CROSSFADE_UPDATE is set.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("CROSSFADE_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (CROSSFADE_UPDATE=1 go test ./internal/tofetch writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; CROSSFADE_UPDATE=1 writes it):\n%s", path, diff)
	}
}
