package tofetch

// The calls on a response that say something about the answer become options of package fetch.

import (
	"go/ast"
	"go/token"
	"go/types"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

// link is one call of a chain on the response: res.Status(201).JSON(v).
type link struct {
	name string
	args []ast.Expr
	call *ast.CallExpr
}

// chain takes a chain of calls on the response apart.
func (c *conv) chain(e ast.Expr) (calls []link, ok bool) {
	for {
		call, isCall := ast.Unparen(e).(*ast.CallExpr)
		if !isCall {
			slices.Reverse(calls)
			return calls, len(calls) > 0 && c.is(e, c.u.res)
		}
		s, isMember := call.Fun.(*ast.SelectorExpr)
		if !isMember {
			return nil, false
		}
		calls = append(calls, link{s.Sel.Name, call.Args, call})
		e = s.X
	}
}

// said is one thing that has been said about the answer.
type said struct {
	old    play.Call // as the old handler says it
	new    []option  // as the twin does; what becomes of the Content-Type is found out at the answer
	header string    // the header that it sets, "" for the status and for what adds
	steady bool      // it may be said at the answer instead
	pos    token.Pos
}

// option is an option of package fetch, to be played and to be written.
type option struct {
	play.Call
	text string
}

// say returns what a call says that does not answer.
func (c *conv) say(k link) (s said, ok bool) {
	s = said{old: play.Call{Name: k.name}, steady: true, pos: k.call.Pos()}
	for _, a := range k.args {
		s.old.Args = append(s.old.Args, c.sample(a))
		s.steady = s.steady && c.steady(a)
	}
	if k.call.Ellipsis.IsValid() {
		c.no(k.call, "hands a slice to "+k.name+": a value at a time can move")
		return s, false
	}
	texts := func() (out []string) {
		for _, a := range k.args {
			out = append(out, c.text(a))
		}
		return out
	}
	add := func(name string, args []any, texts ...string) {
		s.new = append(s.new, option{play.Call{Name: name, Args: args}, c.fetch + "." + name + "(" + strings.Join(texts, ", ") + ")"})
	}
	known := func() bool {
		for _, a := range k.args {
			if _, ok := c.constString(a); !ok {
				return false
			}
		}
		return true
	}
	switch k.name {
	case "Status":
		codes, all := c.constInts(k.args[0])
		for _, code := range codes {
			if code < 200 || code > 599 {
				c.no(k.call, "answers with the status "+strconv.Itoa(code)+", which fetch refuses")
			}
		}
		if !all {
			c.note("fetch refuses a status below 200 or above 599, and this one is computed")
		}
		add("Status", s.old.Args, texts()...)
	case "Set":
		name, ok := c.constString(k.args[0])
		if !ok {
			c.no(k.call, "sets a header whose name is computed: it may be Content-Type, which reqres completes")
			return s, false
		}
		s.header = http.CanonicalHeaderKey(name)
		if s.header == "Content-Type" {
			return s, c.completes(k.call, k.args[1])
		}
		add("SetHeader", s.old.Args, texts()...)
	case "Append":
		if name, ok := c.constString(k.args[0]); !ok || strings.EqualFold(name, "Content-Type") {
			c.no(k.call, "appends to a header whose name is computed, or to Content-Type")
			return s, false
		}
		t := texts()
		for i := range k.args[1:] {
			add("AddHeader", []any{s.old.Args[0], s.old.Args[i+1]}, t[0], t[i+1])
		}
	case "Type":
		return s, c.completes(k.call, k.args[0])
	case "Cookie", "ClearCookie":
		options := k.args[len(k.args)-1]
		if strings.Contains(c.src.of(options), "Signed") {
			c.no(k.call, "signs a cookie, which fetch cannot")
			return s, false
		}
		name := map[string]string{"Cookie": "SetCookie", "ClearCookie": "ClearCookie"}[k.name]
		add(name, s.old.Args[:len(k.args)-1], texts()...)
	case "Location":
		if !c.plainURL(k.args[0]) {
			c.no(k.call, "encodes a computed URL, which no option does: write url.PathEscape around what is computed, in the old handler first")
			return s, false
		}
		fallthrough
	case "Vary", "Attachment":
		all := known()
		if !all && k.name != "Location" {
			c.no(k.call, k.name+" of a computed value: what reqres makes of it can be known for a constant alone")
			return s, false
		}
		if !all {
			s.header = "Location"
			add("SetHeader", []any{"Location", s.old.Args[0]}, `"Location"`, texts()[0])
			return s, true
		}
		made := play.Old([]play.Call{s.old, {Name: "End"}}).Header
		for _, name := range slices.Sorted(mapKeys(made)) {
			if name == "Content-Type" {
				continue // found out at the answer
			}
			s.header = name
			for _, v := range made[name] {
				add("SetHeader", []any{name, v}, strconv.Quote(name), strconv.Quote(v))
			}
		}
		if k.name == "Vary" {
			s.header = ""
			for i := range s.new {
				s.new[i] = option{play.Call{Name: "AddHeader", Args: s.new[i].Args}, strings.Replace(s.new[i].text, ".SetHeader(", ".AddHeader(", 1)}
			}
		}
	default:
		c.no(k.call, "says "+k.name+", which fetch has no option for: use Append first")
		return s, false
	}
	return s, true
}

func mapKeys(h http.Header) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range h {
			if !yield(name) {
				return
			}
		}
	}
}

// completes reports whether a content type is a constant, of which the library can say what becomes.
func (c *conv) completes(call ast.Node, value ast.Expr) bool {
	if _, ok := c.constString(value); ok {
		return true
	}
	c.no(call, "sets a computed content type, which reqres completes with a charset")
	return false
}

// plainURL reports whether an expression is a URL in which nothing can need an escape: it is made of
// constants and numbers.
func (c *conv) plainURL(e ast.Expr) bool {
	if _, ok := c.constString(e); ok {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return e.Op == token.ADD && c.plainURL(e.X) && c.plainURL(e.Y)
	case *ast.CallExpr:
		f, ok := c.callee(e).(*types.Func)
		if !ok || f.Pkg() == nil || !c.harmless(e) {
			return false
		}
		switch name := f.Pkg().Path() + "." + f.Name(); name {
		case "strconv.Itoa", "strconv.FormatInt", "strconv.FormatUint", "net/url.QueryEscape", "net/url.PathEscape":
			return true
		case "fmt.Sprint":
			return c.integers(e.Args)
		case "fmt.Sprintf":
			format, ok := c.constString(e.Args[0])
			return ok && !strings.Contains(strings.ReplaceAll(format, "%d", ""), "%") && c.integers(e.Args[1:])
		}
	}
	return false
}

// integers reports whether all are integers, which say nothing about how they print.
func (c *conv) integers(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool {
		b, ok := c.info.TypeOf(e).Underlying().(*types.Basic)
		_, named := c.info.TypeOf(e).(*types.Named)
		return !ok || b.Info()&types.IsInteger == 0 || named
	})
}

// sample returns the value of a constant, or one of the type of an expression.
func (c *conv) sample(e ast.Expr) any {
	if s, ok := c.constString(e); ok {
		return s
	}
	t := c.info.Types[e]
	if t.IsNil() {
		return nil
	}
	if values, ok := c.constInts(e); ok && len(values) > 0 {
		return values[0]
	}
	switch u := t.Type.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			return 299 // a status that nobody has
		}
		return "sample"
	case *types.Slice:
		return []byte("sample")
	}
	return "sample"
}
