package finish_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { codemodtest.Main(m) }

// A service goes from the mutable shape to the end of its migration, and each step is as it stands
// in a file. What is said to be new is finished, what is not stays, and a second run changes
// nothing.
func TestSteps(t *testing.T) {
	r := codemodtest.Copy(t, filepath.Join("testdata", "cafe"))
	step := func(name string, flags ...string) {
		t.Helper()
		for range 2 {
			r.Fix(flags...)
			golden(t, filepath.Join("testdata", name+".golden"), r.Read("cafe/cafe.go"))
		}
		r.Clean()
	}
	step("tofetch", "-tofetch")
	r.Generate()
	if out, err := r.Go("test"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	step("finish-code", "-finish")
	r.Write("plans.json", `{"version": 3, "pairs": {"POST /orders/:drink": {"plan": {"stage": "new"}}, "GET /nowhere": {"plan": {"stage": "old"}}}}`)
	step("finish-plans", "-finish", "-finish.plans="+filepath.Join(r.Dir, "plans.json"))
	if left := r.Read("cafe/crossfade_parity_test.go"); strings.Contains(left, "func Test") {
		t.Errorf("tests of what has gone are left:\n%s", left)
	}
}

// A whole corpus is finished at once: it compiles, and only what is still used is left of the
// mutable shape.
func TestCorpus(t *testing.T) {
	r := codemodtest.Copy(t, filepath.Join("..", "tofetch", "testdata", "express"))
	r.Fix("-tofetch")
	r.Generate()
	r.Fix("-finish", "-finish.routes=all")
	r.Clean()
	once := r.Files()
	r.Fix("-finish", "-finish.routes=all")
	if diff := cmp.Diff(once, r.Files()); diff != "" {
		t.Errorf("a second run changes something (-once +twice):\n%s", diff)
	}
	for name, text := range once {
		for _, gone := range []string{"listBooksFetch", "func TestParityGetBooks(", "handler reqres.Handler", "handlerFetch", "staticFetch"} {
			if strings.Contains(text, gone) {
				t.Errorf("%s still has %s…", name, gone)
			}
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
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (CROSSFADE_UPDATE=1 go test ./internal/finish writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; CROSSFADE_UPDATE=1 writes it):\n%s", path, diff)
	}
}
