package crossfade_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The arrows between the packages: fetch and reqres never import each other nor anything above
// them, only adapt imports httprouter, and of the internal packages only rollout, which runs both
// sides of a migration, knows the public ones; nobody but adapt imports it.
func TestImports(t *testing.T) {
	const module = "github.com/crossfade-go/crossfade"
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string][]string{
		"":                          {"/internal/"},
		"/fetch":                    {"/internal/"},
		"/reqres":                   {"/internal/"},
		"/cors":                     {"/fetch", "/reqres", "/internal/"},
		"/cors/corstest":            {"/cors", "/internal/"},
		"/adapt":                    {"/fetch", "/reqres", "/cors", "/adapt/migrate", "/adapt/parity", "/internal/", "/internal/rollout", "/internal/rollout/fleet", "github.com/julienschmidt/httprouter"},
		"/adapt/migrate":            {"/adapt/parity", "/internal/"},
		"/adapt/migrate/sourcetest": {"/adapt/migrate", "/internal/"},
		"/adapt/parity":             {"/internal/"},
		"/adapt/dashboard":          {"/adapt", "/adapt/migrate", "/adapt/parity", "/internal/", "/internal/rollout/fleet"},
		"/adapt/ratchet":            {"/adapt", "/internal/"},
		"/adapt/origin":             {"/adapt", "/adapt/migrate", "/adapt/parity", "/fetch", "/internal/"},
		// what the suites over real servers share: nothing but tests imports it
		"/internal/promises/served": {"/adapt", "/adapt/migrate", "/fetch", "/reqres", "/internal/"},
		"/internal/rollout/fleet":   {"/adapt/migrate", "/internal/"},
		"/internal/rollout":         {"/fetch", "/reqres", "/adapt/migrate", "/adapt/parity", "/internal/"},
		"/adapt/paritytest":         {"/adapt", "/adapt/parity", "/adapt/migrate", "/fetch", "/reqres", "/internal/"},
	}
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		pkg = strings.TrimPrefix(pkg, module)
		rules, known := allowed[pkg]
		if !known && strings.HasPrefix(pkg, "/internal/") {
			rules, known = []string{"/internal/"}, true
		}
		if !known {
			t.Errorf("package %s is not in the map of this test: which packages may it import?", pkg)
			continue
		}
		for imp := range strings.FieldsSeq(imports) {
			short, ours := strings.CutPrefix(imp, module)
			if !ours && !strings.Contains(imp, ".") {
				continue // the standard library
			}
			ok := short == "" // the root: the words that all share
			for _, rule := range rules {
				ok = ok || short == rule || strings.HasSuffix(rule, "/") && strings.HasPrefix(short, rule) && !strings.HasPrefix(short, "/internal/rollout")
			}
			if !ok {
				t.Errorf("%s imports %s, which it may not", pkg, imp)
			}
		}
	}
}
