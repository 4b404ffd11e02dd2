package tofetch

// Errors in place of answers, and what of the headers said before goes out with them.

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

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

// withHeaders returns an error with the headers that have been set.
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

// headers returns the headers that have been set, each as two arguments: those that reqres sends
// with an error, and all of them. It reports false where more than headers of one value has been
// said.
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
