package tofetch

// Statements with several ways: what has been said behind them, and whether all of them have ended.

import (
	"go/ast"
	"go/token"
	"slices"
)

// ifStmt deals with both ways of an if, and with errors of answers and of next in its header.
func (c *conv) ifStmt(s *ast.IfStmt, rest []ast.Stmt, p pending, w way) pending {
	if init, ok := s.Init.(*ast.AssignStmt); ok {
		if c.isCheckedAnswer(s, init, w) {
			if answer, before, ok := c.answer(ast.Unparen(init.Rhs[0]), p); ok {
				c.becomesReturn(s, answer, before)
				if len(rest) > 0 {
					c.remove(rest[0])
					c.returned[rest[0]] = true
				}
				return p
			}
		}
		if call, isCall := ast.Unparen(init.Rhs[0]).(*ast.CallExpr); isCall && len(init.Rhs) == 1 && c.isNext(call) {
			p = c.nextInto(init, call, p)
			// next moves in front of the if, so that its answer is there behind it.
			text := c.edits[len(c.edits)-1].text
			c.edits = c.edits[:len(c.edits)-1]
			c.replace(s.Pos(), s.Cond.Pos(), text+"\nif ")
		} else {
			p = c.assign(init, nil, p, way{})
		}
	}
	then := c.walk(s.Body.List, p, w)
	other := p
	otherEnds := false
	if s.Else != nil {
		other = c.walk([]ast.Stmt{s.Else}, p, w)
		otherEnds = c.ends([]ast.Stmt{s.Else})
	}
	return c.join(p, []pending{then, other}, []bool{c.ends(s.Body.List), otherEnds})
}

// isCheckedAnswer reports whether s is `if err := <answer>; err != nil { return err }` before the end.
func (c *conv) isCheckedAnswer(s *ast.IfStmt, init *ast.AssignStmt, w way) bool {
	if !w.toEnd || s.Else != nil || len(init.Lhs) != 1 || len(init.Rhs) != 1 || len(s.Body.List) != 1 {
		return false
	}
	name := c.src.of(init.Lhs[0])
	r, ok := s.Body.List[0].(*ast.ReturnStmt)
	return ok && len(r.Results) == 1 && c.src.of(r.Results[0]) == name && c.src.of(s.Cond) == name+" != nil"
}

// switchStmt deals with the clauses of a switch or select.
func (c *conv) switchStmt(s ast.Stmt, p pending, w way) pending {
	var body *ast.BlockStmt
	switch s := s.(type) {
	case *ast.SwitchStmt:
		body = s.Body
		if init, ok := s.Init.(*ast.AssignStmt); ok {
			p = c.assign(init, nil, p, way{})
		}
	case *ast.TypeSwitchStmt:
		body = s.Body
	case *ast.SelectStmt:
		body = s.Body
	}
	ways, ended, hasDefault := []pending{}, []bool{}, false
	w.said, w.maybe = len(p.said), len(p.maybe)
	for _, clause := range body.List {
		var list []ast.Stmt
		switch clause := clause.(type) {
		case *ast.CaseClause:
			list = clause.Body
			hasDefault = hasDefault || clause.List == nil
		case *ast.CommClause:
			list = clause.Body
		}
		in := p
		if n := len(ways); n > 0 && fallsThrough(body.List[n-1]) {
			in = c.join(p, ways[n-1:], []bool{false})
		}
		ways = append(ways, c.walk(list, in, w))
		ended = append(ended, c.ends(list) && !breaks(list))
	}
	if !hasDefault {
		ways, ended = append(ways, p), append(ended, false)
	}
	return c.join(p, ways, ended)
}

// fallsThrough reports whether a clause goes on with the next one.
func fallsThrough(clause ast.Stmt) bool {
	c, ok := clause.(*ast.CaseClause)
	if !ok || len(c.Body) == 0 {
		return false
	}
	last, ok := c.Body[len(c.Body)-1].(*ast.BranchStmt)
	return ok && last.Tok == token.FALLTHROUGH
}

// repeat deals with the body of a loop: what is said in it may have been said before.
func (c *conv) repeat(body *ast.BlockStmt, p pending) pending {
	in := p
	if c.options != "" {
		in.maybe = append(slices.Clip(p.maybe), c.before...)
	}
	out := c.walk(body.List, in, way{loop: true, said: len(in.said), maybe: len(in.maybe)})
	out.said = p.said
	return out
}

// join returns what has been said behind several ways. Where they do not agree, it is collected.
func (c *conv) join(before pending, ways []pending, ended []bool) pending {
	out := before
	for i, p := range ways {
		if ended[i] {
			continue
		}
		if len(p.said) != len(before.said) {
			c.collect()
		}
		for _, s := range p.maybe[min(len(before.maybe), len(p.maybe)):] {
			out.maybe = append(slices.Clip(out.maybe), s)
		}
		if p.out != "" {
			out.out, out.outOK = p.out, p.outOK
		}
	}
	return out
}

// ends reports whether a list cannot be left at its end, as the twin has it.
func (c *conv) ends(list []ast.Stmt) bool {
	for len(list) > 0 && c.returned[list[len(list)-1]] {
		if _, removed := list[len(list)-1].(*ast.ReturnStmt); !removed {
			return true
		}
		list = list[:len(list)-1]
	}
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	case *ast.BlockStmt:
		return c.ends(s.List)
	case *ast.LabeledStmt:
		return c.ends([]ast.Stmt{s.Stmt})
	case *ast.IfStmt:
		return s.Else != nil && c.ends(s.Body.List) && c.ends([]ast.Stmt{s.Else})
	case *ast.ForStmt:
		return s.Cond == nil && !breaks(s.Body.List)
	case *ast.SwitchStmt:
		return c.clausesEnd(s.Body)
	case *ast.TypeSwitchStmt:
		return c.clausesEnd(s.Body)
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := call.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}

func (c *conv) clausesEnd(body *ast.BlockStmt) bool {
	hasDefault := false
	for _, s := range body.List {
		clause := s.(*ast.CaseClause)
		hasDefault = hasDefault || clause.List == nil
		if !c.ends(clause.Body) || breaks(clause.Body) {
			return false
		}
	}
	return hasDefault
}

// breaks reports whether a statement leaves the switch or loop around it.
func breaks(list []ast.Stmt) bool {
	found := false
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				found = found || n.Tok == token.BREAK
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				ast.Inspect(n, func(m ast.Node) bool {
					if b, ok := m.(*ast.BranchStmt); ok && b.Tok == token.BREAK && b.Label != nil {
						found = true
					}
					return true
				})
				return false
			}
			return true
		})
	}
	return found
}
