package tofetch

// Middleware that lets a request pass or not, by what code of net/http says of it, becomes a guard,
// which has no shape.

import (
	"go/ast"
	"go/types"
	"strings"
)

// guard converts middleware of the form
//
//	func name(next reqres.Handler) reqres.Handler {
//		return func(req *reqres.Request, res *reqres.Response) error { … return next(req, res) }
//	}
//
// that uses req.HTTP, and nothing of the response. It reports whether it has.
func (p *pkg) guard(t *target) bool {
	d, ok := t.node.(*ast.FuncDecl)
	if !ok || d.Recv != nil || len(d.Body.List) != 1 || d.Type.TypeParams != nil {
		return false
	}
	r, ok := d.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	lit, ok := ast.Unparen(r.Results[0]).(*ast.FuncLit)
	if !ok || !strings.Contains(p.src.of(lit), ".HTTP()") {
		return false
	}
	u := p.units[lit]
	if u == nil || u.req == nil || u.work != answers {
		return false
	}
	c := &conv{pkg: p, t: t, u: u, guardian: true, seen: map[*ast.Ident]bool{}, counted: map[ast.Node]bool{}, fetch: "fetch", adapt: "adapt"}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			if enclosed, _ := enclosing[*ast.FuncLit](p, n); enclosed != lit || len(n.Results) != 1 {
				return true
			}
			call, isCall := ast.Unparen(n.Results[0]).(*ast.CallExpr)
			switch {
			case isCall && c.isNext(call):
				c.replace(n.Results[0].Pos(), n.Results[0].End(), u.req.Name()+".Context(), nil")
			default:
				c.replace(n.Results[0].Pos(), n.Results[0].Pos(), "nil, ")
			}
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && c.is(s.X, u.req) {
				if !set("HTTP", "Context", "SetContext")[s.Sel.Name] {
					c.no(n, "reads more than a guard can")
				}
			}
		}
		return true
	})
	var rest []edit
	c.rewrite(lit.Body, &rest)
	for _, e := range rest {
		if !covered(e, c.edits) {
			c.edits = append(c.edits, e)
		}
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || !c.is(id, u.res) && !c.is(id, u.req) {
			return true
		}
		_, member := c.parents[id].(*ast.SelectorExpr)
		call, argument := c.parents[id].(*ast.CallExpr)
		if !(member && c.is(id, u.req)) && !(argument && c.isNext(call)) {
			c.no(id, "does more than a guard can")
		}
		return true
	})
	if len(c.failed) > 0 {
		t.result = result{notes: map[string]bool{}, needs: map[string]string{}, calls: map[types.Object]bool{}}
		return false
	}
	t.guard = true
	t.twin = t.name + "Guard"
	c.need("context", "context")
	c.need("net/http", "http")
	body := p.src.apply(lit.Body.Pos(), lit.Body.End(), c.edits)
	text := "// " + t.twin + " is " + t.name + " as a guard, which has no shape.\nfunc " + t.twin + "(" + u.req.Name() + " *http.Request) (context.Context, error) " + body
	t.edits = []edit{{text: text}}
	return true
}
