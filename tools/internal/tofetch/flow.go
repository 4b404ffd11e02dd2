package tofetch

// The way through a body: what has been said when an answer is given. Where it is the same on every
// way, the options stand in the answer. Where it is not, they are collected in a variable.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
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

// mutate deals with calls that say something and do not answer.
func (c *conv) mutate(s ast.Stmt, calls []link, rest []ast.Stmt, p pending, w way) pending {
	if !allMutate(calls) {
		return p
	}
	if p.out != "" {
		c.no(s, "sets headers behind next, where reqres sends them with an error alone: use r.OnHead, or keep it, since it guards both shapes")
		return p
	}
	c.understood(calls[len(calls)-1].call)
	var new []said
	for _, k := range calls {
		x, ok := c.say(k)
		if !ok {
			return p
		}
		new = append(new, x)
	}
	atOnce := c.answersNext(rest)
	for _, x := range new {
		if !x.steady && !atOnce || w.loop {
			c.collect()
		}
	}
	if c.options == "" {
		c.remove(s)
		return p.with(new...)
	}
	var lines []string
	for _, x := range new {
		c.settle(&x)
		if len(x.new) > 0 {
			lines = append(lines, c.appended(x))
		}
		p.maybe = append(slices.Clip(p.maybe), x)
		c.all = append(c.all, x)
	}
	c.statement(s, strings.Join(lines, "\n"))
	return p
}

func allMutate(calls []link) bool {
	return !slices.ContainsFunc(calls, func(k link) bool { return !mutators[k.name] })
}

// settle finds the content type that is said before it is known of what: it must be the same for
// every body.
func (c *conv) settle(s *said) {
	if s.old.Name != "Type" && s.old.Name != "Set" && s.old.Name != "Attachment" || s.old.Name == "Set" && s.header != "Content-Type" {
		return
	}
	var made string
	for i, body := range []any{"sample", []byte("sample"), 1} {
		t := play.Old([]play.Call{s.old, {Name: "Send", Args: []any{body}}}).Header.Get("Content-Type")
		if i > 0 && t != made {
			c.failed = append(c.failed, Reason{c.src.line(s.pos), "sets a content type on some ways only, and reqres completes it by the body: name the charset, too"})
			return
		}
		made = t
	}
	if s.old.Name == "Attachment" && made == play.Old([]play.Call{{Name: "Send", Args: []any{1}}}).Header.Get("Content-Type") {
		return
	}
	s.new = append(s.new, option{play.Call{Name: "SetHeader", Args: []any{"Content-Type", made}}, c.fetch + `.SetHeader("Content-Type", ` + quote(made) + ")"})
}

// setter is the function that a call hands the response to, to say something about the answer.
func (c *conv) setter(call *ast.CallExpr) (*target, bool) {
	t := c.alive[c.callee(call)]
	return t, t != nil && t.kind == "setter" && slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return c.is(a, c.u.res) })
}

func (c *conv) callSetter(s ast.Stmt, call *ast.CallExpr, t *target, p pending) pending {
	c.collect()
	c.statement(s, c.options+" = append("+c.options+", "+c.withoutResponse(call)+"...)")
	for _, x := range t.result.says {
		p.maybe = append(slices.Clip(p.maybe), x)
		c.all = append(c.all, x)
	}
	return p
}

// withoutResponse is the text of a call to what has a twin, which does not take the response.
func (c *conv) withoutResponse(call *ast.CallExpr) string {
	var args []string
	for _, a := range call.Args {
		if id, ok := ast.Unparen(a).(*ast.Ident); ok && c.is(id, c.u.res) {
			c.seen[id] = true
			continue
		}
		if id, ok := ast.Unparen(a).(*ast.Ident); ok && c.is(id, c.u.req) && c.isNext(call) {
			c.seen[id] = true
		}
		args = append(args, c.text(a))
	}
	if call.Ellipsis.IsValid() {
		args[len(args)-1] += "..."
	}
	return c.text(call.Fun) + "(" + strings.Join(args, ", ") + ")"
}

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

// answer is the expression that answers as e does: a chain, a call of what has a twin, or of a local
// function that answers.
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

// underFailure reports whether a statement runs only where an error is not nil.
func (c *conv) underFailure(s ast.Stmt, err string) bool {
	for n := ast.Node(s); n != ast.Node(c.u.node); n = c.parents[n] {
		i, ok := c.parents[n].(*ast.IfStmt)
		if !ok || n != ast.Node(i.Body) {
			continue
		}
		failed := false
		ast.Inspect(i.Cond, func(n ast.Node) bool {
			if b, ok := n.(*ast.BinaryExpr); ok && b.Op == token.NEQ && c.isNil(b.Y) {
				id, isIdent := b.X.(*ast.Ident)
				failed = failed || isIdent && id.Name == err
			}
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				if id, isIdent := call.Args[0].(*ast.Ident); isIdent && id.Name == err {
					failed = true // errors.Is, errors.As
				}
			}
			return true
		})
		if failed {
			return true
		}
	}
	return false
}

// failure returns an error, with the headers that have been set: reqres sends them with it.
func (c *conv) failure(e ast.Expr, p pending) {
	if text, ok := c.withHeaders(e, c.text(e), p); ok {
		c.replace(e.Pos(), e.End(), "nil, "+text)
	}
}

// withHeaders is an error with the headers that have been set.
func (c *conv) withHeaders(at ast.Node, err string, p pending) (text string, ok bool) {
	for _, s := range p.maybe {
		if s.old.Name != "Status" && s.header != "Content-Type" && s.old.Name != "Type" && c.survives(s) {
			c.no(at, "sets headers on some ways only, and then returns an error, with which reqres sends them")
			return "", false
		}
	}
	headers, _, ok := c.headers(p)
	if !ok {
		c.no(at, "says more than a header can before it returns an error, with which reqres sends it: cookies, or several values")
		return "", false
	}
	for _, h := range headers {
		c.need(rootPath, "crossfade")
		err = c.root + ".WithHeader(" + err + ", " + h + ")"
	}
	return err, true
}

// survives reports whether reqres sends what is said with an error, too: what is said about a body and
// its caching it does not.
func (c *conv) survives(s said) bool {
	return s.header == "" || play.Old([]play.Call{s.old, {Name: "Error"}}).Header.Get(s.header) != ""
}

// headers are the headers that have been set, each as two arguments: those that reqres sends with an
// error, and all of them. It reports false where more than headers of one value has been said.
func (c *conv) headers(p pending) (withError, all []string, ok bool) {
	for _, s := range p.said {
		switch {
		case s.old.Name == "Status" || s.old.Name == "Type" || s.header == "Content-Type":
			continue // an error has its own
		case s.old.Name == "Set" || s.old.Name == "Location":
			text := s.new[0].text
			text = strings.TrimSuffix(text[strings.Index(text, "(")+1:], ")")
			all = append(all, text)
			if c.survives(s) {
				withError = append(withError, text)
			}
		default:
			return nil, nil, false
		}
	}
	return withError, all, true
}

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

// join is what has been said behind several ways. Where they do not agree, it is collected.
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
