// Package paritygen writes a paritytest for each route that has both sides.
//
// The tests are written once and are yours from then on: a run adds those that are missing, by their
// names, and changes no other. So requests can be added to them by hand.
package paritygen

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/crossfade-go/crossfade/tools/internal/tofetch"
)

// Files are the tests and what they stand on, by their names in the directory of the package.
const (
	TestFile  = "crossfade_parity_test.go"
	SetupFile = "crossfade_setup_test.go"
)

// Package is a package to be tested.
type Package struct {
	Name, Dir string
	Pairs     []tofetch.Pair
	Makers    map[string]Maker // by type
}

// Maker is a function without parameters that makes a value of a type.
type Maker struct {
	Name  string
	Seeds []string // the texts in it
}

// Write adds the tests that a package lacks. It returns the number of those that it has added.
func Write(p Package) (added int, err error) {
	known, err := declared(p.Dir)
	if err != nil {
		return 0, err
	}
	tests := &file{path: filepath.Join(p.Dir, TestFile), name: p.Name,
		about:   "// A test for each route that has both sides, written by crossfade-tests. The requests are made of what\n// the handlers read. Add your own: a later run adds tests and changes none.\n",
		imports: map[string]string{"testing": "testing", paritytestPath: "paritytest", fetchPath: "fetch"}}
	setup := &file{path: filepath.Join(p.Dir, SetupFile), name: p.Name,
		about:   "// What the tests of crossfade-tests stand on. Say here how the service is made new for each call.\n",
		imports: map[string]string{"testing": "testing"}}
	taken := map[string]int{}
	for _, pair := range p.Pairs {
		if pair.Pattern == "" || pair.Method == "" {
			continue
		}
		name := testName(pair, taken)
		if known[name] {
			continue
		}
		known[name] = true
		added++
		tests.add(p.test(name, pair))
		maps.Copy(tests.imports, pair.Imports)
		tests.imports[reqresPath] = "reqres"
		if len(pair.Uses) > 0 {
			tests.imports[adaptPath] = "adapt"
		}
		for _, r := range pair.Receivers {
			_, t, _ := strings.Cut(r, " ")
			if f := setupName(t); !known[f] {
				known[f] = true
				maps.Copy(setup.imports, pair.Imports)
				setup.add(maker(f, t, made(pair.Made[r], p.Makers[t].Name)))
			}
		}
	}
	if added > 0 && !known["runParity"] {
		setup.add(run)
		maps.Copy(setup.imports, map[string]string{paritytestPath: "paritytest", adaptPath: "adapt", reqresPath: "reqres", "log/slog": "slog"})
	}
	for _, f := range []*file{setup, tests} {
		if err := f.write(); err != nil {
			return added, err
		}
	}
	return added, nil
}

const (
	rootPath       = "github.com/crossfade-go/crossfade"
	reqresPath     = rootPath + "/reqres"
	fetchPath      = rootPath + "/fetch"
	adaptPath      = rootPath + "/adapt"
	paritytestPath = adaptPath + "/paritytest"
)

// run asks the old side first, which is right. What guards refuse does not reach it, and is compared
// as whole services are.
const run = `// runParity runs a test. The old side is right: an answer of 500 or above that it gives is meant.
// Requests that are refused before they reach it are compared as well, over real connections.
func runParity(t *testing.T, test paritytest.Test) {
	t.Helper()
	reached := false
	service := func(register func(*adapt.Routes)) *adapt.Mux {
		mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
			if test.Use != nil {
				test.Use(r)
			}
			register(r)
		})
		if err != nil {
			t.Fatal(err)
		}
		return mux
	}
	old := service(func(r *adapt.Routes) {
		r.ReqRes.On(test.Method, test.Pattern, func(req *reqres.Request, res *reqres.Response) error {
			reached = true
			return test.Old(req, res)
		})
	})
	next := service(func(r *adapt.Routes) { r.Fetch.On(test.Method, test.Pattern, test.Next) })
	refused := paritytest.Servers{Old: old, Next: next, Reset: test.Reset}
	requests := test.Requests
	test.Requests = nil
	for _, r := range requests {
		req, err := r.Clone()
		if err != nil {
			t.Fatal(err)
		}
		if test.Reset != nil {
			test.Reset(t)
		}
		reached = false
		if res, err := old.Fetch(req); err == nil && res.Status() >= 500 {
			test.Meant, refused.Meant = append(test.Meant, res.Status()), append(refused.Meant, res.Status())
		}
		if reached {
			test.Requests = append(test.Requests, r)
		} else {
			refused.Requests = append(refused.Requests, r)
		}
	}
	if len(refused.Requests) > 0 {
		refused.Run(t)
	}
	test.Run(t)
}
`

// made returns the expression that makes a value: as the service does, or by a function of the
// package.
func made(as, by string) string {
	if as == "" && by != "" {
		return by + "()"
	}
	return as
}

// maker returns the function that makes what handlers are methods of, or are given.
func maker(name, t, by string) string {
	switch {
	case by != "":
	case strings.HasPrefix(t, "*"):
		by = "new(" + t[1:] + ")"
	default:
		return fmt.Sprintf("// %s makes the %s that handlers need, with the state that a test begins with.\nfunc %s() (v %s) { return v }\n", name, t, name, t)
	}
	return fmt.Sprintf("// %s makes the %s that handlers need, with the state that a test begins with.\nfunc %s() %s { return %s }\n", name, t, name, t, by)
}

func setupName(t string) string { return "parity" + title(strings.TrimLeft(t, "*[]")) }

// title returns a text as a part of a Go name.
func title(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// testName returns the name of the test of a route; a number tells routes of one name apart.
func testName(p tofetch.Pair, taken map[string]int) string {
	path := title(p.Pattern)
	if path == "" {
		path = "Root"
	}
	name := "TestParity" + title(strings.ToLower(p.Method)) + path
	taken[name]++
	if n := taken[name]; n > 1 {
		name += strconv.Itoa(n)
	}
	return name
}

// test returns the test of one route.
func (g Package) test(name string, p tofetch.Pair) string {
	var b strings.Builder
	var seeds []string
	fmt.Fprintf(&b, "// %s %s\nfunc %s(t *testing.T) {\n", p.Method, p.Pattern, name)
	var resets []string
	for _, r := range p.Receivers {
		variable, t, _ := strings.Cut(r, " ")
		fmt.Fprintf(&b, "\tvar %s %s\n", variable, t)
		seeds = append(seeds, g.Makers[t].Seeds...)
		resets = append(resets, variable+" = "+setupName(t)+"()")
	}
	old, next := p.Old, p.New
	if len(p.Receivers) > 0 {
		old = "func(req *reqres.Request, res *reqres.Response) error { return " + callable(p.Old) + "(req, res) }"
		next = "func(req *fetch.Request) (*fetch.Response, error) { return " + callable(p.New) + "(req) }"
	}
	fmt.Fprintf(&b, "\trunParity(t, paritytest.Test{\n\t\tMethod: %q, Pattern: %q,\n\t\tOld: %s,\n\t\tNext: %s,\n", p.Method, p.Pattern, old, next)
	if len(p.Uses) > 0 {
		fmt.Fprintf(&b, "\t\tUse: func(r *adapt.Routes) {\n")
		for _, s := range slices.Concat(resets, p.Uses) {
			fmt.Fprintf(&b, "\t\t\t%s\n", s)
		}
		fmt.Fprintf(&b, "\t\t},\n")
	}
	if len(resets) > 0 {
		fmt.Fprintf(&b, "\t\tReset: func(testing.TB) { %s },\n", strings.Join(resets, "; "))
	}
	b.WriteString("\t\tRequests: []*fetch.Request{\n")
	for _, r := range requests(p, seeds) {
		b.WriteString("\t\t\t" + r.text() + ",\n")
	}
	b.WriteString("\t\t},\n\t})\n}\n")
	return b.String()
}

// callable puts a function literal in parentheses, so that it can be called.
func callable(e string) string {
	if strings.HasPrefix(e, "func(") {
		return "(" + e + ")"
	}
	return e
}

// declared returns the names of the functions in the tests of a directory.
func declared(dir string) (map[string]bool, error) {
	known := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("reading the tests that are there: %w", err)
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				known[d.Name.Name] = true
			}
		}
	}
	return known, nil
}

// file is a Go file that declarations are added to.
type file struct {
	path, name, about string
	imports           map[string]string
	added             strings.Builder
}

func (f *file) add(text string) { f.added.WriteString("\n" + text) }

// write appends what has been added, and imports what that needs.
func (f *file) write() error {
	if f.added.Len() == 0 {
		return nil
	}
	old, err := os.ReadFile(f.path)
	switch {
	case os.IsNotExist(err):
		old = []byte("package " + f.name + "\n\n" + f.about)
	case err != nil:
		return err
	}
	text := string(old)
	parsed, err := parser.ParseFile(token.NewFileSet(), f.path, old, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range parsed.Imports {
		delete(f.imports, strings.Trim(spec.Path.Value, `"`))
	}
	if len(f.imports) > 0 {
		text = withImports(text, f.imports, f.added.String())
	}
	out, err := format.Source([]byte(text + f.added.String()))
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.path, err)
	}
	return os.WriteFile(f.path, out, 0o644)
}

// withImports adds a group of imports behind the package clause and the imports that are there, of
// the packages that the new text names.
func withImports(text string, imports map[string]string, used string) string {
	var standard, other []string
	for path, name := range imports {
		if !strings.Contains(used, name+".") {
			continue
		}
		spec := "\t\"" + path + "\"\n"
		if base := path[strings.LastIndex(path, "/")+1:]; base != name {
			spec = "\t" + name + " \"" + path + "\"\n"
		}
		if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
			other = append(other, spec)
		} else {
			standard = append(standard, spec)
		}
	}
	slices.Sort(standard)
	slices.Sort(other)
	group := strings.Join(standard, "") + "\n" + strings.Join(other, "")
	if len(standard)+len(other) == 0 {
		return text
	}
	if i := strings.Index(text, "\nimport (\n"); i >= 0 {
		end := i + strings.Index(text[i:], "\n)")
		return text[:end] + "\n" + strings.Trim(group, "\n") + text[end:]
	}
	head, rest, _ := strings.Cut(text, "\n")
	return head + "\n\n" + "import (\n" + strings.Trim(group, "\n") + "\n)\n" + rest
}
