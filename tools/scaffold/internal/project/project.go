// Package project reads a Next.js or an Express project: its endpoints, with what stands in front of them, its redirects
// and rewrites, and what of it can only be told by running it.
package project

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

// Project is what a project has. Everything is in a fixed order.
type Project struct {
	// Next says that it is a Next.js project; else it is an Express app.
	Next      bool
	Endpoints []*Endpoint
	Redirects []Redirect
	Rewrites  []Rewrite
	// Guards are the middleware that stand in front of endpoints, each once.
	Guards []*Guard
	// Body is the largest body that an endpoint says it takes, in bytes; 0 where none says.
	Body int64
	// Notes are what a reader has to look at.
	Notes []Note
}

// Endpoint is a handler and the requests that reach it.
type Endpoint struct {
	Method  string // ANY for all
	Pattern string // in the syntax of the mux; "" where that has none
	Own     string // as the project has it
	Reason  string // why there is no Pattern
	Fetch   bool   // the shape: a function from a request to a response, or one that writes to a response
	File    string
	Line    int
	Name    string // of the handler in the program, or ""
	// Handler is the function, nil where it is not known.
	Handler *js.Func
	// Wrapped is what the handler is wrapped in, or "".
	Wrapped string
	// First and Last are the lines of the handler in its File.
	First, Last int
	Guards      []*Guard
	Notes       []string
}

// Guard is middleware.
type Guard struct {
	Name string
	At   string // file:line
	Text string // its source
	// Harmless says why nothing has to be ported: a parser of bodies, a logger.
	Harmless string
	// Matchers are those of Next.js' middleware.
	Matchers []string
}

// Redirect is a redirection of the configuration, as far as it is literal.
type Redirect struct {
	At, Pattern, Own, Destination string
	Status                        int
}

// Rewrite is a rewrite of the configuration, as far as it is literal.
type Rewrite struct{ At, Pattern, Own, Reason, Destination string }

// Note is one thing to look at.
type Note struct{ At, Text string }

// String is the note in one line.
func (n Note) String() string {
	if n.At == "" {
		return n.Text
	}
	return n.At + ": " + n.Text
}

// reader reads one project.
type reader struct {
	fsys    fs.FS
	files   map[string]*js.File // nil for one that cannot be read
	program *js.Program
	aliases []alias
	Project
	express express
}

// Read reads a project. What cannot be read of it is a note; the error is that there is nothing at all.
func Read(fsys fs.FS) (*Project, error) {
	r := &reader{fsys: fsys, files: map[string]*js.File{}}
	r.program = &js.Program{Load: r.load, Call: r.express.call, Assume: func(at js.Pos, text string, as js.Value) {
		if s, ok := as.(string); ok && strings.HasPrefix(s, "/") {
			r.note(at.String(), "%s is taken for %q", text, s)
		}
	}}
	r.readAliases()
	r.readNext()
	r.Next = len(r.Endpoints) > 0
	r.readExpress()
	if len(r.Endpoints) == 0 {
		if len(r.Notes) > 0 {
			var errs []error
			for _, n := range r.Notes {
				errs = append(errs, errors.New(n.String()))
			}
			return nil, fmt.Errorf("no endpoint was found:\n%w", errors.Join(errs...))
		}
		return nil, errors.New("no endpoint was found: there is neither pages/api nor app with a route file, nor an Express app")
	}
	slices.SortStableFunc(r.Notes, func(a, b Note) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Text, b.Text)) })
	r.Notes = slices.Compact(r.Notes)
	return &r.Project, nil
}

func (r *reader) note(at, format string, args ...any) {
	r.Notes = append(r.Notes, Note{at, fmt.Sprintf(format, args...)})
}

// parse reads a file once. One that cannot be read is a note, and nil.
func (r *reader) parse(name string) *js.File {
	if f, ok := r.files[name]; ok {
		return f
	}
	r.files[name] = nil
	text, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		r.note(name, "%v", err)
		return nil
	}
	f, err := js.Parse(name, string(text))
	if err != nil {
		at, why := name, err.Error()
		if s, ok := err.(*js.SyntaxError); ok {
			why = s.Text
			if s.Line > 0 {
				at = fmt.Sprintf("%s:%d", name, s.Line)
			}
		}
		r.note(at, "cannot be read: %s", why)
		return nil
	}
	r.files[name] = f
	return f
}

// exports evaluates a file.
func (r *reader) exports(name string) (*js.File, *js.Object) {
	f := r.parse(name)
	if f == nil {
		return nil, nil
	}
	value := r.program.Module(f)
	if o, ok := value.(*js.Object); ok {
		return f, o
	}
	o := js.NewObject() // module.exports = handler
	o.Set("default", value)
	return f, o
}

var extensions = []string{".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs"}

func isCode(name string) bool {
	return slices.Contains(extensions, path.Ext(name)) && !strings.HasSuffix(name, ".d.ts")
}

// load finds the file of an import.
func (r *reader) load(from *js.File, spec string) *js.File {
	var candidates []string
	if strings.HasPrefix(spec, ".") {
		candidates = []string{path.Join(path.Dir(from.Name), spec)}
	} else {
		for _, a := range r.aliases {
			if rest, ok := a.match(spec); ok {
				candidates = append(candidates, rest)
			}
		}
	}
	for _, base := range candidates {
		if strings.HasPrefix(base, "..") {
			continue // outside the project
		}
		names := []string{base}
		stem := strings.TrimSuffix(base, path.Ext(base)) // './x.js' may be x.ts
		for _, e := range extensions {
			names = append(names, base+e, stem+e, path.Join(base, "index"+e))
		}
		for _, name := range names {
			if info, err := fs.Stat(r.fsys, name); err == nil && !info.IsDir() && isCode(name) {
				return r.parse(name)
			}
		}
	}
	return nil
}

// alias is a path of tsconfig.json, such as @/*.
type alias struct{ prefix, suffix, target string }

func (a alias) match(spec string) (string, bool) {
	if a.suffix == "" {
		return a.target, spec == a.prefix
	}
	rest, ok := strings.CutPrefix(spec, a.prefix)
	return path.Join(a.target, rest), ok
}

func (r *reader) readAliases() {
	for _, name := range []string{"tsconfig.json", "jsconfig.json"} {
		config := r.json(name)
		if config == nil {
			continue
		}
		options, _ := config.Get("compilerOptions").(*js.Object)
		if options == nil {
			return
		}
		base, hasBase := options.Get("baseUrl").(string)
		paths, _ := options.Get("paths").(*js.Object)
		if paths != nil {
			for _, from := range paths.Keys {
				targets, _ := paths.Get(from).(*js.Array)
				if targets == nil {
					continue
				}
				for _, to := range targets.Items {
					to, _ := to.(string)
					prefix, star := strings.CutSuffix(from, "*")
					a := alias{prefix: prefix, target: path.Join(base, strings.TrimSuffix(to, "*"))}
					if star {
						a.suffix = "*"
					}
					r.aliases = append(r.aliases, a)
				}
			}
		}
		if hasBase {
			r.aliases = append(r.aliases, alias{suffix: "*", target: base})
		}
		return
	}
}

// json reads a file of JSON, with comments as in tsconfig.json; nil where there is none.
func (r *reader) json(name string) *js.Object {
	text, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		return nil
	}
	f, err := js.Parse(name+".js", "module.exports = "+strings.TrimPrefix(string(text), "\ufeff"))
	if err != nil {
		r.note(name, "cannot be read: %v", err)
		return nil
	}
	o, _ := r.program.Module(f).(*js.Object)
	return o
}
