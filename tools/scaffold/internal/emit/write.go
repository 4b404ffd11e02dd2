// Package emit writes the Go service: its table, a handler for each endpoint, and what connects it with the Node service that
// it grows out of.
package emit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/port"
	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// Options say where a service is written.
type Options struct {
	Dir      string // of the service
	Source   string // the project, as the README names it
	Module   string // the path of its module, where there is none around Dir; default: the name of Dir
	Checkout string // of the library, for a replace line; "" for the released one
	// Files are the texts of the project's source files.
	Files fs.FS
}

// Report says what a run has done.
type Report struct {
	Endpoints, New, Translated int
	Written                    []string // files that were written or added to, in the order of the alphabet
	Notes                      []project.Note
}

// writer is one run.
type writer struct {
	Options
	*project.Project
	*state
	again bool
	taken names // identifiers of the package
	files names // of the folder
	texts map[string]string
	Report
	rows      []row
	guardName map[*project.Guard]string
	behind    string   // the function of the middleware that every endpoint shares, or ""
	behindAll []string // its middleware
}

// row is an endpoint with what is written of it.
type row struct {
	*project.Endpoint
	key, name  string
	translated bool
	why        string // why it is not translated
	fresh      bool   // not of an earlier run
}

// Write writes the service, or adds what is new to it. Nothing is written where the error is not nil; two files that serve
// the same requests are a CollisionError, all of them joined.
func Write(p *project.Project, o Options) (Report, error) { return run(p, o, true) }

// Dry reports what Write would do to a new folder.
func Dry(p *project.Project, o Options) (Report, error) { return run(p, o, false) }

func run(p *project.Project, o Options, write bool) (Report, error) {
	notes, collisions := try(p)
	if len(collisions) > 0 {
		return Report{}, errors.Join(collisions...)
	}
	if !write {
		o.Dir = filepath.Join(os.TempDir(), "scaffold-of-nothing", "api") // nothing is there
	}
	s, again, err := readState(o.Dir)
	if err != nil {
		return Report{}, err
	}
	w := &writer{Options: o, Project: p, state: s, again: again, taken: names{}, files: names{}, texts: map[string]string{}, guardName: map[*project.Guard]string{}}
	w.Report.Notes = append(slices.Clone(p.Notes), notes...)
	if err := w.look(); err != nil {
		return Report{}, err
	}
	w.guards()
	w.handlers()
	w.redirects()
	w.rewrites()
	w.table()
	if err := w.fixed(); err != nil {
		return Report{}, err
	}
	if !write {
		return w.Report, nil
	}
	err = w.flush()
	return w.Report, err
}

// look reads what the folder has already.
func (w *writer) look() error {
	for _, name := range reserved {
		w.taken[strings.ToLower(name)] = true
	}
	entries, err := os.ReadDir(w.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		w.files[strings.ToLower(e.Name())] = true
		if !w.again && slices.Contains([]string{"main.go", "routes.go", "endpoints.go", "README.md"}, e.Name()) {
			return fmt.Errorf("%s has a %s that this tool has not written; choose a new folder", w.Dir, e.Name())
		}
		if strings.HasSuffix(e.Name(), ".go") {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(w.Dir, e.Name()), nil, parser.SkipObjectResolution)
			if err != nil {
				return fmt.Errorf("the service does not compile: %w", err)
			}
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					w.taken[strings.ToLower(d.Name.Name)] = true
				case *ast.GenDecl:
					for _, s := range d.Specs {
						switch s := s.(type) {
						case *ast.ValueSpec:
							for _, n := range s.Names {
								w.taken[strings.ToLower(n.Name)] = true
							}
						case *ast.TypeSpec:
							w.taken[strings.ToLower(s.Name.Name)] = true
						}
					}
				}
			}
		}
	}
	for _, name := range []string{"main.go", "routes.go", "endpoints.go", "middleware.go", "redirects.go", "javascript.go", "handlers_test.go"} {
		w.files[name] = true
	}
	return nil
}

// guards writes a stub for each middleware that may refuse a request.
func (w *writer) guards() {
	var b strings.Builder
	for _, g := range w.Project.Guards {
		if g.Harmless != "" {
			continue
		}
		if known, ok := w.state.Guards[g.At+" "+g.Name]; ok {
			w.guardName[g] = known
			continue
		}
		parts := words(g.Name)
		if len(parts) == 0 {
			parts = []string{"middleware"}
		}
		first := []rune(camel("", parts...))
		if len(first) == 0 || !('a' <= first[0]|0x20 && first[0]|0x20 <= 'z') {
			parts = append([]string{"middleware"}, parts...)
		}
		name := w.taken.take(camel(strings.ToLower(parts[0]), parts[1:]...), "")
		w.guardName[g] = name
		w.state.Guards[g.At+" "+g.Name] = name
		fmt.Fprintf(&b, "\n// %s is the middleware of %s. While it is a stub, Node answers what stands behind it.\n%s", name, oneLine(g.At), quoted(g.Text))
		fmt.Fprintf(&b, "func %s(next fetch.Handler) fetch.Handler {\n\treturn func(req *fetch.Request) (*fetch.Response, error) {\n", name)
		fmt.Fprintf(&b, "\t\treturn nil, fetch.Errorf(501, \"%%s is not ported: %%w\", %q, migrate.ErrDecline) // return next(req)\n\t}\n}\n", g.At)
	}
	if shared := w.shared(); len(shared) > 1 {
		key := strings.Join(shared, " ")
		name, known := w.state.Guards[key]
		if !known {
			name = w.taken.take("behind", "")
			w.state.Guards[key] = name
			fmt.Fprintf(&b, "\n// %s is the middleware in front of every endpoint: %s.\nfunc %s(next fetch.Handler) fetch.Handler {\n\treturn %s(next%s\n}\n",
				name, strings.Join(shared, ", "), name, strings.Join(shared, "("), strings.Repeat(")", len(shared)))
		}
		w.behind, w.behindAll = name, shared
	}
	if b.Len() > 0 {
		file := "middleware.go"
		if w.again {
			file = w.files.take("middleware", ".go")
		}
		used := []string{"fetch"}
		if strings.Contains(b.String(), "migrate.ErrDecline") {
			used = append(used, "adapt/migrate")
		}
		w.texts[file] = "package main\n\n// Middleware: what stands in front of handlers. A handler is not called before all of its middleware is ported.\n\n" +
			imports(used...) + b.String()
	}
}

// shared returns what stands in front of every endpoint that has something in front.
func (w *writer) shared() (names []string) {
	first := true
	for _, e := range w.Project.Endpoints {
		chain := w.chain(e)
		switch {
		case len(chain) == 0 || e.Pattern == "":
		case first:
			names, first = chain, false
		default:
			n := 0
			for n < len(names) && n < len(chain) && names[n] == chain[n] {
				n++
			}
			names = names[:n]
		}
	}
	return names
}

// guarded returns the handler behind its middleware.
func (w *writer) guarded(handler string, chain []string) string {
	if w.behind != "" && len(chain) >= len(w.behindAll) && slices.Equal(chain[:len(w.behindAll)], w.behindAll) {
		chain = append([]string{w.behind}, chain[len(w.behindAll):]...)
	}
	for _, name := range slices.Backward(chain) {
		handler = name + "(" + handler + ")"
	}
	return handler
}

// chain returns the names of the stubs of middleware in front of an endpoint, outermost first.
func (w *writer) chain(e *project.Endpoint) (names []string) {
	for _, g := range e.Guards {
		if name, ok := w.guardName[g]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// handlers writes a file for each file of the project that has new endpoints.
func (w *writer) handlers() {
	bySource := map[string][]int{}
	for _, e := range order(w.Project.Endpoints) {
		w.Report.Endpoints++
		r := row{Endpoint: e, key: e.Method + " " + e.Own + " " + e.File}
		if r.Pattern != "" && r.Own != r.Pattern { // two patterns of one optional path
			r.key += " " + r.Pattern
		}
		if name, ok := w.state.Endpoints[r.key]; ok {
			r.name = name
			w.rows = append(w.rows, r)
			continue
		}
		r.fresh = true
		w.Report.New++
		if r.Pattern != "" {
			r.name = w.taken.take(handlerName(e.Method, e.Pattern), "")
			bySource[e.File] = append(bySource[e.File], len(w.rows))
		}
		w.state.Endpoints[r.key] = r.name
		w.rows = append(w.rows, r)
	}
	helpers := map[string]bool{}
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		w.handlerFile(source, bySource[source], helpers)
	}
	w.javascript(helpers)
}

func (w *writer) handlerFile(source string, rows []int, helpers map[string]bool) {
	text, err := fs.ReadFile(w.Files, source)
	if err != nil {
		text = nil
	}
	lines := strings.Split(string(text), "\n")
	shown := make([]bool, len(lines)+1)
	var body, tests strings.Builder
	used := map[string]bool{}
	for _, i := range rows {
		r := &w.rows[i]
		t, err := port.Translate(r.Endpoint, w.Next)
		r.translated = err == nil
		if err != nil {
			r.why = err.Error()
		}
		own := ""
		if r.First > 0 && r.Last <= len(lines) {
			own = strings.Join(lines[r.First-1:r.Last], "\n")
			for n := r.First; n <= r.Last; n++ {
				shown[n] = true
			}
		} else if r.Handler != nil {
			own = r.Handler.File.Text(r.Handler.Node)
		}
		fmt.Fprintf(&body, "\n// %s answers %s %s.", r.name, r.Method, oneLine(r.Own))
		if r.translated {
			w.Report.Translated++
			fmt.Fprintf(&body, " It is translated by a program: read it before it serves.\n")
		} else {
			fmt.Fprintf(&body, " It is a stub: %s.\n", oneLine(r.why))
		}
		for _, n := range r.about() {
			fmt.Fprintf(&body, "// %s.\n", oneLine(n))
		}
		body.WriteString(quoted(own))
		statements := t.Body
		if r.Fetch {
			fmt.Fprintf(&body, "func %s(req *fetch.Request) (*fetch.Response, error) {\n", r.name)
			used["fetch"] = true
			if !r.translated {
				statements = []string{fmt.Sprintf("return nil, fetch.Errorf(501, \"%%s is not ported: %%w\", %q, migrate.ErrDecline)", r.File)}
			}
		} else {
			fmt.Fprintf(&body, "func %s(req *reqres.Request, res *reqres.Response) error {\n", r.name)
			used["reqres"] = true
			if !r.translated {
				statements = []string{fmt.Sprintf("return reqres.Errorf(501, \"%%s is not ported: %%w\", %q, migrate.ErrDecline)", r.File)}
			}
		}
		if !r.translated {
			used["adapt/migrate"] = true
		}
		for _, i := range t.Imports {
			used[i] = true
		}
		for _, h := range t.Helpers {
			helpers[h] = true
		}
		body.WriteString(strings.Join(statements, "\n") + "\n}\n")
		if r.translated {
			w.test(&tests, r, t.Cases)
		}
	}
	stem := fileName(source)
	file := w.files.take(stem, ".go")
	var rest []string
	for n, line := range lines {
		if !shown[n+1] {
			rest = append(rest, line)
		}
	}
	head := "package main\n\n// " + oneLine(source)
	if left := strings.TrimSpace(strings.Join(rest, "\n")); left != "" {
		head += ", but for its handlers:\n" + quoted(strings.Join(rest, "\n"))
	} else {
		head += "\n"
	}
	w.texts[file] = head + "\n" + imports(slices.Sorted(maps.Keys(used))...) + body.String()
	if tests.Len() > 0 {
		w.texts[strings.TrimSuffix(file, ".go")+"_test.go"] = "package main\n\n" + imports("testing", "adapt") + tests.String()
	}
}

// about returns what a reader of a handler should know.
func (r row) about() []string {
	var out []string
	if r.Wrapped != "" {
		out = append(out, "It is wrapped in "+r.Wrapped)
	}
	var behind []string
	for _, g := range r.Guards {
		if g.Harmless == "" {
			behind = append(behind, cmp.Or(g.Name, "middleware")+" ("+g.At+")")
		}
	}
	if behind != nil {
		out = append(out, "It stands behind "+strings.Join(behind, ", "))
	}
	if len(r.Notes) > 0 {
		out = append(out, "Of its file: "+strings.Join(r.Notes, "; "))
	}
	return out
}

// imports returns an import declaration: paths in the library, or of the standard library.
func imports(list ...string) string {
	if len(list) == 0 {
		return ""
	}
	std, own := "", ""
	for _, i := range slices.Sorted(slices.Values(list)) {
		switch root, _, _ := strings.Cut(i, "/"); root {
		case "crossfade":
			own += "\t\"github.com/crossfade-go/crossfade\"\n"
		case "adapt", "fetch", "reqres":
			own += "\t\"github.com/crossfade-go/crossfade/" + i + "\"\n"
		default:
			std += "\t\"" + i + "\"\n"
		}
	}
	if std != "" && own != "" {
		std += "\n"
	}
	return "import (\n" + std + own + ")\n"
}

// oneLine is text that may stand in a comment of one line.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029' || c == '\ufeff' || c == '\ufffd' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, " "))
}

// quoted is source text as a block of a comment; "" for none.
func quoted(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("//\n")
	for line := range strings.SplitSeq(strings.Trim(s, "\r\n"), "\n") {
		line = strings.TrimRight(strings.Join(splitTabs(line), "  "), " ")
		if line == "" {
			b.WriteString("//\n")
		} else {
			b.WriteString("//\t" + oneLine(line) + "\n")
		}
	}
	return b.String()
}

func splitTabs(s string) []string { return strings.Split(strings.TrimRight(s, "\r"), "\t") }

// flush formats the texts and writes them: all of them, or none.
func (w *writer) flush() error {
	for _, name := range slices.Sorted(maps.Keys(w.texts)) {
		text := w.texts[name]
		if strings.HasSuffix(name, ".go") {
			formatted, err := format.Source([]byte(text))
			if err != nil {
				return fmt.Errorf("%s, as it would be written, is not Go; please report it: %w\n%s", name, err, text)
			}
			text = string(formatted)
		}
		w.texts[name] = text
		w.state.Written[name] = sum(text)
		w.Report.Written = append(w.Report.Written, name)
	}
	for _, e := range w.Project.Endpoints {
		if _, ok := w.state.Sources[e.File]; !ok {
			if text, err := fs.ReadFile(w.Files, e.File); err == nil {
				w.state.Sources[e.File] = sum(string(text))
			}
		}
	}
	if len(w.texts) == 0 {
		return nil
	}
	record, err := json.MarshalIndent(w.state, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(w.Dir, 0o777); err != nil {
		return err
	}
	w.texts[stateFile] = string(record) + "\n" // last but one: without it the next run would begin anew
	for _, name := range slices.Sorted(maps.Keys(w.texts)) {
		if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(w.texts[name]), 0o666); err != nil {
			return err
		}
	}
	return nil
}
