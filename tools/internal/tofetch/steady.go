package tofetch

// Which expressions may move? The options of an answer are evaluated where the answer is, and not where the old
// handler said them: that must not change their values, nor the order of what has effects.

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// steady reports whether e has the same value here and further down in its function, and nobody
// notices when it is evaluated.
func (c *conv) steady(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if v, is := c.info.Uses[n].(*types.Var); is && !v.IsField() {
				ok = ok && c.writes[v] == 1 && v.Parent() != v.Pkg().Scope()
			}
		case *ast.SelectorExpr:
			if s := c.info.Selections[n]; s != nil && s.Kind() == types.FieldVal {
				ok = ok && !s.Indirect()
			} else if v, is := c.info.Uses[n.Sel].(*types.Var); is && v != nil && s == nil {
				ok = false // a variable of another package
			}
		case *ast.CallExpr:
			ok = ok && c.harmless(n)
		case *ast.IndexExpr, *ast.StarExpr, *ast.FuncLit:
			ok = false
		}
		return ok
	})
	return ok
}

// quiet reports whether evaluating e has no effects, so that it may change places with other things.
func (c *conv) quiet(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			ok = ok && c.harmless(n)
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		}
		return ok
	})
	return ok
}

// calculates are packages whose functions are of their arguments alone.
var calculates = set("cmp", "errors", "fmt", "html", "math", "net/url", "path", "slices", "strconv", "strings", "unicode", "unicode/utf8",
	"encoding/base64", "encoding/hex", "html/template")

// harmless reports whether a call only calculates, or reads the request apart from its body.
func (c *conv) harmless(call *ast.CallExpr) bool {
	if t := c.info.Types[call.Fun]; t.IsType() {
		return true
	} else if t.IsBuiltin() {
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return ok && set("len", "cap", "min", "max", "append", "make", "new")[id.Name]
	}
	if s, ok := call.Fun.(*ast.SelectorExpr); ok && c.is(s.X, c.u.req) {
		return !collects[s.Sel.Name] && !streams[s.Sel.Name] && s.Sel.Name != "SetContext"
	}
	f, ok := c.callee(call).(*types.Func)
	return ok && f.Pkg() != nil && f.Signature().Recv() == nil && calculates[f.Pkg().Path()] && f.Name() != "Print" && f.Name() != "Printf" && f.Name() != "Println"
}

// constString returns the value of a constant string.
func (p *pkg) constString(e ast.Expr) (string, bool) {
	if v := p.info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v), true
	}
	return "", false
}

// constInts returns the values that a whole number can have, if all of them are constants: of a
// constant, of a variable that only gets constants, of a parameter of a function that is only
// called with them.
func (p *pkg) constInts(e ast.Expr) (values []int, ok bool) {
	if v := p.info.Types[e].Value; v != nil {
		n, exact := constant.Int64Val(constant.ToInt(v))
		return []int{int(n)}, exact
	}
	id, isIdent := ast.Unparen(e).(*ast.Ident)
	if !isIdent {
		return nil, false
	}
	v, isVar := p.info.Uses[id].(*types.Var)
	if !isVar || v.IsField() || v.Parent() == nil || v.Parent() == v.Pkg().Scope() {
		return nil, false
	}
	return p.assigned(v)
}

// assigned returns the constants that a local variable is given, and whether it is given nothing
// else.
func (p *pkg) assigned(v *types.Var) (values []int, ok bool) {
	known := 0
	take := func(e ast.Expr) {
		if val := p.info.Types[e].Value; val != nil {
			n, _ := constant.Int64Val(constant.ToInt(val))
			values = append(values, int(n))
			known++
		}
	}
	var declared ast.Node
	for id, o := range p.info.Defs {
		if o == v {
			declared = p.parents[id]
		}
	}
	if f, isField := declared.(*ast.Field); isField {
		return p.arguments(v, f)
	}
	function, isFunc := enclosing[*ast.BlockStmt](p, declared)
	if !isFunc {
		return nil, false
	}
	ast.Inspect(function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if id, is := l.(*ast.Ident); is && p.info.ObjectOf(id) == v && len(n.Lhs) == len(n.Rhs) {
					take(n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if p.info.Defs[name] == v && i < len(n.Values) {
					take(n.Values[i])
				}
			}
		}
		return true
	})
	return values, known == p.writes[v]
}

// arguments returns the constants that a parameter of a function is called with, one of this
// package or a local one.
func (p *pkg) arguments(v *types.Var, f *ast.Field) (values []int, ok bool) {
	var o types.Object
	var s *types.Signature
	switch d := p.parents[p.parents[p.parents[f]]].(type) {
	case *ast.FuncDecl:
		o = p.info.Defs[d.Name]
		if o.Exported() {
			return nil, false
		}
		s = o.Type().(*types.Signature)
	case *ast.FuncLit:
		a, isAssign := p.parents[d].(*ast.AssignStmt)
		if !isAssign || len(a.Lhs) != 1 {
			return nil, false
		}
		id, isIdent := a.Lhs[0].(*ast.Ident)
		if !isIdent || p.info.Defs[id] == nil {
			return nil, false
		}
		o, s = p.info.Defs[id], p.info.TypeOf(d).(*types.Signature)
	default:
		return nil, false
	}
	calls := p.callers[o]
	if len(calls) == 0 || p.values[o] != len(calls) || p.writes[v] != 1 {
		return nil, false
	}
	for i := range s.Params().Len() {
		if s.Params().At(i) != v {
			continue
		}
		for _, call := range calls {
			if i >= len(call.Args) {
				return nil, false
			}
			val := p.info.Types[call.Args[i]].Value
			if val == nil {
				return nil, false
			}
			n, _ := constant.Int64Val(constant.ToInt(val))
			values = append(values, int(n))
		}
		return values, true
	}
	return nil, false
}
