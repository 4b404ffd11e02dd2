package openapi_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/openapi"
	"github.com/crossfade-go/crossfade/fetch"
)

// The committed client is what the table says.
func TestTypeScript(t *testing.T) {
	openapi.Check(t, newService(t), "testdata/api.ts")
}

// node is a directory with the packages of .ci/services/typescript.sh.
func node(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CROSSFADE_TYPESCRIPT")
	if dir == "" {
		t.Skip("needs Node and npm: npm ci --prefix testdata/node, and CROSSFADE_TYPESCRIPT=$PWD/testdata/node")
	}
	return dir
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = "testdata"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// tsc compiles the client with all that is strict, and with use.ts, in which each wrong use is
// marked as one: where it compiled, the mark would be the error. The result then calls the service
// from Node.
func TestNode(t *testing.T) {
	dir, out := node(t), t.TempDir()
	s := httptest.NewServer(newService(t))
	defer s.Close()
	run(t, "node", filepath.Join(dir, "node_modules/typescript/bin/tsc"), "--strict", "--noUnusedLocals", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noPropertyAccessFromIndexSignature",
		"--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", "--outDir", out, "use.ts")
	if err := os.WriteFile(filepath.Join(out, "package.json"), []byte(`{"type":"module"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, "node", filepath.Join(out, "use.js"), s.URL)
}

// The client of a table in which nothing is raw compiles as well, and so does a type of which nothing
// is shown.
func TestNodeCompilesAnyTable(t *testing.T) {
	dir, out := node(t), t.TempDir()
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/", fetch.Typed(func(context.Context, struct{}) (anotherNode, error) { return anotherNode{}, nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	ts, err := openapi.TypeScript(mux)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(out, "api.ts")
	if err := os.WriteFile(file, ts, 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, "node", filepath.Join(dir, "node_modules/typescript/bin/tsc"), "--strict", "--noEmit", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", file)
}

// A validator of another language accepts the document.
func TestNodeAcceptsTheDocument(t *testing.T) {
	dir := node(t)
	script := `import(process.argv[1]).then(m => m.default.validate(process.argv[2])).then(d => console.log(Object.keys(d.paths).length), e => { console.error(e.message ?? e); process.exit(1) })`
	out, err := exec.Command("node", "-e", script, filepath.Join(dir, "node_modules/@apidevtools/swagger-parser/lib/index.js"), "testdata/openapi.json").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := string(bytes.TrimSpace(out)); n == "0" || n == "" {
		t.Errorf("it has seen %q paths", n)
	}
}
