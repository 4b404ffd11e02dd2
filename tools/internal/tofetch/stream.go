package tofetch

// Bodies written piece by piece. From the first piece on, what the old handler does becomes the
// function of a fetch.StreamFunc.

import (
	"go/ast"
	"go/token"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

// writing reports whether a use of the response writes a piece of the body.
func (c *conv) writing(id *ast.Ident) bool {
	switch p := c.parents[id].(type) {
	case *ast.SelectorExpr:
		call, ok := c.parents[p].(*ast.CallExpr)
		return ok && call.Fun == ast.Expr(p) && set("Write", "WriteString", "Flush")[p.Sel.Name]
	case *ast.CallExpr:
		o := c.callee(p)
		return o != nil && writes(o, p, id)
	}
	return false
}

// writesPieces reports whether a statement writes one.
func (c *conv) writesPieces(s ast.Stmt) (found bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.is(id, c.u.res) && c.writing(id) {
			found = true
		}
		return !found
	})
	return found
}

// streamsFrom notes that a body is streamed from pos on. It refuses work that is deferred in front of
// it, and reports whether there is any.
func (c *conv) streamsFrom(pos token.Pos) bool {
	c.t.streams = true
	d := c.defersBefore(pos)
	if d != nil {
		c.no(d, "defers work in front of a body that is streamed: in the twin that would run before the body is sent")
	}
	return d != nil
}

// defersBefore returns the first deferred call of the unit in front of pos, or nil.
func (c *conv) defersBefore(pos token.Pos) (found ast.Node) {
	ast.Inspect(c.u.body, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok && d.Pos() < pos {
			found = d
		}
		_, literal := n.(*ast.FuncLit)
		return found == nil && !literal
	})
	return found
}

// stream converts the rest of a body, which writes pieces. It reports false where that does other
// things with the response as well.
func (c *conv) stream(rest []ast.Stmt, p pending) bool {
	type use struct {
		id  *ast.Ident
		end ast.Expr // res.End(), which is nothing where a stream ends
	}
	var uses []use
	ok := true
	if c.streamsFrom(rest[0].Pos()) {
		return false
	}
	for _, s := range rest {
		ast.Inspect(s, func(n ast.Node) bool {
			id, isIdent := n.(*ast.Ident)
			if !isIdent || !c.is(id, c.u.res) {
				return true
			}
			if c.writing(id) {
				uses = append(uses, use{id, nil})
				return true
			}
			member, isMember := c.parents[id].(*ast.SelectorExpr)
			if isMember && member.Sel.Name == "End" {
				call := c.parents[member].(*ast.CallExpr)
				if _, returned := c.parents[call].(*ast.ReturnStmt); returned {
					uses = append(uses, use{id, call})
					return true
				}
			}
			ok = false
			return true
		})
	}
	if !ok {
		return false
	}
	if r := c.endsSilently(rest); r != nil {
		for _, u := range uses {
			c.seen[u.id] = true
		}
		c.no(r, "may return before it has written anything, which reqres answers with 500: end with res.End()")
		return true
	}
	written := link{name: "Write", call: &ast.CallExpr{Fun: uses[0].id, Lparen: rest[0].Pos(), Rparen: rest[0].Pos()}}
	options, _, why := c.best([]candidate{{"StreamFunc", nil, ""}}, written, play.Call{Name: "Write"}, p)
	if why != "" {
		c.no(rest[0], why)
		return true
	}
	w := fresh(c.u.node, "w", "out", "writer")
	for _, u := range uses {
		c.seen[u.id] = true
		if u.end != nil {
			c.replace(u.end.Pos(), u.end.End(), "nil")
			continue
		}
		c.replace(u.id.Pos(), u.id.End(), w)
	}
	c.need(fetchPath, "fetch")
	c.replace(rest[0].Pos(), rest[0].Pos(), "return "+c.fetch+".StreamFunc(func("+w+" *"+c.fetch+".Writer) error {\n")
	if options != "" {
		options = ", " + options
	}
	end := c.endOf(rest[len(rest)-1])
	c.replace(end, end, "\n}"+separate(options)+")")
	return true
}

// endsSilently returns a return that may end a body of which nothing has been written, or nil.
func (c *conv) endsSilently(rest []ast.Stmt) (found ast.Node) {
	if c.writesFirst(rest[0]) {
		return nil
	}
	for _, s := range rest {
		ast.Inspect(s, func(n ast.Node) bool {
			r, ok := n.(*ast.ReturnStmt)
			if !ok || len(r.Results) != 1 {
				_, literal := n.(*ast.FuncLit)
				return !literal
			}
			id, isIdent := r.Results[0].(*ast.Ident)
			switch {
			case c.mentions(r, c.u.res): // res.End()
			case isIdent && !c.isNil(id) && c.underFailure(r, id.Name):
			default:
				found = r
			}
			return true
		})
	}
	return found
}

// writesFirst reports whether a statement writes a text that is not empty, whatever happens.
func (c *conv) writesFirst(s ast.Stmt) bool {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	case *ast.IfStmt:
		if init, ok := s.Init.(*ast.AssignStmt); ok {
			e = init.Rhs[0]
		}
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	if t := c.info.Types[call.Fun]; t.IsType() {
		return false
	}
	for _, a := range call.Args {
		if inner, conversion := ast.Unparen(a).(*ast.CallExpr); conversion && len(inner.Args) == 1 && c.info.Types[inner.Fun].IsType() {
			a = inner.Args[0]
		}
		if text, ok := c.constString(a); ok && text != "" {
			return true
		}
	}
	return false
}

// endOf returns the end of the last statement of a unit, behind its comment on the same line.
func (c *conv) endOf(s ast.Stmt) token.Pos {
	end := s.End()
	for _, f := range c.files {
		for _, group := range f.Comments {
			if group.Pos() >= end && group.End() <= c.u.body.Rbrace && c.src.line(group.Pos()) == c.src.line(end) {
				return group.End()
			}
		}
	}
	return end
}
