package tofetch

// The statements that end a way: a return with an answer, with an error, or with nothing.

import (
	"go/ast"
	"go/types"
	"slices"
)

// answersNext reports whether nothing but calls that say something stands before an answer, so that
// all of it may move there.
func (c *conv) answersNext(rest []ast.Stmt) bool {
	for _, s := range rest {
		var e ast.Expr
		switch s := s.(type) {
		case *ast.ExprStmt:
			e = s.X
		case *ast.ReturnStmt:
			if len(s.Results) == 1 {
				e = s.Results[0]
			}
		}
		calls, ok := c.chain(e)
		if !ok {
			return false
		}
		last := calls[len(calls)-1]
		if terminals[last.name] {
			return !slices.ContainsFunc(last.args, func(a ast.Expr) bool { return !c.quiet(a) })
		}
		for _, k := range calls {
			if slices.ContainsFunc(k.args, func(a ast.Expr) bool { return !c.quiet(a) }) {
				return false
			}
		}
	}
	return false
}

// answer returns the expression that answers as e does: a chain, a call of what has a twin, or of a
// local function that answers.
func (c *conv) answer(e ast.Expr, p pending) (answer, before string, ok bool) {
	if c.u.res == nil {
		return "", "", false
	}
	if calls, isChain := c.chain(e); isChain {
		if !terminals[calls[len(calls)-1].name] {
			return "", "", false
		}
		if !allMutate(calls[:len(calls)-1]) {
			return "", "", false
		}
		c.understood(e)
		answer, before = c.terminal(calls, p)
		return answer, before, true
	}
	call, isCall := e.(*ast.CallExpr)
	if !isCall {
		return "", "", false
	}
	if id, isLocal := call.Fun.(*ast.Ident); isLocal {
		if v, _ := c.info.Uses[id].(*types.Var); v != nil && c.closures[v] {
			if len(p.said) > 0 {
				c.collect()
			}
			if c.t.streams {
				c.streamsFrom(call.Pos())
			}
			return c.text(call), "", true
		}
	}
	if !slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return c.is(a, c.u.res) }) {
		return "", "", false
	}
	o := c.callee(call)
	if _, twin := c.twinOf(o); !twin && !c.isNext(call) && !c.isHandlerValue(call) {
		return "", "", false
	}
	answer = c.withoutResponse(call)
	if c.isNext(call) && c.defersBefore(call.Pos()) != nil {
		c.note("what it defers runs when next has returned, before an answer that is streamed is sent")
	}
	if o != nil && c.factOf(origin(o)).Streams {
		c.streamsFrom(call.Pos())
	}
	if len(p.said)+len(p.maybe) > 0 {
		return c.delegate(answer, p, call)
	}
	return answer, "", true
}

// isHandlerValue reports whether a call is of a handler that a wrapper or factory makes: h(x)(req, res).
func (c *conv) isHandlerValue(call *ast.CallExpr) bool {
	inner, ok := ast.Unparen(call.Fun).(*ast.CallExpr)
	if !ok || !isHandler(c.info.TypeOf(call.Fun)) {
		return false
	}
	_, twin := c.twinOf(c.callee(inner))
	return twin
}

// ret rewrites a return.
func (c *conv) ret(s *ast.ReturnStmt, p pending) {
	if c.u.work == says {
		if len(s.Results) == 0 {
			c.statement(s, "return "+c.options)
		}
		return
	}
	if len(s.Results) == 0 {
		c.bare(s, p)
		return
	}
	if len(s.Results) != 1 {
		return
	}
	e := ast.Unparen(s.Results[0])
	if answer, before, ok := c.answer(e, p); ok {
		c.statement(s, before+"return "+answer)
		return
	}
	if c.u.res != nil && c.mentions(e, c.u.res) {
		return // leftover says why
	}
	if p.out != "" {
		switch id, isIdent := e.(*ast.Ident); {
		case isIdent && id.Name == p.outOK:
			c.replace(e.Pos(), e.Pos(), p.out+", ")
		case c.isNil(e) && c.mentionsName(p.outOK):
			c.replace(e.Pos(), e.Pos(), p.out+", ")
		case c.isNil(e):
			c.replace(e.Pos(), e.End(), p.out+", "+p.outOK)
		case c.underFailure(s, p.outOK):
			c.replace(e.Pos(), e.Pos(), "nil, ")
		default:
			c.no(s, "returns an error although next has answered")
		}
		return
	}
	if c.isNil(e) {
		c.replace(e.Pos(), e.Pos(), "nil, ")
		return
	}
	c.failure(e, p)
}

// bare rewrites a return of the error that has a name.
func (c *conv) bare(s *ast.ReturnStmt, p pending) {
	name := c.u.named
	if name == nil {
		return // of a function inside
	}
	switch {
	case p.out != "" && p.outOK == name.Name():
		c.statement(s, "return "+p.out+", "+p.outOK)
	case p.out != "":
		c.no(s, "returns an error although next has answered")
	default:
		text, ok := c.withHeaders(s, name.Name(), p)
		if ok {
			c.statement(s, "return nil, "+text)
		}
	}
}

// mentionsName reports whether the old handler has a variable of that name.
func (c *conv) mentionsName(name string) bool { return fresh(c.u.node, name) != name }
