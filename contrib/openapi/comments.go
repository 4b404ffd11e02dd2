package openapi

// Doc comments, read from the source where that is at hand: in a test, and wherever else the go
// command finds the packages. Where it does not, the document has no descriptions.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// comments are the doc comments of some packages.
type comments struct {
	funcs  map[string]string // by the names of adapt.Route.Handler
	types  map[string]string // by the path of the package and the name
	fields map[string]string // likewise, and the name of the field
}

// commentsOf reads the packages of the types of a table, and the one in the working directory.
func commentsOf(t *table) comments {
	c := comments{make(map[string]string), make(map[string]string), make(map[string]string)}
	paths := []string{"."}
	add := func(typ reflect.Type) {
		if typ == nil {
			return
		}
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		p := strings.TrimSuffix(typ.PkgPath(), "_test") // an external test stands in the directory of its package
		if p != "" && p != "main" && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	for _, e := range t.endpoints {
		add(e.In)
		add(e.Out)
		for _, m := range slices.Concat(e.params, e.body) {
			add(m.owner)
		}
	}
	for _, d := range t.sorted() {
		add(d.typ)
	}
	out, err := exec.Command("go", append([]string{"list", "-e", "-find", "-f", "{{.ImportPath}}\t{{.Dir}}"}, paths...)...).Output()
	if err != nil {
		return c
	}
	for line := range strings.Lines(string(out)) {
		if p, dir, _ := strings.Cut(strings.TrimSpace(line), "\t"); dir != "" {
			c.read(p, dir)
		}
	}
	return c
}

// read reads the Go files of a directory.
func (c comments) read(pkg, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, entry.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		p := pkg
		if strings.HasSuffix(f.Name.Name, "_test") {
			p += "_test"
		}
		base := path.Base(p)
		if f.Name.Name == "main" {
			base = "main"
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				for _, b := range []string{base, path.Base(p)} { // a test of package main has its path
					c.funcs[b+"."+receiver(n)+n.Name.Name] = said(n.Doc)
				}
			case *ast.GenDecl:
				for _, spec := range n.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok {
						c.typ(p, s, n.Doc)
						if f.Name.Name == "main" {
							c.typ("main", s, n.Doc)
						}
					}
				}
			}
			return true
		})
	}
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	switch t := f.Recv.List[0].Type.(type) {
	case *ast.Ident:
		return t.Name + "."
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return "(*" + id.Name + ")."
		}
	}
	return "?"
}

func (c comments) typ(pkg string, s *ast.TypeSpec, of *ast.CommentGroup) {
	doc := said(s.Doc)
	if doc == "" {
		doc = said(of)
	}
	c.types[pkg+"."+s.Name.Name] = doc
	structure, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range structure.Fields.List {
		doc := said(f.Doc)
		if doc == "" {
			doc = said(f.Comment)
		}
		for _, name := range f.Names {
			c.fields[pkg+"."+s.Name.Name+"."+name.Name] = doc
		}
	}
}

func said(g *ast.CommentGroup) string { return strings.TrimSpace(g.Text()) }

// ofType returns the comment of a type, without the arguments of a generic one.
func (c comments) ofType(t reflect.Type) string { return c.types[key(t)] }

func (c comments) ofMember(m *member) string {
	if m.owner == nil {
		return ""
	}
	if doc := m.field.Tag.Get("description"); doc != "" {
		return doc
	}
	return c.fields[key(m.owner)+"."+m.field.Name]
}

func key(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return t.PkgPath() + "." + name
}
