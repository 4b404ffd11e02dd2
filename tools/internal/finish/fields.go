package finish

// A table of routes has a field for each side. Where its loop registers the new side alone, the
// field of the old one goes, with what the rows give it.

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// fields takes away the fields that only lines which have gone read. It reports whether there were
// any.
func (j *job) fields() (found bool) {
	for _, n := range j.removed {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		v, ok := j.pass.TypesInfo.Uses[s.Sel].(*types.Var)
		if !ok || !v.IsField() || j.doomed[v] || v.Exported() && j.pass.Pkg.Name() != "main" {
			continue
		}
		if field, around := j.fieldDecl(v); field != nil && len(field.Names) == 1 && j.onlyFilled(v) {
			if values, ok := j.rows(v); ok && len(values) > 0 {
				j.doomed[v], found = true, true
				j.drop(v, field, around, values)
			}
		}
	}
	return found
}

// fieldDecl returns the declaration of a field, and the struct around it.
func (j *job) fieldDecl(v *types.Var) (*ast.Field, *ast.StructType) {
	for id, o := range j.pass.TypesInfo.Defs {
		if o == types.Object(v) {
			field, _ := j.parents[id].(*ast.Field)
			around, _ := j.parents[j.parents[field]].(*ast.StructType)
			return field, around
		}
	}
	return nil, nil
}

// onlyFilled reports whether nothing that stays reads a field.
func (j *job) onlyFilled(v *types.Var) bool {
	for id, o := range j.pass.TypesInfo.Uses {
		if o != types.Object(v) || j.gone(id) {
			continue
		}
		if kv, ok := j.parents[id].(*ast.KeyValueExpr); !ok || kv.Key != ast.Expr(id) {
			return false
		}
	}
	return true
}

// value is what a row gives a field, at its place among the elements.
type value struct {
	row *ast.CompositeLit
	at  int
}

// rows returns the values of a field in all literals. It is not ok where one of them does
// something.
func (j *job) rows(v *types.Var) (values []value, ok bool) {
	ok = true
	for _, f := range j.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			row, isLiteral := n.(*ast.CompositeLit)
			if !isLiteral {
				return true
			}
			s, isStruct := j.pass.TypesInfo.TypeOf(row).Underlying().(*types.Struct)
			if !isStruct {
				return true
			}
			for i, e := range row.Elts {
				kv, keyed := e.(*ast.KeyValueExpr)
				if keyed && !j.names(kv.Key, v) || !keyed && s.Field(i) != v {
					continue
				}
				values, ok = append(values, value{row, i}), ok && !does(e)
			}
			return true
		})
	}
	return values, ok
}

// names reports whether a key is the name of a field.
func (j *job) names(key ast.Expr, v *types.Var) bool {
	id, ok := key.(*ast.Ident)
	return ok && j.pass.TypesInfo.Uses[id] == types.Object(v)
}

// does reports whether an expression calls something, which may have effects.
func does(e ast.Expr) bool {
	return calls(&ast.ValueSpec{Values: []ast.Expr{e}})
}

// drop takes away a field and its values, and gives the field of the other side its name.
func (j *job) drop(v *types.Var, field *ast.Field, around *ast.StructType, values []value) {
	list := make([]ast.Node, len(around.Fields.List))
	for i, f := range around.Fields.List {
		list[i] = f
		for _, name := range f.Names {
			if name.Name == v.Name()+suffix {
				defer func(twin types.Object) { j.call(twin, v.Name()) }(j.pass.TypesInfo.Defs[name])
			}
		}
	}
	j.without(list, field)
	for _, value := range values {
		list := make([]ast.Node, len(value.row.Elts))
		for i, e := range value.row.Elts {
			list[i] = e
		}
		j.without(list, list[value.at])
	}
}

// without takes a node away from a list, with what stands between it and its neighbour.
func (j *job) without(list []ast.Node, n ast.Node) {
	edit := analysis.TextEdit{Pos: n.Pos(), End: n.End()}
	for i, other := range list {
		switch {
		case other != n:
		case i+1 < len(list):
			edit.End = list[i+1].Pos()
		case i > 0:
			edit.Pos = list[i-1].End()
		}
	}
	j.removed, j.edits = append(j.removed, n), append(j.edits, edit)
}
