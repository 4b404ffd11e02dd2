package tofetch

// What stands around a route: the scope that a line registers in, and middleware as a twin of itself.

import (
	"go/ast"
	"go/types"
	"strings"
)

// behind registers behind middleware of the route alone: With is of one shape, a scope of both.
func (l *line) behind(scope string, with []ast.Expr, lines []string) {
	adapt, _ := importName(l.route.file, adaptPath, "adapt")
	l.route.needs[adaptPath] = "adapt"
	var b strings.Builder
	b.WriteString(scope + ".Scope(" + adapt + ".Scope{}, func(" + scope + " *" + adapt + ".Routes) {\n")
	if strings.ContainsAny(scope, ".()") {
		l.no(l.route.call, "is registered behind With on something that is not a variable")
		return
	}
	for _, mw := range with {
		b.WriteString(l.use(scope, mw) + "\n")
	}
	for _, text := range lines {
		b.WriteString(text + "\n")
	}
	b.WriteString("})")
	l.route.edits = append(l.route.edits, edit{l.route.call.Pos(), l.route.call.End(), b.String()})
}

// scope returns the *adapt.Routes that registers, and the middleware of the route alone.
func (l *line) scope(e ast.Expr) (routes string, with []ast.Expr, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		return l.src.of(e.X), nil, e.Sel.Name == "ReqRes"
	case *ast.CallExpr:
		s, isMember := e.Fun.(*ast.SelectorExpr)
		if !isMember || s.Sel.Name != "With" || e.Ellipsis.IsValid() {
			return "", nil, false
		}
		routes, with, ok = l.scope(s.X)
		return routes, append(with, e.Args...), ok
	case *ast.Ident:
		if value, known := l.valueOf(e); known {
			return l.scope(value)
		}
	}
	return "", nil, false
}

// valueOf returns what a local variable is given, once.
func (p *pkg) valueOf(id *ast.Ident) (value ast.Expr, ok bool) {
	v, isVar := p.info.Uses[id].(*types.Var)
	if !isVar || p.writes[v] != 1 {
		return nil, false
	}
	for name, o := range p.info.Defs {
		if o != types.Object(v) {
			continue
		}
		if a, isAssign := p.parents[name].(*ast.AssignStmt); isAssign && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
			return a.Rhs[0], true
		}
	}
	return nil, false
}

// uses converts the registration of middleware.
func (l *line) uses(s *ast.SelectorExpr) {
	call, scope := l.route.call, l.src.of(s.X)
	l.route.name = "UseReqRes"
	if _, statement := l.parents[call].(*ast.ExprStmt); !statement || call.Ellipsis.IsValid() {
		l.no(call, "uses a list of middleware: name them one by one")
		return
	}
	var lines []string
	changed := false
	for _, mw := range call.Args {
		text := l.use(scope, mw)
		changed = changed || !strings.Contains(text, ".UseReqRes(")
		lines = append(lines, text)
	}
	if changed {
		l.route.edits = append(l.route.edits, edit{call.Pos(), call.End(), strings.Join(lines, "\n")})
	}
}

// use returns the line that uses one middleware in both shapes, or in none, or as it is.
func (l *line) use(scope string, mw ast.Expr) string {
	old := l.src.of(mw)
	o := l.object(mw)
	if t := l.alive[o]; t != nil && t.guard {
		l.all.uses[o] = true
		return scope + ".Guard(" + t.twin + ")"
	}
	if name, ok := l.existingGuard(o); ok {
		return scope + ".Guard(" + name + ")"
	}
	next, ok := l.twinExpr(mw, "")
	if !ok {
		return scope + ".UseReqRes(" + old + ")"
	}
	return scope + ".UseBoth(" + next + ", " + old + ")"
}

func (l *line) existingGuard(o types.Object) (string, bool) {
	if o == nil || o.Pkg() != l.pass.Pkg || l.alive[o] != nil {
		return "", false
	}
	name, ok := l.existing(o)
	return name, ok && strings.HasSuffix(name, "Guard")
}

// object returns what an expression names.
func (p *pkg) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return origin(p.info.Uses[e])
	case *ast.SelectorExpr:
		return origin(p.info.Uses[e.Sel])
	}
	return nil
}
