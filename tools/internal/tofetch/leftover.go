package tofetch

// What a conversion has left of the response, and what it says of that.

import (
	"go/ast"
	"strings"
)

// leftover refuses every use of req and res that no rule has dealt with.
func (c *conv) leftover() {
	ast.Inspect(c.u.body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || c.info.Uses[id] == nil {
			return true
		}
		switch {
		case c.is(id, c.u.res) && !c.seen[id]:
			c.no(id, c.whyResponse(id))
		case c.is(id, c.u.req) && !c.seen[id]:
			s, member := c.parents[id].(*ast.SelectorExpr)
			if !member {
				if !c.argument(id) {
					c.no(id, "hands req to code that has no twin ("+c.around(id)+")")
				}
			} else if call, called := c.parents[s].(*ast.CallExpr); !called || call.Fun != ast.Expr(s) {
				c.no(id, "takes req."+s.Sel.Name+" as a value")
			}
		}
		return true
	})
}

func (c *conv) whyResponse(id *ast.Ident) string {
	for n := ast.Node(id); n != nil && n != ast.Node(c.u.body); n = c.parents[n] {
		switch n.(type) {
		case *ast.GoStmt:
			return "answers from another goroutine, which a returned value cannot"
		case *ast.DeferStmt:
			return "answers in a deferred call: answer where the function returns"
		case *ast.FuncLit:
			return "uses res in a function literal that is not a handler, nor called to answer"
		}
	}
	s, member := c.parents[id].(*ast.SelectorExpr)
	for n := c.parents[id]; n != nil; n = c.parents[n] {
		if _, expression := n.(ast.Expr); expression {
			continue
		}
		if a, ok := n.(*ast.AssignStmt); ok && isResponse(c.info.TypeOf(a.Rhs[0])) {
			return "keeps the response in another variable (" + c.src.of(a) + "): write " + id.Name + " itself"
		}
		break
	}
	switch {
	case !member:
		if call, ok := c.parents[id].(*ast.CallExpr); ok {
			if o := c.callee(call); o != nil {
				if why := c.why(o); why != "" {
					return "hands res to " + o.Name() + why
				}
				if writes(o, call, id) {
					return byHand
				}
			}
		}
		return "hands res to code that has no twin (" + c.around(id) + ")"
	case whyNotResponse[s.Sel.Name] != "":
		return whyNotResponse[s.Sel.Name]
	case terminals[s.Sel.Name], mutators[s.Sel.Name]:
		return "answers, and then more happens (" + c.around(id) + "): return the answer; use adapt.After for work behind it"
	}
	return "uses res." + s.Sel.Name + ", which has no counterpart in fetch"
}

// around returns the expression that an identifier stands in, cut to one line.
func (c *conv) around(n ast.Node) string {
	for range 3 {
		p := c.parents[n]
		if _, ok := p.(ast.Expr); !ok {
			break
		}
		n = p
	}
	line, _, more := strings.Cut(c.src.of(n), "\n")
	if more {
		line += " …"
	}
	return line
}
