package tofetch

// The head of a converted unit: its parameters, its results, and the buffer that a request needs.

import (
	"go/ast"
	"go/types"
)

// buffer makes a body that is read twice readable again, in front of the first read.
func (c *conv) buffer() {
	var reads []ast.Node
	again := false
	ast.Inspect(c.u.body, func(n ast.Node) bool {
		if c.counted[n] {
			reads = append(reads, n)
			_, loop := enclosing[*ast.ForStmt](c.pkg, n)
			again = again || loop
		}
		return true
	})
	if len(reads) < 2 && !again {
		return
	}
	if c.streamed || c.u.work != answers {
		c.no(reads[0], "reads the body more than once, part of it as a stream or in a function that cannot fail: call req.Buffer() in the twin by hand")
		return
	}
	first, last := reads[0], reads[len(reads)-1]
	for at := first; at != ast.Node(c.u.node); at = c.parents[at] {
		list, ok := c.parents[at].(*ast.BlockStmt)
		if _, clause := at.(*ast.CaseClause); ok && !clause && list.Pos() <= last.Pos() && last.End() <= list.End() {
			c.replace(at.Pos(), at.Pos(), "_ = "+c.request()+".Buffer() // the body is read again below; the first read returns the error\n")
			return
		}
	}
}

// signature rewrites parameters and results.
func (c *conv) signature() {
	list := c.u.typ.Params.List
	var edits []edit
	if c.u.req == nil && c.nameless {
		c.no(c.u.typ, "needs the request, which it has no parameter for")
	}
	for i, f := range list {
		t := c.info.TypeOf(f.Type)
		if isResponse(t) {
			if len(f.Names) > 1 {
				c.no(f, "takes two responses")
			}
			pos, end := f.Pos(), f.End()
			if i > 0 {
				pos = list[i-1].End()
			} else if len(list) > 1 {
				end = list[1].Pos()
			}
			edits = append(edits, edit{pos, end, ""})
			continue
		}
		if isRequest(t) && c.nameless && len(f.Names) == 1 {
			edits = append(edits, edit{f.Names[0].Pos(), f.Names[0].End(), "req"})
		}
		c.rewrite(f.Type, &edits)
	}
	if c.u.typ.Results != nil && c.u.work == reads {
		c.rewrite(c.u.typ.Results, &edits)
	}
	c.edits = append(c.edits, edits...)
	switch c.u.work {
	case answers:
		c.need(fetchPath, "fetch")
		results := "(*" + c.fetch + ".Response, error)"
		if c.u.named != nil {
			results = "(_ *" + c.fetch + ".Response, " + c.u.named.Name() + " error)"
		}
		c.replace(c.u.typ.Results.Pos(), c.u.typ.Results.End(), results)
	case says:
		c.need(fetchPath, "fetch")
		c.replace(c.u.typ.Params.End(), c.u.typ.Params.End(), " []"+c.fetch+".ResponseOption")
	}
}

// writes reports whether an argument goes to a parameter that is written to.
func writes(o types.Object, call *ast.CallExpr, argument *ast.Ident) bool {
	s, ok := o.Type().Underlying().(*types.Signature)
	if !ok {
		return false
	}
	for i, a := range call.Args {
		if a == ast.Expr(argument) && i < s.Params().Len() {
			w, ok := s.Params().At(i).Type().Underlying().(*types.Interface)
			return ok && types.NewMethodSet(w).Lookup(nil, "Write") != nil
		}
	}
	return false
}
