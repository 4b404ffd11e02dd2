package tofetch

// The calls of a response that say something and answer nothing: what they say waits for the answer.

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

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

// setter returns the function that a call hands the response to, to say something about the answer.
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

// withoutResponse returns the text of a call to what has a twin, which does not take the response.
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
