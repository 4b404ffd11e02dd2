package tofetch

// What a pair needs to stand in a test of its own: its guards, and the variables of its handlers.

import (
	"go/ast"
	"go/types"
	"slices"
)

// guards returns the lines that guard a route, as they are or are going to be: those in front of it
// in the functions around it.
func (l *line) guards(p *Pair) (uses []string, middleware []ast.Expr) {
	for n := ast.Node(l.route.call); n != nil; n = l.parents[n] {
		block, ok := n.(*ast.BlockStmt)
		if !ok {
			continue
		}
		var here []string
		for _, s := range block.List {
			if s.Pos() >= l.route.call.Pos() {
				break
			}
			e, ok := s.(*ast.ExprStmt)
			if !ok {
				continue
			}
			call, ok := e.X.(*ast.CallExpr)
			if !ok {
				continue
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !isPointer(l.info.TypeOf(f.X), adaptPath, "Routes") || !set("Use", "UseBoth", "UseFetch", "UseReqRes", "Guard")[f.Sel.Name] {
				continue
			}
			for _, a := range call.Args {
				l.free(a, p)
				middleware = append(middleware, a)
			}
			if f.Sel.Name == "UseReqRes" && !call.Ellipsis.IsValid() {
				quiet := &line{pkg: l.pkg, route: &route{file: l.route.file, call: call, needs: map[string]string{}}, all: l.all}
				for _, a := range call.Args {
					here = append(here, quiet.use("r", a))
				}
				continue
			}
			here = append(here, "r."+f.Sel.Name+l.src.between(call.Lparen, call.End()))
		}
		uses = append(here, uses...)
	}
	return uses, middleware
}

// free notes what an expression needs to stand in a test: variables of the functions around it, and
// packages.
func (l *line) free(e ast.Expr, p *Pair) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch o := l.info.Uses[id].(type) {
		case *types.PkgName:
			p.Imports[o.Imported().Path()] = o.Name()
		case *types.Var:
			if o.IsField() || o.Parent() == l.pass.Pkg.Scope() || o.Pkg() != l.pass.Pkg || o.Pos() >= e.Pos() && o.Pos() < e.End() {
				return true
			}
			r := o.Name() + " " + types.TypeString(o.Type(), func(pkg *types.Package) string {
				if pkg == l.pass.Pkg {
					return ""
				}
				p.Imports[pkg.Path()] = pkg.Name()
				return pkg.Name()
			})
			if slices.Contains(p.Receivers, r) {
				return true
			}
			p.Receivers = append(p.Receivers, r)
			if value, ok := l.valueOf(id); ok && l.standsAlone(value) {
				p.Made[r] = l.src.of(value)
				l.free(value, p) // its packages
			}
		}
		return true
	})
}

// standsAlone reports whether an expression names nothing that is declared in a function around it.
func (p *pkg) standsAlone(e ast.Expr) bool {
	alone := true
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			o := p.info.Uses[id]
			v, isVar := o.(*types.Var)
			local := o != nil && o.Pkg() == p.pass.Pkg && o.Parent() != p.pass.Pkg.Scope() && (o.Pos() < e.Pos() || o.Pos() >= e.End())
			switch o.(type) {
			case *types.Func, *types.PkgName:
			default:
				alone = alone && (!local || isVar && v.IsField())
			}
		}
		return alone
	})
	return alone
}
