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

func (c *conv) note(text string) { c.t.notes[text] = true }

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

// request returns the name of the request, which gets one where it has none.
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

// breakLine returns a line break where the body has none of its own.
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
