package tofetch

// One unit: from (req, res) error to (req) (*fetch.Response, error).

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// conv converts one unit of a target.
type conv struct {
	*pkg
	t     *target
	u     *unit
	edits []edit

	fetch, adapt, root string // the names of the packages in this file

	options  string              // the variable that collects options, "" where each answer has its own
	closures map[*types.Var]bool // local functions that answer
	outs     map[*types.Var]string
	returned map[ast.Stmt]bool // statements that are returns now
	seen     map[*ast.Ident]bool
	counted  map[ast.Node]bool // reads of the body that have been counted
	streamed bool
	nameless bool // the request needs a name
	guardian bool // the twin is a guard of net/http
	failed   []Reason
	jumped   map[ast.Stmt]bool // statements that are left or entered by a jump that takes along what has been said
	all      []said            // what has been said in the variable of options, on any way
	before   []said            // the same, of the walk before: what a loop may have said
}

// again is the panic that starts a unit anew, with a variable for its options.
type again struct{}

func (c *conv) no(n ast.Node, text string) {
	c.failed = append(c.failed, Reason{c.src.line(n.Pos()), text})
}

func (c *conv) note(text string)       { c.t.notes[text] = true }
func (c *conv) need(path, name string) { c.t.needs[path] = name }

func (c *conv) is(e ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && v != nil && c.info.Uses[id] == types.Object(v)
}

func (c *conv) isNil(e ast.Expr) bool { return c.info.Types[e].IsNil() }

// understood notes that a use of res or req has been dealt with.
func (c *conv) understood(e ast.Expr) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.CallExpr:
			e = x.Fun
		case *ast.SelectorExpr:
			e = x.X
		case *ast.Ident:
			c.seen[x] = true
			return
		default:
			return
		}
	}
}

func (c *conv) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(m ast.Node) bool {
		if id, ok := m.(*ast.Ident); ok && v != nil && c.info.Uses[id] == types.Object(v) {
			found = true
		}
		return !found
	})
	return found
}

// request is the name of the request, which gets one where it has none.
func (c *conv) request() string {
	if c.u.req != nil && c.u.req.Name() != "_" {
		return c.u.req.Name()
	}
	c.nameless = true
	return "req"
}

func (c *conv) replace(pos, end token.Pos, text string) {
	c.edits = append(c.edits, edit{pos, end, text})
}

// statement replaces a statement. Comments inside that the new text does not have stand above it.
func (c *conv) statement(s ast.Stmt, text string) {
	var kept strings.Builder
	for _, f := range c.files {
		if s.Pos() < f.FileStart || s.Pos() >= f.FileEnd {
			continue
		}
		for _, group := range f.Comments {
			for _, comment := range group.List {
				if s.Pos() < comment.Pos() && comment.End() <= s.End() && !strings.Contains(text, comment.Text) {
					kept.WriteString(comment.Text + "\n")
				}
			}
		}
	}
	c.replace(s.Pos(), s.End(), kept.String()+text)
}

// remove takes a statement out, with its line where it has one of its own.
func (c *conv) remove(s ast.Stmt) {
	before := len(c.edits)
	c.statement(s, "")
	if c.edits[before].text == "" {
		pos, end := c.src.wholeLine(s)
		c.edits[before] = edit{pos, end, ""}
	}
}

// convert rewrites the unit; what it finds goes to the target.
func (c *conv) convert() {
	if c.u.work == unclear {
		c.no(c.u.node, "takes a response and does not return just an error")
		c.finish()
		return
	}
	if named := c.u.named; named != nil && c.u.res != nil && c.deferred(named) {
		c.no(c.u.node, "has a deferred function that sees the error "+named.Name()+" it returns: in the twin that would not see the answer")
		c.finish()
		return
	}
	if c.u.res != nil {
		c.run()
		if c.options != "" {
			init := "\nvar " + c.options + " []" + c.fetch + ".ResponseOption" + c.breakLine()
			c.replace(c.u.body.Lbrace+1, c.u.body.Lbrace+1, init)
		}
	}
	var rest []edit
	c.rewrite(c.u.body, &rest)
	for _, e := range rest {
		if !covered(e, c.edits) {
			c.edits = append(c.edits, e)
		}
	}
	c.leftover()
	c.buffer()
	c.signature()
	c.finish()
}

// run walks the body, a second time where its answers do not know what has been said before.
func (c *conv) run() {
	if c.u.work == says {
		c.options = fresh(c.u.node, "opts", "options")
	}
	for {
		c.edits, c.failed, c.t.says = nil, nil, nil
		c.before, c.all = c.all, nil
		c.seen, c.returned = map[*ast.Ident]bool{}, map[ast.Stmt]bool{}
		c.closures, c.outs = map[*types.Var]bool{}, map[*types.Var]string{}
		switch {
		case !c.walkAll():
		case len(c.all) != len(c.before):
			continue // loops have to know what they say
		default:
			return
		}
		c.options = fresh(c.u.node, "opts", "options")
	}
}

func (c *conv) walkAll() (done bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(again); !ok {
				panic(r)
			}
			done = false
		}
	}()
	end := c.walk(c.u.body.List, pending{}, way{})
	if c.u.work == says {
		c.t.says = end.maybe
		c.replace(c.u.body.Rbrace, c.u.body.Rbrace, c.breakLine()+"return "+c.options+"\n")
	}
	return true
}

// breakLine is a line break where the body has none of its own.
func (c *conv) breakLine() string {
	if c.src.line(c.u.body.Lbrace) == c.src.line(c.u.body.Rbrace) {
		return "\n"
	}
	return ""
}

// collect makes the unit collect its options in a variable.
func (c *conv) collect() {
	if c.options == "" {
		panic(again{})
	}
}

func (c *conv) finish() {
	c.t.edits = append(c.t.edits, c.edits...)
	for _, follows := range []bool{false, true} {
		for _, r := range c.failed {
			// A name without a counterpart mostly follows from a call without one.
			if strings.HasPrefix(r.Text, "uses reqres.") == follows && !(follows && len(c.t.reasons) > 0) {
				c.t.refuse(r.Line, r.Text)
			}
		}
	}
}

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

// around is the expression that an identifier stands in, cut to one line.
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
