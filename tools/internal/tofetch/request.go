package tofetch

// How the request is read. Most accessors are the same in both shapes; what is not is spelled in
// another way, or is the reason why a handler stays.

import (
	"go/ast"
	"go/types"
	"strings"
)

// text returns the source of n as the twin has it, but for answers.
func (c *conv) text(n ast.Node) string {
	var edits []edit
	c.rewrite(n, &edits)
	return c.src.apply(n.Pos(), n.End(), edits)
}

// rewrite collects the edits of all in n that is not an answer: accessors of the request, names of
// package reqres, and names of what has a twin.
func (c *conv) rewrite(root ast.Node, edits *[]edit) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if c.units[n] != nil && n != c.u.node {
				return false // is converted by itself
			}
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if c.is(s.X, c.u.req) {
				c.accessor(n, s, edits)
				for _, a := range n.Args {
					c.rewrite(a, edits)
				}
				return false
			}
			if c.is(s.X, c.u.res) && s.Sel.Name == "Locals" {
				c.understood(s.X)
				c.need(adaptPath, "adapt")
				*edits = append(*edits, edit{n.Pos(), n.End(), c.adapt + ".Locals(" + c.request() + ".Context())"})
				return false
			}
		case *ast.SelectorExpr:
			if c.is(n.X, c.u.req) && boundAlike(n.Sel.Name) {
				c.understood(n.X)
				return false
			}
			if c.aliased(n, c.info.Uses[n.Sel], edits) {
				return false
			}
			c.qualified(n, edits)
			if o := c.info.Uses[n.Sel]; o != nil {
				c.named(n.Sel, o, edits)
			}
			c.rewrite(n.X, edits)
			return false
		case *ast.KeyValueExpr:
			if _, field := n.Key.(*ast.Ident); field {
				c.rewrite(n.Value, edits)
				return false
			}
		case *ast.Ident:
			if o := c.info.Uses[n]; o != nil {
				c.named(n, o, edits)
			}
		}
		return true
	})
}

// boundAlike reports whether a member of the request means the same as a method value. Those that read
// the body are counted where they are called, and a request of fetch that is bound keeps its context.
func boundAlike(name string) bool {
	return sameOnBoth[name] && !collects[name] && !streams[name] && name != "Context"
}

// named renames what has a twin.
func (c *conv) named(id *ast.Ident, o types.Object, edits *[]edit) {
	if c.aliased(id, o, edits) {
		return
	}
	if name, ok := c.twinOf(o); ok {
		c.t.calls[origin(o)] = true
		*edits = append(*edits, edit{id.Pos(), id.End(), name})
		return
	}
	if o.Pkg() == c.pass.Pkg && isShape(o.Type()) && o.Parent() == c.pass.Pkg.Scope() {
		c.no(id, "needs a twin of "+id.Name+", which has none"+c.why(o))
	}
}

// aliased replaces another name of a type of package reqres, as type Req = reqres.Request gives it.
func (c *conv) aliased(n ast.Expr, o types.Object, edits *[]edit) bool {
	name, ok := o.(*types.TypeName)
	if !ok || !name.IsAlias() || name.Pkg() == nil || name.Pkg().Path() == reqresPath {
		return false
	}
	t, pointer := types.Unalias(name.Type()), ""
	if p, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(p.Elem()), "*"
	}
	of, ok := t.(*types.Named)
	switch {
	case ok && of.Obj().Pkg() != nil && of.Obj().Pkg().Path() == reqresPath && twins[of.Obj().Name()]:
		c.need(fetchPath, "fetch")
		*edits = append(*edits, edit{n.Pos(), n.End(), pointer + c.fetch + "." + of.Obj().Name()})
		return true
	case !ok && isHandler(t):
		c.need(fetchPath, "fetch")
		*edits = append(*edits, edit{n.Pos(), n.End(), c.fetch + ".Handler"})
		return true
	}
	return false
}

// why returns the reason for which something is not converted.
func (p *pkg) why(o types.Object) string {
	for _, t := range p.targets {
		if t.obj == o && len(t.reasons) > 0 {
			return ": it " + t.reasons[0].Text
		}
	}
	return ""
}

// qualified renames reqres.X.
func (c *conv) qualified(n *ast.SelectorExpr, edits *[]edit) {
	id, ok := n.X.(*ast.Ident)
	if !ok {
		return
	}
	imported, ok := c.info.Uses[id].(*types.PkgName)
	if !ok || imported.Imported().Path() != reqresPath {
		return
	}
	if !twins[n.Sel.Name] {
		c.no(n, "uses reqres."+n.Sel.Name+", which has no counterpart in fetch")
		return
	}
	c.need(fetchPath, "fetch")
	*edits = append(*edits, edit{id.Pos(), id.End(), c.fetch})
}

// accessor spells one call of a member of the request.
func (c *conv) accessor(call *ast.CallExpr, s *ast.SelectorExpr, edits *[]edit) {
	name, req := s.Sel.Name, c.u.req.Name()
	switch {
	case sameOnBoth[name]:
		if collects[name] || streams[name] {
			c.readsBody(call, name, true)
		}
	case name == "Get" && len(call.Args) == 1:
		*edits = append(*edits, edit{s.Sel.Pos(), s.Sel.End(), "Header"})
		header, known := c.constString(call.Args[0])
		if !known {
			c.no(call, "reads a header whose name is computed: with Get it may be Referrer, which means Referer; use Header first")
		}
		if strings.EqualFold(header, "Referrer") || strings.EqualFold(header, "Referer") {
			c.need("cmp", "cmp")
			*edits = append(*edits, edit{call.Pos(), call.End(), "cmp.Or(" + req + `.Header("Referrer"), ` + req + `.Header("Referer"))`})
		}
	case spelled[name] != "":
		text := strings.ReplaceAll(spelled[name], "$", req)
		switch c.parents[call].(type) {
		case *ast.UnaryExpr, *ast.BinaryExpr:
			if strings.Contains(text, "==") {
				text = "(" + text + ")"
			}
		}
		if strings.HasPrefix(text, "strings.") {
			c.need("strings", "strings")
		}
		*edits = append(*edits, edit{call.Pos(), call.End(), text})
	case name == "SetContext" && len(call.Args) == 1:
		if _, statement := c.parents[call].(*ast.ExprStmt); !statement || c.u.work == reads {
			c.no(call, "sets the context of its caller's request")
		}
		*edits = append(*edits, edit{call.Pos(), call.Args[0].Pos(), req + " = " + req + ".WithContext("})
	case c.guardian && name == "HTTP":
		*edits = append(*edits, edit{call.Pos(), call.End(), req})
	case whyNotRequest[name] != "":
		c.no(call, whyNotRequest[name])
	default:
		c.no(call, "fetch has no req."+name)
	}
}

// readsBody notes that the body is read here, also of a GET where nothing inside prevents it.
func (c *conv) readsBody(n ast.Node, name string, get bool) {
	if c.counted[n] {
		return
	}
	c.counted[n] = true
	c.t.reads++
	if _, again := enclosing[*ast.ForStmt](c.pkg, n); again {
		c.t.reads++
	}
	if streams[name] {
		c.streamed = true
	}
	if get && !c.otherMethod(n) {
		c.t.getBody = true
	}
}

// otherMethod reports whether n runs only for methods other than GET and HEAD: it stands under a
// comparison of req.Method(), or behind a refusal of all other methods.
func (c *conv) otherMethod(n ast.Node) bool {
	for at := n; at != nil && at != c.u.node; at = c.parents[at] {
		switch p := c.parents[at].(type) {
		case *ast.CaseClause:
			sw, ok := c.parents[c.parents[p]].(*ast.SwitchStmt)
			if ok && sw.Tag != nil && c.isMethod(sw.Tag) && len(p.List) > 0 && !c.anyGET(p.List) {
				return true
			}
		case *ast.IfStmt:
			if b, ok := ast.Unparen(p.Cond).(*ast.BinaryExpr); ok && at == ast.Node(p.Body) && b.Op.String() == "==" && c.isMethod(b.X) && !c.anyGET([]ast.Expr{b.Y}) {
				return true
			}
		}
		var list []ast.Stmt
		switch b := c.parents[at].(type) {
		case *ast.BlockStmt:
			list = b.List
		case *ast.CaseClause:
			list = b.Body
		}
		for _, s := range list {
			if s == at {
				break
			}
			i, ok := s.(*ast.IfStmt)
			if !ok {
				continue
			}
			b, ok := ast.Unparen(i.Cond).(*ast.BinaryExpr)
			if ok && b.Op.String() == "!=" && c.isMethod(b.X) && !c.anyGET([]ast.Expr{b.Y}) && c.ends(i.Body.List) {
				return true
			}
		}
	}
	return false
}

func (c *conv) isMethod(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	s, ok := call.Fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Method" && c.is(s.X, c.u.req)
}

// anyGET reports whether one of the methods is GET or HEAD, or is not known.
func (p *pkg) anyGET(methods []ast.Expr) bool {
	for _, e := range methods {
		if m, ok := p.constString(e); !ok || m == "GET" || m == "HEAD" {
			return true
		}
	}
	return false
}

// argument reports whether the request, as an argument, goes to code that takes either request, or
// that has a twin.
func (c *conv) argument(id *ast.Ident) bool {
	call, ok := c.parents[id].(*ast.CallExpr)
	if !ok || call.Fun == ast.Expr(id) {
		return false
	}
	o := c.callee(call)
	if o == nil {
		return false
	}
	if o.Pkg() != nil && o.Pkg().Path() == reqresPath && o.Name() == "Decode" {
		c.readsBody(call, "JSON", true)
		return true
	}
	if _, ok := c.twinOf(o); ok {
		if f := c.factOf(o); f.Reads > 0 {
			c.readsBody(call, "JSON", f.GetBody)
		}
		return true
	}
	s, ok := o.Type().Underlying().(*types.Signature)
	if !ok {
		return false
	}
	for i, a := range call.Args {
		if ast.Unparen(a) != ast.Expr(id) || i >= s.Params().Len() {
			continue
		}
		needs, ok := s.Params().At(i).Type().Underlying().(*types.Interface)
		if !ok || needs.NumMethods() == 0 {
			return false
		}
		for m := range needs.Methods() {
			if !sameOnBoth[m.Name()] || streams[m.Name()] || collects[m.Name()] {
				return false
			}
		}
		return true
	}
	return false
}

// factOf returns how a twin reads the body, and whether it streams its answer.
func (p *pkg) factOf(o types.Object) (fact Twin) {
	if t := p.alive[o]; t != nil {
		return Twin{Reads: t.reads, GetBody: t.getBody, Streams: t.streams}
	}
	for _, t := range p.done {
		if t.obj == o {
			return Twin{Reads: t.reads, GetBody: t.getBody, Streams: t.streams}
		}
	}
	if o.Pkg() != p.pass.Pkg {
		p.pass.ImportObjectFact(o, &fact)
	}
	return fact
}
