package tofetch

// The answer: which constructor of package fetch, with which options, gives what the calls on the
// response give. It is found by playing both and comparing what a client gets.

import (
	"fmt"
	"go/ast"
	"go/types"
	"net/http"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

// pending is what has been said on the way to an answer.
type pending struct {
	said  []said // not yet written: options of each answer behind it
	maybe []said // in the variable of options, on this way or on another one that leads here
	out   string // the variable with the answer of next
	outOK string // the error of next
}

func (p pending) with(s ...said) pending {
	p.said = append(append([]said(nil), p.said...), s...)
	return p
}

// candidate is a constructor that may give an answer, with its arguments to be played and as text.
type candidate struct {
	name string
	args []any
	text string
}

// terminal returns the expression that answers as a chain does, and the statements to put before it.
func (c *conv) terminal(calls []link, p pending) (answer, before string) {
	last := calls[len(calls)-1]
	for _, k := range calls[:len(calls)-1] {
		s, ok := c.say(k)
		if !ok {
			return "", ""
		}
		p = p.with(s)
	}
	own := len(p.said) - (len(calls) - 1)
	if c.reordered(calls) {
		c.collect()
		for _, s := range p.said[own:] {
			before += c.appended(s) + "\n"
		}
		p.maybe = append(p.maybe, p.said[own:]...)
		p.said = p.said[:own]
	}
	candidates, lastCalls, ok := c.candidates(last, p)
	if !ok {
		return "", ""
	}
	options, best := "", -1
	for i, lastCall := range lastCalls {
		o, n, why := c.best(candidates, last, lastCall, p)
		if i > 0 && n >= 0 && n != best {
			why, n = "is answered in two ways, depending on its status", -1
		}
		if n < 0 {
			c.no(last.call, why)
			return "", ""
		}
		options, best = o, n
	}
	cand := candidates[best]
	if set("Stream", "SSE")[cand.name] && c.streamsFrom(last.call.Pos()) {
		return "", ""
	}
	args := cand.text
	if options != "" {
		if args != "" {
			args += between
		}
		args += options
	}
	c.need(fetchPath, "fetch")
	answer = c.fetch + "." + cand.name + "(" + args + ")"
	return separate(answer), before
}

// between stands between two options until it is known whether they fit on a line.
const between = "\x01"

// separate puts the options of an answer on one line, or on a line each.
func separate(answer string) string {
	if len(answer) > 100 {
		return strings.ReplaceAll(answer, between, ",\n")
	}
	return strings.ReplaceAll(answer, between, ", ")
}

// best returns the first constructor that fits with what has been said, or else with a content
// type.
func (c *conv) best(candidates []candidate, k link, last play.Call, p pending) (options string, n int, why string) {
	for _, withType := range []bool{false, true} {
		for i, cand := range candidates {
			o, reason := c.fits(cand, k, last, p, withType)
			if reason == "" {
				return o, i, ""
			}
			if why == "" {
				why = reason
			}
		}
	}
	return "", -1, why
}

// reordered reports whether an answer with its options as arguments would evaluate them in another
// order than the chain, and that can be noticed.
func (c *conv) reordered(calls []link) bool {
	effects := 0
	for _, k := range calls {
		for _, a := range k.args {
			if !c.quiet(a) {
				effects++
			}
		}
	}
	return effects > 1 && len(calls) > 1
}

// candidates returns the constructors that may give what the terminal call gives, best first, and
// the call to compare them with: more than one where a status is one of several.
func (c *conv) candidates(k link, p pending) (out []candidate, calls []play.Call, ok bool) {
	arg := func(i int) string { return c.text(k.args[i]) }
	call := play.Call{Name: k.name}
	one := func() []play.Call { return []play.Call{call} }
	switch k.name {
	case "JSON":
		call.Args = []any{"sample"}
		return []candidate{{"JSON", call.Args, arg(0)}}, one(), true
	case "End":
		return []candidate{{"NoContent", nil, ""}, {"NewResponse", nil, c.fetch + ".RequestOption{}"}}, one(), true
	case "SSE":
		return []candidate{{"SSE", nil, arg(0)}}, one(), true
	case "Redirect":
		if !c.hasTarget(k.args[0]) {
			c.no(k.call, "redirects to what a client sends, which may be empty: fetch refuses that, reqres sends it; compare it with \"\" first")
			return nil, nil, false
		}
		call.Args = []any{"/sample"}
		if s, ok := c.constString(k.args[0]); ok {
			call.Args = []any{s}
		}
		target := candidate{"Redirect", call.Args, arg(0)}
		if len(k.args) > 1 {
			codes, all := c.constInts(k.args[1])
			if !all {
				c.no(k.call, "redirects with a computed status, and fetch refuses all but 301, 302, 303, 307 and 308")
				return nil, nil, false
			}
			for _, code := range codes {
				calls = append(calls, play.Call{Name: "Redirect", Args: []any{call.Args[0], code}})
			}
			return []candidate{target}, calls, true
		}
		return []candidate{target}, one(), true
	case "SendStatus":
		codes, all := c.constInts(k.args[0])
		if !all {
			c.no(k.call, "answers with a computed status and its phrase")
			return nil, nil, false
		}
		for _, code := range codes {
			calls = append(calls, play.Call{Name: "SendStatus", Args: []any{code}})
		}
		text := "sample"
		if len(codes) == 1 {
			text = play.Old(calls).Body
			out = append(out, candidate{"NoContent", nil, ""}, candidate{"Text", []any{text}, strconv.Quote(text)})
			return out, calls, true
		}
		for _, code := range codes {
			if play.Old([]play.Call{{Name: "SendStatus", Args: []any{code}}}).Body != http.StatusText(code) {
				c.no(k.call, "answers with a computed status and its phrase")
				return nil, nil, false
			}
		}
		c.need("net/http", "http")
		return []candidate{{"Text", nil, "http.StatusText(" + arg(0) + ")"}}, calls, true
	case "Send":
		out, call.Args, ok = c.sent(k)
		return out, one(), ok
	}
	return nil, nil, false
}

// sent returns the constructors for what Send makes of a value, by its type.
func (c *conv) sent(k link) (out []candidate, args []any, ok bool) {
	t := c.info.Types[k.args[0]]
	text := c.text(k.args[0])
	switch {
	case t.IsNil():
		args = []any{nil}
		return []candidate{{"NewResponse", nil, c.fetch + ".RequestOption{}"}}, args, true
	case types.Identical(t.Type, types.Typ[types.String]), t.Type == types.Typ[types.UntypedString]:
		args = []any{"sample"}
		return []candidate{{"Text", args, text}, {"HTML", args, text}}, args, true
	case types.Identical(t.Type, types.NewSlice(types.Typ[types.Byte])):
		args = []any{[]byte("sample")}
		return []candidate{{"Bytes", args, text}}, args, true
	case readsItself(t.Type):
		args = []any{play.Reader{}}
		return []candidate{{"Stream", args, text}}, args, true
	case types.IsInterface(t.Type):
		c.no(k.call, fmt.Sprintf("sends a %s, and what that is when it runs decides how", types.TypeString(t.Type, types.RelativeTo(c.pass.Pkg))))
		return nil, nil, false
	}
	args = []any{map[string]int{"sample": 1}}
	return []candidate{{"JSON", args, text}}, args, true
}

// readsItself reports whether a type is an io.Reader.
func readsItself(t types.Type) bool {
	o, _, _ := types.LookupFieldOrMethod(t, false, nil, "Read")
	f, ok := o.(*types.Func)
	return ok && f.Signature().Params().Len() == 1 && f.Signature().Results().Len() == 2
}

// hasTarget reports whether the target of a redirection cannot be empty, as far as can be seen: it is
// not just what a client sends, or it is compared with "" before.
func (c *conv) hasTarget(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && c.is(s.X, c.u.req) {
			return false
		}
	case *ast.BasicLit:
		return e.Value != `""`
	case *ast.Ident:
		v, ok := c.info.Uses[e].(*types.Var)
		if !ok {
			return true
		}
		asks, compares := false, false
		ast.Inspect(c.u.body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok && c.info.ObjectOf(id) == v {
						asks = asks || c.mentions(n.Rhs[min(i, len(n.Rhs)-1)], c.u.req)
					}
				}
			case *ast.BinaryExpr:
				x, y := ast.Unparen(n.X), ast.Unparen(n.Y)
				if s, ok := c.constString(y); ok && s == "" && c.is(x, v) {
					compares = true
				}
			case *ast.CallExpr:
				for _, a := range n.Args {
					if c.is(a, v) && n != c.parents[e] && strings.HasPrefix(c.src.of(n.Fun), "strings.") {
						compares = true // HasPrefix and the like
					}
				}
			}
			return true
		})
		return !asks || compares
	}
	return true
}
