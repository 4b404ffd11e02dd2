package finish

// Old handlers take with them the declarations of the package that nothing else uses.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// declaration is one that may go.
type declaration struct {
	name  string
	nodes []ast.Node // the function, the spec, and the methods of a type
}

// remove takes away everything that only what has gone used, until there is no more of it.
func (j *job) remove() {
	all := j.declarations()
	uses := map[types.Object][]*ast.Ident{}
	for id, o := range j.pass.TypesInfo.Uses {
		if f, ok := o.(*types.Func); ok {
			o = f.Origin()
		}
		uses[o] = append(uses[o], id)
	}
	for again := true; again; {
		again = j.tests()
		again = j.fields() || again
		for o, d := range all {
			if j.doomed[o] || !j.touched(uses[o]) || !j.unused(uses[o], d) {
				continue
			}
			j.doomed[o] = true
			again = true
			j.removed = append(j.removed, d.nodes...)
		}
	}
	for o, d := range all {
		switch {
		case j.doomed[o]:
			for _, n := range d.nodes {
				j.cut(n)
			}
		case j.touchedRoot(uses[o]) && !j.unused(uses[o], d):
			j.pass.Report(analysis.Diagnostic{Pos: d.nodes[0].Pos(), Category: "stays", Message: d.name + " stays: it is used elsewhere"})
		}
	}
	for o, d := range all {
		if j.doomed[o] {
			j.rename(o, d)
		}
	}
	for o, ids := range uses {
		if _, known := all[o]; !known && j.touchedRoot(ids) && o.Pkg() == j.pass.Pkg && o.Exported() {
			if f, ok := o.(*types.Func); ok {
				j.pass.Report(analysis.Diagnostic{Pos: f.Pos(), Category: "stays", Message: f.Name() + " stays: it is exported, so that other packages may use it"})
			}
		}
	}
}

// declarations returns those that may go: of names that no other package can use.
func (j *job) declarations() map[types.Object]declaration {
	all := map[types.Object]declaration{}
	main := j.pass.Pkg.Name() == "main"
	methods := map[types.Object][]ast.Node{}
	for _, f := range j.pass.Files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				o := j.pass.TypesInfo.Defs[d.Name]
				if s := o.Type().(*types.Signature); s.Recv() != nil {
					t := s.Recv().Type()
					if p, ok := t.(*types.Pointer); ok {
						t = p.Elem()
					}
					if n, ok := t.(*types.Named); ok {
						methods[n.Obj()] = append(methods[n.Obj()], d)
					}
				}
				if (!o.Exported() || main && d.Recv == nil) && d.Name.Name != "main" && d.Name.Name != "init" {
					all[o] = declaration{d.Name.Name, []ast.Node{d}}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						if o := j.pass.TypesInfo.Defs[spec.Name]; !o.Exported() {
							all[o] = declaration{spec.Name.Name, []ast.Node{spec}}
						}
					case *ast.ValueSpec:
						if len(spec.Names) != 1 || d.Tok == token.CONST && len(spec.Values) == 0 || calls(spec) {
							continue
						}
						if o := j.pass.TypesInfo.Defs[spec.Names[0]]; o != nil && !o.Exported() {
							all[o] = declaration{spec.Names[0].Name, []ast.Node{spec}}
						}
					}
				}
			}
		}
	}
	for o, list := range methods {
		if d, ok := all[o]; ok {
			d.nodes = append(d.nodes, list...)
			all[o] = d
		}
	}
	return all
}

// calls reports whether a variable is made by a call, which may have effects.
func calls(spec *ast.ValueSpec) (found bool) {
	for _, v := range spec.Values {
		ast.Inspect(v, func(n ast.Node) bool {
			_, call := n.(*ast.CallExpr)
			_, literal := n.(*ast.FuncLit)
			found = found || call
			return !literal
		})
	}
	return found
}

// touched reports whether something that goes uses it: what was unused before stays.
func (j *job) touched(ids []*ast.Ident) bool {
	return slices.ContainsFunc(ids, func(id *ast.Ident) bool { return j.gone(id) })
}

// touchedRoot reports whether a line of a route or middleware that goes names it.
func (j *job) touchedRoot(ids []*ast.Ident) bool {
	return slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		return slices.ContainsFunc(j.removed, func(n ast.Node) bool {
			_, expression := n.(ast.Expr)
			return expression && n.Pos() <= id.Pos() && id.End() <= n.End()
		})
	})
}

// unused reports whether all uses are in what goes, or in the declaration itself.
func (j *job) unused(ids []*ast.Ident, d declaration) bool {
	return !slices.ContainsFunc(ids, func(id *ast.Ident) bool {
		return !j.gone(id) && !slices.ContainsFunc(d.nodes, func(n ast.Node) bool { return n.Pos() <= id.Pos() && id.End() <= n.End() })
	})
}

// tests takes away the generated tests of handlers that have gone. It reports whether there were
// any.
func (j *job) tests() (found bool) {
	for _, f := range j.pass.Files {
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(d.Name.Name, "TestParity") || !strings.HasSuffix(j.pass.Fset.File(d.Pos()).Name(), "_test.go") || j.gone(d) {
				continue
			}
			old := oldSide(d)
			if old == nil {
				continue
			}
			compares := false
			ast.Inspect(old, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					compares = compares || j.finished(j.pass.TypesInfo.Uses[id])
				}
				return true
			})
			if compares {
				found = true
				j.removed = append(j.removed, d)
				j.cut(d)
			}
		}
	}
	return found
}

// finished reports whether a handler is the old side of a route that is finished, and of no other.
func (j *job) finished(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok || f.Pkg() != j.pass.Pkg {
		return false
	}
	root := false
	for id, used := range j.pass.TypesInfo.Uses {
		if used != o {
			continue
		}
		inTest := strings.HasSuffix(j.pass.Fset.File(id.Pos()).Name(), "_test.go")
		switch {
		case j.gone(id):
			root = true
		case !inTest:
			return false
		}
	}
	return root
}

// oldSide returns the old side of a paritytest.Test in a function.
func oldSide(d *ast.FuncDecl) (old ast.Expr) {
	ast.Inspect(d, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Old" {
				old = kv.Value
			}
		}
		return old == nil
	})
	return old
}

// cut removes a declaration with its comment.
func (j *job) cut(n ast.Node) {
	pos, end := n.Pos(), n.End()
	var doc *ast.CommentGroup
	switch n := n.(type) {
	case *ast.FuncDecl:
		doc = n.Doc
	case *ast.TypeSpec:
		doc = n.Doc
	case *ast.ValueSpec:
		doc = n.Doc
	}
	if g, ok := j.parents[n].(*ast.GenDecl); ok {
		left := slices.DeleteFunc(slices.Clone(g.Specs), func(s ast.Spec) bool { return j.gone(s) })
		if len(left) == 0 {
			if n != ast.Node(g.Specs[0]) {
				return // goes with the first one
			}
			pos, end, doc = g.Pos(), g.End(), g.Doc
		}
	}
	if doc != nil {
		pos = doc.Pos()
	}
	file := j.pass.Fset.File(pos)
	if line := file.Line(end); line < file.LineCount() {
		end = file.LineStart(line + 1)
	}
	j.edits = append(j.edits, analysis.TextEdit{Pos: pos, End: end})
}
