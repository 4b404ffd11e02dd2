package tofetch

// The way through a body: what has been said when an answer is given. Where it is the same on every
// way, the options stand in the answer. Where it is not, they are collected in a variable.

import (
	"go/ast"
	"go/token"
	"slices"
)

// way is where a list of statements leads.
type way struct {
	toEnd bool // behind its last statement comes `return nil`
	loop  bool // it may run again
	// How much had been said where the switch, select or loop around it begins.
	said, maybe int
}

// walk rewrites the answers in a list of statements and returns what has been said behind it.
func (c *conv) walk(list []ast.Stmt, p pending, w way) pending {
	for i := 0; i < len(list); i++ {
		s, rest := list[i], list[i+1:]
		inner := way{toEnd: c.leadsToEnd(rest, w), loop: w.loop, said: w.said, maybe: w.maybe}
		if c.u.work == answers && c.parents[s] == ast.Node(c.u.body) && c.writesPieces(s) && c.stream(list[i:], p) {
			return p
		}
		switch s := s.(type) {
		case *ast.ExprStmt:
			p = c.spoken(s, ast.Unparen(s.X), rest, p, inner)
		case *ast.AssignStmt:
			p = c.assign(s, rest, p, inner)
		case *ast.ReturnStmt:
			if i > 0 && c.ends(list[:i]) {
				c.remove(s)
				continue
			}
			c.ret(s, p)
		case *ast.IfStmt:
			p = c.ifStmt(s, rest, p, inner)
		case *ast.BlockStmt:
			p = c.walk(s.List, p, inner)
		case *ast.LabeledStmt:
			if c.jumped[s] {
				p.maybe = append(slices.Clip(p.maybe), c.before...)
			}
			p = c.walk([]ast.Stmt{s.Stmt}, p, way{loop: true})
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			p = c.switchStmt(s, p, inner)
		case *ast.ForStmt:
			p = c.repeat(s.Body, p)
		case *ast.RangeStmt:
			p = c.repeat(s.Body, p)
		case *ast.BranchStmt:
			c.jump(s, p, w)
		}
		if c.jumped[s] {
			p.maybe = append(slices.Clip(p.maybe), c.before...)
		}
	}
	return p
}

// jump notes where a way goes on that has said something since the statement around it began.
func (c *conv) jump(s *ast.BranchStmt, p pending, w way) {
	if s.Label != nil {
		w.said, w.maybe = 0, 0
	}
	if len(p.said) <= w.said && len(p.maybe) <= w.maybe {
		return
	}
	c.collect()
	if s.Label != nil {
		at := c.info.Uses[s.Label].Pos()
		ast.Inspect(c.u.body, func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Pos() == at {
				c.jumped[l] = true
			}
			return true
		})
		return
	}
	for n := c.parents[s]; n != ast.Node(c.u.node); n = c.parents[n] {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			c.jumped[n.(ast.Stmt)] = true
			return
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			c.jumped[n.(ast.Stmt)] = true
			if s.Tok != token.CONTINUE {
				return
			}
		}
	}
}

// leadsToEnd reports whether what follows is `return nil`.
func (c *conv) leadsToEnd(rest []ast.Stmt, w way) bool {
	if c.u.work == says {
		return false
	}
	if len(rest) == 0 {
		return w.toEnd
	}
	switch r := rest[0].(type) {
	case *ast.ReturnStmt:
		return len(r.Results) == 1 && c.isNil(r.Results[0])
	case *ast.BranchStmt:
		_, inSwitch := c.parents[r].(*ast.CaseClause)
		return r.Tok == token.BREAK && r.Label == nil && inSwitch && w.toEnd
	}
	return false
}

// spoken deals with a call that stands by itself.
func (c *conv) spoken(s ast.Stmt, e ast.Expr, rest []ast.Stmt, p pending, w way) pending {
	if calls, ok := c.chain(e); ok && mutators[calls[len(calls)-1].name] {
		return c.mutate(s, calls, rest, p, w)
	}
	if call, ok := e.(*ast.CallExpr); ok {
		if t, set := c.setter(call); set {
			return c.callSetter(s, call, t, p)
		}
	}
	if !w.toEnd && c.worksOn(rest, "") && c.u.work == answers {
		answer, before, ok := c.answer(e, p)
		if ok {
			p.out, p.outOK = fresh(c.u.node, "out", "answer"), fresh(c.u.node, "err", "failed")
			c.statement(s, before+p.out+", "+p.outOK+" := "+answer)
			c.note("its answer is sent when the work behind it is done; adapt.After does work once it is complete")
		}
		return p
	}
	if !w.toEnd || c.u.work == says {
		return p // if it answers, leftover says so
	}
	answer, before, ok := c.answer(e, p)
	if !ok {
		return p
	}
	c.becomesReturn(s, answer, before)
	if len(rest) > 0 {
		c.remove(rest[0])
		c.returned[rest[0]] = true
	}
	return p
}

func (c *conv) becomesReturn(s ast.Stmt, answer, before string) {
	c.statement(s, before+"return "+answer)
	c.returned[s] = true
}
