package tofetch

// One package under conversion: its text, its functions in the mutable shape, and which of them have
// a twin or can get one.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

type pkg struct {
	pass     *analysis.Pass
	info     *types.Info
	src      source
	files    []*ast.File // those that are not generated and not tests
	parents  map[ast.Node]ast.Node
	writes   map[*types.Var]int // how often a variable gets a value, its own or its address taken
	units    map[ast.Node]*unit
	callers  map[types.Object][]*ast.CallExpr
	values   map[types.Object]int // uses that are not calls
	targets  []*target
	done     []*target                // those that have a twin from before
	alive    map[types.Object]*target // those that can get a twin, as far as is known
	literal  map[*ast.FuncLit]*target
	declared map[types.Object]ast.Node // functions and variables of the package
	fields   map[*types.Var]*table     // of structs, that hold a handler
}

func newPackage(pass *analysis.Pass) (*pkg, error) {
	p := &pkg{
		pass: pass, info: pass.TypesInfo, src: source{pass.Fset, map[*token.File][]byte{}},
		parents: map[ast.Node]ast.Node{}, writes: map[*types.Var]int{}, units: map[ast.Node]*unit{},
		callers: map[types.Object][]*ast.CallExpr{}, values: map[types.Object]int{},
		alive: map[types.Object]*target{}, literal: map[*ast.FuncLit]*target{},
		declared: map[types.Object]ast.Node{}, fields: map[*types.Var]*table{},
	}
	for _, f := range pass.Files {
		at := pass.Fset.File(f.Pos())
		if strings.HasSuffix(at.Name(), "_test.go") || ast.IsGenerated(f) {
			continue
		}
		text, err := pass.ReadFile(at.Name())
		if err != nil {
			return nil, err
		}
		p.src.text[at] = text
		p.files = append(p.files, f)
		p.index(f)
	}
	return p, nil
}

// index notes parents, units, and what is written, called and used.
func (p *pkg) index(f *ast.File) {
	var stack []ast.Node
	write := func(e ast.Expr) {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.StarExpr:
				e = x.X
				continue
			case *ast.Ident:
				if v, ok := p.info.ObjectOf(x).(*types.Var); ok {
					p.writes[v]++
				}
			}
			return
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			p.parents[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if u := unitOf(p.info, n); u != nil {
				p.units[n] = u
			}
			if d, ok := n.(*ast.FuncDecl); ok {
				p.declared[p.info.Defs[d.Name]] = d
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				write(l)
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				write(name)
				if o := p.info.Defs[name]; o != nil && o.Parent() == p.pass.Pkg.Scope() {
					p.declared[o] = n
				}
			}
		case *ast.RangeStmt:
			if n.Key != nil {
				write(n.Key)
			}
			if n.Value != nil {
				write(n.Value)
			}
		case *ast.Field:
			for _, name := range n.Names {
				write(name)
			}
		case *ast.IncDecStmt:
			write(n.X)
			write(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				write(n.X)
				write(n.X)
			}
		case *ast.CallExpr:
			if o := p.callee(n); o != nil {
				p.callers[o] = append(p.callers[o], n)
			}
		case *ast.Ident:
			if o := p.info.Uses[n]; o != nil {
				p.values[o]++
			}
		}
		return true
	})
}

// callee returns the object of the function that is called, or nil.
func (p *pkg) callee(c *ast.CallExpr) types.Object {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		return origin(p.info.Uses[f])
	case *ast.SelectorExpr:
		return origin(p.info.Uses[f.Sel])
	}
	return nil
}

// origin returns the generic function of an instance.
func origin(o types.Object) types.Object {
	if f, ok := o.(*types.Func); ok {
		return f.Origin()
	}
	return o
}

// find collects the targets of the package in the order of the text.
func (p *pkg) find() {
	p.findAll()
	elsewhere := p.leftOut()
	for _, t := range p.targets {
		if file, ok := elsewhere[t.name]; ok && t.obj != nil {
			t.refuse(p.src.line(t.node.Pos()), "is declared in "+file+", too, which build constraints leave out here: that file would lack the twin")
			delete(p.alive, t.obj)
		}
	}
}

// leftOut returns the functions in files that build constraints leave out, and their files.
func (p *pkg) leftOut() map[string]string {
	out := map[string]string{}
	for _, name := range p.pass.IgnoredFiles {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil || f.Name.Name != p.pass.Pkg.Name() || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				out[d.Name.Name] = filepath.Base(name)
			}
		}
	}
	return out
}

func (p *pkg) findAll() {
	for _, f := range p.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Body == nil {
					continue
				}
				if kind := kindOf(p.info, d, p.units[d]); kind != "" && !isFetch(p.info.Defs[d.Name].Type()) {
					p.add(&target{name: d.Name.Name, kind: kind, node: d, obj: p.info.Defs[d.Name], file: f})
					continue
				}
				p.registered(d.Body, f)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					v, ok := spec.(*ast.ValueSpec)
					if !ok || len(v.Names) != 1 || len(v.Values) != 1 || v.Names[0].Name == "_" {
						continue
					}
					if o := p.info.Defs[v.Names[0]]; ofShape(o.Type()) || isMapOfShape(o.Type()) {
						p.add(&target{name: v.Names[0].Name, kind: "variable", node: v, obj: o, file: f})
					} else {
						p.registered(v, f)
					}
				}
			}
		}
	}
}

// registered adds the literals in a function of routes: each is a target where it stands.
func (p *pkg) registered(body ast.Node, f *ast.File) {
	ast.Inspect(body, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		if kind := p.literalKind(lit); kind != "" {
			t := &target{name: "func literal", kind: kind, node: lit, file: f}
			p.targets = append(p.targets, t)
			p.literal[lit] = t
			return false
		}
		return true
	})
}

// literalKind names a literal in the mutable shape, or is "".
func (p *pkg) literalKind(lit *ast.FuncLit) string {
	t := p.info.TypeOf(lit)
	switch {
	case isHandler(t):
		return "handler"
	case isMiddleware(t):
		return "middleware"
	}
	return ""
}

// add adds a declared target, unless a twin of it is there: made by an earlier run, or by hand.
func (p *pkg) add(t *target) {
	t.twin = t.name + "Fetch"
	if twin, done := p.existing(t.obj); done {
		t.twin = twin
		p.done = append(p.done, t)
		return
	}
	for n := 2; p.taken(t.obj, t.twin); n++ {
		t.twin = t.name + "Fetch" + string(rune('0'+n))
	}
	p.targets = append(p.targets, t)
	p.alive[t.obj] = t
}

// enclosing returns the innermost of the nodes around n that is of the type T.
func enclosing[T ast.Node](p *pkg, n ast.Node) (found T, ok bool) {
	for n = p.parents[n]; n != nil; n = p.parents[n] {
		if t, is := n.(T); is {
			return t, true
		}
	}
	return found, false
}
