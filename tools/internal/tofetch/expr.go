package tofetch

// The other side of an expression that is a handler or middleware.

import (
	"go/ast"
	"go/types"
)

// expr is such an expression while its other side is written.
type expr struct {
	*line
	reason   string
	uses     map[types.Object]bool
	literals map[*target]bool
	needs    map[string]string
	getBody  bool
}

func (x *expr) no(reason string) (string, bool) {
	if x.reason == "" {
		x.reason = reason
	}
	return "", false
}

func (x *expr) need(paths map[string]string) {
	if x.needs == nil {
		x.needs = map[string]string{}
	}
	for path, name := range paths {
		x.needs[path] = name
	}
}

func (x *expr) of(e ast.Expr) (string, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		t := x.literal[e]
		if t == nil {
			return x.no("is a function literal that is not a handler")
		}
		if len(t.reasons) > 0 {
			return "", false // which is reported at the literal
		}
		if x.literals == nil {
			x.literals = map[*target]bool{}
		}
		x.literals[t] = true
		x.getBody = x.getBody || t.getBody
		x.need(t.needs)
		for o := range t.calls {
			x.use(o)
		}
		return x.src.apply(e.Pos(), e.End(), t.edits), true
	case *ast.Ident:
		if text, ok := x.name(e, x.info.Uses[e]); ok {
			return text, true
		}
		if _, ok := x.info.Uses[e].(*types.Var); ok && !x.isTarget(x.info.Uses[e]) {
			return x.variable(e)
		}
		return "", false
	case *ast.SelectorExpr:
		if v, ok := x.info.Uses[e.Sel].(*types.Var); ok && v.IsField() {
			return x.field(e, v)
		}
		text, ok := x.name(e.Sel, x.info.Uses[e.Sel])
		return x.src.of(e.X) + "." + text, ok
	case *ast.CallExpr:
		return x.call(e)
	case *ast.IndexExpr:
		if isMapOfShape(x.info.TypeOf(e.X)) || isFunction(x.info.TypeOf(e.X)) {
			text, ok := x.of(e.X)
			return text + "[" + x.src.of(e.Index) + "]", ok
		}
	case *ast.IndexListExpr:
		text, ok := x.of(e.X)
		return text + x.src.between(e.Lbrack, e.End()), ok
	}
	return x.no("is registered as an expression that is not followed (" + x.src.of(e) + ")")
}

// isFunction reports whether t is that of a function, which is generic where it is indexed.
func isFunction(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func (x *expr) use(o types.Object) {
	if x.uses == nil {
		x.uses = map[types.Object]bool{}
	}
	x.uses[origin(o)] = true
}

// name returns the twin of what an identifier names.
func (x *expr) name(id *ast.Ident, o types.Object) (string, bool) {
	name, ok := x.twinOf(o)
	if !ok {
		if o != nil && o.Pkg() != nil && (o.Pkg() != x.pass.Pkg || !x.isTarget(o)) {
			x.no("has no twin of " + id.Name)
		}
		return "", false
	}
	x.use(o)
	x.getBody = x.getBody || x.factOf(origin(o)).GetBody
	return name, true
}

// isTarget reports whether a declaration is a target, whose refusal is reported where it stands.
func (p *pkg) isTarget(o types.Object) bool {
	for _, t := range p.targets {
		if t.obj == origin(o) {
			return true
		}
	}
	return false
}

// variable follows a local variable to what it is given, or to the table that it goes through.
func (x *expr) variable(id *ast.Ident) (string, bool) {
	if value, ok := x.valueOf(id); ok {
		x.reason = ""
		return x.of(value)
	}
	if loop, key, ok := x.rangeOf(id); ok && isMapOfShape(x.info.TypeOf(loop.X)) && key != "" {
		x.reason = ""
		text, ok := x.of(loop.X)
		return text + "[" + key + "]", ok
	}
	return x.no("is registered from the variable " + id.Name + ", which is not followed")
}

// rangeOf returns the loop whose value an identifier is, and the name of its key.
func (p *pkg) rangeOf(id *ast.Ident) (loop *ast.RangeStmt, key string, ok bool) {
	for n := p.parents[id]; n != nil; n = p.parents[n] {
		r, isRange := n.(*ast.RangeStmt)
		if !isRange || r.Value == nil {
			continue
		}
		if v, isIdent := r.Value.(*ast.Ident); isIdent && p.info.Defs[v] != nil && p.info.Defs[v] == p.info.Uses[id] {
			if k, isIdent := r.Key.(*ast.Ident); isIdent && k.Name != "_" {
				key = k.Name
			}
			return r, key, true
		}
	}
	return nil, "", false
}

// call returns the other side of what a factory, a wrapper or a conversion makes.
func (x *expr) call(e *ast.CallExpr) (string, bool) {
	fun := ""
	if s, ok := e.Fun.(*ast.SelectorExpr); ok {
		if id, ok := s.X.(*ast.Ident); ok {
			if imported, ok := x.info.Uses[id].(*types.PkgName); ok && imported.Imported().Path() == reqresPath {
				if s.Sel.Name != "Handler" && s.Sel.Name != "Middleware" && s.Sel.Name != "FromHTTP" {
					return x.no("is made by reqres." + s.Sel.Name + ", which has no counterpart: it stays, and serves or guards both shapes")
				}
				name, _ := importName(x.route.file, fetchPath, "fetch")
				x.need(map[string]string{fetchPath: "fetch"})
				fun = name + "." + s.Sel.Name
				if s.Sel.Name == "FromHTTP" {
					return fun + "(" + x.src.of(e.Args[0]) + ")", true
				}
			}
		}
	}
	if fun == "" {
		text, ok := x.of(e.Fun)
		if !ok {
			return "", false
		}
		fun = text
	}
	args := ""
	for i, a := range e.Args {
		text, ok := x.src.of(a), true
		if ofShape(x.info.TypeOf(a)) {
			text, ok = x.of(a)
		}
		if !ok {
			return "", false
		}
		if i > 0 {
			args += ", "
		}
		args += text
	}
	if e.Ellipsis.IsValid() {
		args += "..."
	}
	return fun + "(" + args + ")", true
}
