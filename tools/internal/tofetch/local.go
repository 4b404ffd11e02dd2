package tofetch

// Answers that go through a variable: local functions that answer, and what next has answered.

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

func quote(s string) string { return strconv.Quote(s) }

// assign deals with assignments of an answer, of a local function that answers, and of next.
func (c *conv) assign(s *ast.AssignStmt, rest []ast.Stmt, p pending, w way) pending {
	if len(s.Rhs) != 1 || len(s.Lhs) != 1 {
		return p
	}
	rhs := ast.Unparen(s.Rhs[0])
	if lit, ok := rhs.(*ast.FuncLit); ok {
		c.closure(s, lit)
		return p
	}
	if id, ok := s.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
		return c.spoken(s, rhs, rest, p, w)
	}
	call, ok := rhs.(*ast.CallExpr)
	if !ok || c.u.res == nil {
		return p
	}
	if c.isNext(call) {
		return c.nextInto(s, call, p)
	}
	// err := <answer> and then return err.
	if len(rest) == 0 {
		return p
	}
	if id, ok := s.Lhs[0].(*ast.Ident); ok && s.Tok == token.DEFINE && c.worksOn(rest, id.Name) {
		if answer, before, ok := c.answer(rhs, p); ok {
			p.out, p.outOK = fresh(c.u.node, "out", "answer"), id.Name
			c.statement(s, before+p.out+", "+id.Name+" := "+answer)
			c.note("its answer is sent when the work behind it is done; adapt.After does work once it is complete")
		}
		return p
	}
	r, ok := rest[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 || c.src.of(r.Results[0]) != c.src.of(s.Lhs[0]) {
		return p
	}
	if s.Tok == token.ASSIGN {
		id, isIdent := s.Lhs[0].(*ast.Ident)
		if !isIdent || c.info.Uses[id] == nil || c.values[c.info.Uses[id]] < 3 {
			return p // the variable would have no use left
		}
	}
	if answer, before, ok := c.answer(rhs, p); ok {
		c.becomesReturn(s, answer, before)
		c.remove(r)
		c.returned[r] = true
	}
	return p
}

// deferred reports whether a deferred call of the unit mentions a variable.
func (c *conv) deferred(v *types.Var) bool {
	found := false
	ast.Inspect(c.u.body, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			found = found || c.mentions(d, v)
		}
		return !found
	})
	return found
}

// worksOn reports whether what follows an answer is work that has nothing to do with it, and then its
// error is returned.
func (c *conv) worksOn(rest []ast.Stmt, err string) bool {
	if len(rest) < 2 {
		return false
	}
	for i, s := range rest {
		r, isReturn := s.(*ast.ReturnStmt)
		if isReturn {
			return i > 0 && i == len(rest)-1 && len(r.Results) == 1 && (c.src.of(r.Results[0]) == err || c.isNil(r.Results[0]))
		}
		leaves := false
		ast.Inspect(s, func(n ast.Node) bool {
			_, literal := n.(*ast.FuncLit)
			_, returns := n.(*ast.ReturnStmt)
			_, branches := n.(*ast.BranchStmt)
			leaves = leaves || returns || branches
			return !literal
		})
		if leaves || c.mentions(s, c.u.res) {
			return false
		}
	}
	return false
}

// closure deals with a local function that answers with the response of the unit around it.
func (c *conv) closure(s *ast.AssignStmt, lit *ast.FuncLit) {
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || s.Tok != token.DEFINE || c.units[lit] != nil || !c.mentions(lit, c.u.res) {
		return
	}
	v, ok := c.info.Defs[id].(*types.Var)
	if !ok || c.writes[v] != 1 || workOf(c.info, lit.Type.Results) != answers || len(lit.Type.Results.List[0].Names) > 0 || !c.onlyReturned(v) {
		return
	}
	c.closures[v] = true
	c.need(fetchPath, "fetch")
	c.replace(lit.Type.Results.Pos(), lit.Type.Results.End(), "(*"+c.fetch+".Response, error)")
	start := pending{}
	if c.options != "" {
		start.maybe = c.before
	}
	c.walk(lit.Body.List, start, way{})
}

// onlyReturned reports whether every use of a local function is a call that answers.
func (c *conv) onlyReturned(v *types.Var) bool {
	only := true
	ast.Inspect(c.u.body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || c.info.Uses[id] != types.Object(v) {
			return true
		}
		call, ok := c.parents[id].(*ast.CallExpr)
		if !ok || call.Fun != ast.Expr(id) {
			only = false
			return true
		}
		switch c.parents[call].(type) {
		case *ast.ReturnStmt, *ast.ExprStmt:
		default:
			only = false
		}
		return true
	})
	return only
}

// isNext reports whether a call hands request and response on to a handler in a variable: the next of
// middleware, or what a wrapper wraps.
func (c *conv) isNext(call *ast.CallExpr) bool {
	if len(call.Args) != 2 || !c.is(call.Args[0], c.u.req) || !c.is(call.Args[1], c.u.res) {
		return false
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := c.info.Uses[id].(*types.Var)
	return ok && isHandler(v.Type()) && c.t.node.Pos() <= v.Pos() && v.Pos() < c.t.node.End()
}

// nextInto deals with err := next(req, res).
func (c *conv) nextInto(s *ast.AssignStmt, call *ast.CallExpr, p pending) pending {
	if len(p.said)+len(p.maybe) > 0 {
		c.no(s, "sets headers, and does more behind next: use r.OnHead, or keep it, since it guards both shapes")
	}
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || s.Tok != token.DEFINE || p.out != "" {
		c.no(s, "keeps what next returns in a variable that was there before")
		return p
	}
	p.out, p.outOK = fresh(c.u.node, "out", "answer"), id.Name
	c.replace(s.Pos(), s.End(), p.out+", "+id.Name+" := "+c.withoutResponse(call))
	return p
}

// delegate answers with what other code answers, and the headers that have been set before. That code
// may set the same ones: then its own count, as with the response of reqres.
func (c *conv) delegate(call string, p pending, at ast.Node) (answer, before string, ok bool) {
	withError, headers, ok := c.headers(p)
	for _, s := range p.said {
		if s.old.Name == "Status" || s.header == "Content-Type" || s.old.Name == "Type" {
			ok = false
		}
	}
	if !ok || len(p.maybe) > 0 {
		c.no(at, "says more than one header each before other code answers: use r.OnHead, or keep it, since it guards both shapes")
		return "", "", true
	}
	out, err := fresh(c.u.node, "out", "answer"), fresh(c.u.node, "err", "failed")
	if len(withError) > 0 {
		c.need(rootPath, "crossfade")
	}
	var b strings.Builder
	b.WriteString(out + ", " + err + " := " + call + "\nif " + err + " != nil {\n")
	failed := err
	for _, h := range withError {
		failed = c.root + ".WithHeader(" + failed + ", " + h + ")"
	}
	b.WriteString("return nil, " + failed + "\n}\n")
	for _, h := range headers {
		name, _, _ := strings.Cut(h, ", ")
		b.WriteString("if " + out + " != nil && !" + out + ".Headers().Has(" + name + ") {\n" + out + " = " + out + ".WithHeader(" + h + ")\n}\n")
	}
	return out + ", nil", b.String(), true
}
