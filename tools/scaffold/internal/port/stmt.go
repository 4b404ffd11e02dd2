package port

// Statements and answers.

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja/ast"
	jstoken "github.com/dop251/goja/token"
)

// function translates the handler and returns its statements.
func (p *porter) function() []string {
	p.used, p.consts = map[string]bool{}, map[string]bool{}
	var list *ast.ParameterList
	var block []ast.Statement
	switch n := p.endpoint.Handler.Node.(type) {
	case *ast.FunctionLiteral:
		if n.Generator {
			refuse("it is a generator")
		}
		list, block = n.ParameterList, n.Body.List
	case *ast.ArrowFunctionLiteral:
		list = n.ParameterList
		switch b := n.Body.(type) {
		case *ast.BlockStatement:
			block = b.List
		case *ast.ExpressionBody:
			block = []ast.Statement{&ast.ReturnStatement{Argument: b.Expression}}
		}
	}
	s := scope{}
	kinds := []kind{request, response}
	if p.endpoint.Fetch {
		kinds = []kind{request, routeContext}
	}
	if list.Rest != nil {
		refuse("it has a list of parameters")
	}
	var out []string
	for i, b := range list.List {
		if b.Initializer != nil {
			refuse("its parameters have defaults")
		}
		of := value{kind: package_, code: "next"} // what is behind req and res is never used here
		if i < len(kinds) {
			of = value{kind: kinds[i]}
		}
		if pattern, ok := b.Target.(*ast.ObjectPattern); ok {
			p.destructure(s, pattern, of, &out)
			continue
		}
		if id, ok := b.Target.(*ast.Identifier); ok {
			s[id.Name.String()] = of
		}
	}
	if !p.block(s, block, &out, false) {
		refuse("a way through it ends without an answer")
	}
	return prune(out)
}

var declaration = regexp.MustCompile(`^(\w+) := `)

// prune drops the variables that nothing reads.
func prune(lines []string) []string {
	for i := len(lines) - 1; i >= 0; i-- {
		m := declaration.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		used := regexp.MustCompile(`\b` + regexp.QuoteMeta(m[1]) + `\b`)
		if !used.MatchString(strings.Join(lines[i+1:], "\n")) {
			lines = slices.Delete(lines, i, i+1)
		}
	}
	return lines
}

func clone(s scope) scope {
	c := scope{}
	for k, v := range s {
		c[k] = v
	}
	return c
}

// block translates statements, and says whether every way through them ends the function.
func (p *porter) block(s scope, list []ast.Statement, out *[]string, inner bool) bool {
	around := p.pending
	if around {
		s[bodyRead] = value{} // the statement around this block reads it
	}
	defer func() { p.pending = around }()
	for i, st := range list {
		rest := list[i+1:]
		p.pending = false
		start := len(*out)
		last := len(rest) == 0
		if !last {
			if r, ok := rest[0].(*ast.ReturnStatement); ok && r.Argument == nil {
				last = true
			}
			if b, ok := rest[0].(*ast.BranchStatement); ok && b.Token == jstoken.BREAK && inner {
				last = true
			}
		}
		ends := p.statement(s, st, out, last)
		if p.pending {
			*out = slices.Insert(*out, start, p.readBody(s)...)
		}
		if ends {
			return true
		}
	}
	return false
}

// bodyRead is the name in a scope that says that the variable body is there.
const bodyRead = "the body"

// needsBody says that the statement needs the variable body.
func (p *porter) needsBody(s scope) {
	if _, ok := s[bodyRead]; !ok {
		p.pending = true
	}
}

// readBody reads the body.
func (p *porter) readBody(s scope) []string {
	s[bodyRead] = value{}
	p.reads.hasBody = true
	if p.endpoint.Fetch {
		return []string{"var body map[string]any", "if err := req.JSON(&body); err != nil {\nreturn nil, err\n}"}
	}
	return []string{"body, err := " + p.helper("jsonBody") + "(req)", "if err != nil {\nreturn err\n}"}
}

// statement translates one statement. last says that nothing comes behind it but the end.
func (p *porter) statement(s scope, st ast.Statement, out *[]string, last bool) (ends bool) {
	switch st := st.(type) {
	case *ast.EmptyStatement:
		return false
	case *ast.BlockStatement:
		return p.block(clone(s), st.List, out, false)
	case *ast.ExpressionStatement:
		return p.effect(s, st.Expression, out, last)
	case *ast.ReturnStatement:
		if st.Argument == nil {
			refuse("a way through it ends without an answer")
		}
		p.answer(s, st.Argument, out)
		return true
	case *ast.LexicalDeclaration:
		if st.Token != jstoken.CONST {
			refuse("%s may change", p.file.Excerpt(st))
		}
		for _, b := range st.List {
			p.declare(s, b, out)
		}
		return false
	case *ast.IfStatement:
		*out = append(*out, "if "+p.cond(s, st.Test)+" {")
		yes := p.branch(s, st.Consequent, out)
		no := false
		if st.Alternate != nil {
			*out = append(*out, "} else {")
			no = p.branch(s, st.Alternate, out)
		}
		*out = append(*out, "}")
		return yes && no
	case *ast.SwitchStatement:
		return p.switching(s, st, out)
	case *ast.TryStatement:
		if st.Finally != nil {
			refuse("it has a finally")
		}
		before := p.reads.hasBody
		ends := p.block(clone(s), st.Body.List, out, false)
		if p.reads.hasBody && !before {
			refuse("it catches the errors of a body")
		}
		return ends // nothing of what has a translation throws
	}
	p.refuseAt(st)
	return false
}

func (p *porter) branch(s scope, st ast.Statement, out *[]string) bool {
	var list []ast.Statement
	if b, ok := st.(*ast.BlockStatement); ok {
		list = b.List
	} else {
		list = []ast.Statement{st}
	}
	var lines []string
	ends := p.block(clone(s), list, &lines, false)
	*out = append(*out, prune(lines)...)
	return ends
}

func (p *porter) switching(s scope, st *ast.SwitchStatement, out *[]string) bool {
	on := p.expr(s, st.Discriminant)
	if on.kind != text && on.kind != optional {
		p.refuseAt(st.Discriminant)
	}
	*out = append(*out, "switch "+p.keep(stringOrEmpty(on))+" {")
	all, hasDefault := true, false
	var labels []string
	for i, c := range st.Body {
		if c.Test == nil {
			hasDefault = true
			if len(labels) > 0 || i < len(st.Body)-1 {
				refuse("the default of a switch is not its last case")
			}
			*out = append(*out, "default:")
		} else {
			constant, ok := constant(c.Test)
			if !ok || constant == "" && on.kind == optional {
				p.refuseAt(c.Test)
			}
			if on.note != nil {
				on.note(constant)
			}
			labels = append(labels, strconv.Quote(constant))
			if len(c.Consequent) == 0 {
				continue
			}
			*out = append(*out, "case "+strings.Join(labels, ", ")+":")
			labels = nil
		}
		body := c.Consequent
		if len(body) == 1 {
			if b, ok := body[0].(*ast.BlockStatement); ok {
				body = b.List
			}
		}
		breaks := false
		if n := len(body); n > 0 {
			if b, ok := body[n-1].(*ast.BranchStatement); ok && b.Token == jstoken.BREAK && b.Label == nil {
				breaks, body = true, body[:n-1]
			}
		}
		var lines []string
		ends := p.block(clone(s), body, &lines, true)
		*out = append(*out, prune(lines)...)
		if !ends && !breaks && i < len(st.Body)-1 {
			refuse("a case of a switch falls through")
		}
		all = all && ends
	}
	if len(labels) > 0 {
		refuse("a case of a switch does nothing")
	}
	*out = append(*out, "}")
	return all && hasDefault
}

// declare translates const name = … and const { … } = ….
func (p *porter) declare(s scope, b *ast.Binding, out *[]string) {
	if b.Initializer == nil {
		refuse("%s has no value", p.file.Excerpt(b.Target))
	}
	v := p.expr(s, b.Initializer)
	if v.kind == body && p.endpoint.Fetch { // await request.json() reads here, req.body was read before
		p.needsBody(s)
	}
	switch target := b.Target.(type) {
	case *ast.Identifier:
		p.variable(s, target.Name.String(), v, out)
	case *ast.ObjectPattern:
		p.destructure(s, target, v, out)
	default:
		p.refuseAt(b.Target)
	}
}

// variable gives a name to a value.
func (p *porter) variable(s scope, name string, v value, out *[]string) {
	switch v.kind {
	case optional:
		if strings.HasPrefix(v.code, "cookie(") { // read once, since it has two results
			goName := p.name(name)
			*out = append(*out, goName+" := "+p.keep(v.code))
			v.code, v.str = goName, fmt.Sprintf("orElse(%s, \"\")", goName)
		}
		s[name] = v
	case text, data, listOf, dynamic:
		goName := p.name(name)
		*out = append(*out, goName+" := "+p.keep(v.code))
		v.code = goName
		s[name] = v
	default: // what is asked again is the same again
		s[name] = v
	}
}

func (p *porter) destructure(s scope, pattern *ast.ObjectPattern, of value, out *[]string) {
	if pattern.Rest != nil {
		p.refuseAt(pattern)
	}
	for _, prop := range pattern.Properties {
		var key, name string
		var init ast.Expression
		var inner *ast.ObjectPattern
		switch prop := prop.(type) {
		case *ast.PropertyShort:
			key, init = prop.Name.Name.String(), prop.Initializer
			name = key
		case *ast.PropertyKeyed:
			var ok bool
			if key, ok = constant(prop.Key); !ok {
				id, isID := prop.Key.(*ast.Identifier)
				if !isID || prop.Computed {
					p.refuseAt(pattern)
				}
				key = id.Name.String()
			}
			target := prop.Value
			if a, ok := target.(*ast.AssignExpression); ok {
				target, init = a.Left, a.Right
			}
			switch t := target.(type) {
			case *ast.Identifier:
				name = t.Name.String()
			case *ast.ObjectPattern:
				inner = t
			default:
				p.refuseAt(pattern)
			}
		}
		v := p.member(s, pattern, of, key)
		if inner != nil {
			if init != nil {
				p.refuseAt(pattern)
			}
			if v.kind == body {
				p.needsBody(s)
			}
			p.destructure(s, inner, v, out)
			continue
		}
		if init != nil { // a default counts for what is undefined
			d := p.expr(s, init)
			switch {
			case v.kind == optional && !v.null && d.kind == text:
				v = value{kind: text, code: fmt.Sprintf("%s(%s, %s)", p.helper("orElse"), p.keep(v.code), d.code), note: v.note}
			case v.kind == dynamic && (d.kind == text || d.kind == boolean || d.kind == number):
				goName := p.name(name)
				code := d.code
				if d.kind == number {
					code = "float64(" + code + ")"
				}
				*out = append(*out, fmt.Sprintf("%s := %s", goName, v.code), fmt.Sprintf("if %s == nil {\n%s = %s(%s)\n}", goName, goName, p.helper("pointer"), code))
				v.code = goName
				s[name] = v
				continue
			default:
				p.refuseAt(pattern)
			}
		}
		p.variable(s, name, v, out)
	}
}

// effect is an expression that stands as a statement: an answer, or what prepares one.
func (p *porter) effect(s scope, e ast.Expression, out *[]string, last bool) (ends bool) {
	if a, ok := e.(*ast.AwaitExpression); ok {
		e = a.Argument
	}
	if call, ok := e.(*ast.CallExpression); ok {
		if dot, ok := call.Callee.(*ast.DotExpression); ok {
			if id, ok := dot.Left.(*ast.Identifier); ok && id.Name == "console" {
				*out = append(*out, "// "+p.file.Excerpt(call))
				return false
			}
		}
	}
	if p.endpoint.Fetch {
		if lines, ok := p.thrown(s, e); ok {
			*out = append(*out, lines...)
			return true
		}
		p.refuseAt(e)
	}
	if a, ok := e.(*ast.AssignExpression); ok && a.Operator == jstoken.ASSIGN { // res.statusCode = 404
		if dot, ok := a.Left.(*ast.DotExpression); ok && dot.Identifier.Name == "statusCode" && p.expr(s, dot.Left).kind == response {
			*out = append(*out, "res.Status("+p.status(s, a.Right)+")")
			return false
		}
		p.refuseAt(e)
	}
	lines, terminal := p.chain(s, e, out)
	if !terminal {
		if lines != "res" { // all of it is written
			*out = append(*out, lines)
		}
		return false
	}
	if !last {
		refuse("it goes on after its answer")
	}
	*out = append(*out, "return "+lines)
	return true
}

// answer translates what is returned.
func (p *porter) answer(s scope, e ast.Expression, out *[]string) {
	if a, ok := e.(*ast.AwaitExpression); ok {
		e = a.Argument
	}
	if c, ok := e.(*ast.ConditionalExpression); ok {
		*out = append(*out, "if "+p.cond(s, c.Test)+" {")
		p.answer(s, c.Consequent, out)
		*out = append(*out, "}")
		p.answer(s, c.Alternate, out)
		return
	}
	if p.endpoint.Fetch {
		*out = append(*out, p.response(s, e)...)
		return
	}
	code, terminal := p.chain(s, e, out)
	if !terminal {
		refuse("a way through it ends without an answer")
	}
	*out = append(*out, "return "+code)
}

// status returns a status, a literal.
func (p *porter) status(s scope, e ast.Expression) string {
	v := p.expr(s, e)
	if n, err := strconv.Atoi(v.code); err == nil && v.kind == number && n >= 200 && n <= 599 {
		return v.code
	}
	if v.kind == number && strings.HasPrefix(v.code, "pick(") {
		return v.code
	}
	refuse("the status %s has no translation", p.file.Excerpt(e))
	return ""
}

// chain translates res.a(…).b(…). terminal says that it answers.
func (p *porter) chain(s scope, e ast.Expression, out *[]string) (code string, terminal bool) {
	call, ok := e.(*ast.CallExpression)
	if !ok {
		p.refuseAt(e)
	}
	dot, ok := call.Callee.(*ast.DotExpression)
	if !ok {
		if len(call.ArgumentList) == 0 {
			refuse("it calls %s", p.file.Excerpt(call.Callee))
		}
		p.refuseAt(e)
	}
	method, args := dot.Identifier.Name.String(), call.ArgumentList
	before := "res"
	if id, ok := dot.Left.(*ast.Identifier); !ok || s[id.Name.String()].kind != response {
		if _, isCall := dot.Left.(*ast.CallExpression); !isCall {
			p.refuseAt(e)
		}
		var ended bool
		before, ended = p.chain(s, dot.Left, out)
		if ended {
			refuse("it goes on after its answer")
		}
	}
	arg := func(i int) string { return p.stringOf(p.expr(s, args[i]), call) }
	n := len(args)
	switch {
	case method == "status" && n == 1:
		return before + ".Status(" + p.status(s, args[0]) + ")", false
	case (method == "set" || method == "setHeader" || method == "header") && n == 2:
		name, ok := constant(args[0])
		if !ok || strings.EqualFold(name, "content-type") && method == "setHeader" && !p.next {
			p.refuseAt(call)
		}
		if strings.EqualFold(name, "content-type") && p.next {
			p.refuseAt(call)
		}
		if list, ok := args[1].(*ast.ArrayLiteral); ok {
			var values []string
			for _, x := range list.Value {
				values = append(values, p.stringOf(p.expr(s, x), call))
			}
			if name == "Allow" || name == "allow" { // a list is a line for each; clients see the same
				*out = append(*out, fmt.Sprintf("%s.Append(%q, %s)", before, name, strings.Join(values, ", ")))
				return "res", false
			}
			p.refuseAt(call)
		}
		return fmt.Sprintf("%s.Set(%q, %s)", before, name, arg(1)), false
	case method == "type" && n == 1 && !p.next:
		return before + ".Type(" + arg(0) + ")", false
	case method == "vary" && n == 1 && !p.next:
		return before + ".Vary(" + arg(0) + ")", false
	case method == "location" && n == 1 && !p.next:
		return before + ".Location(" + p.textOf(s, args[0]) + ")", false
	case method == "cookie" && (n == 2 || n == 3) && !p.next:
		return before + ".Cookie(" + p.cookieArgs(s, call, args) + ")", false
	case method == "json" && n == 1:
		v := p.expr(s, args[0])
		p.goType(v, call)
		if v.kind == optional && !v.null {
			refuse("it answers with what may be undefined")
		}
		return before + ".JSON(" + p.keep(v.code) + ")", true
	case method == "send" && n == 1:
		v := p.expr(s, args[0])
		switch v.kind {
		case text:
			return before + ".Send(" + v.code + ")", true
		case data:
			return before + ".JSON(" + p.keep(v.code) + ")", true
		}
		p.refuseAt(call)
	case method == "end" && n == 1:
		if before != "res" {
			*out = append(*out, before)
		}
		*out = append(*out, "if _, err := res.WriteString("+arg(0)+"); err != nil {\nreturn err\n}")
		return "res.End()", true
	case (method == "end" || method == "send") && n == 0:
		return before + ".End()", true
	case method == "sendStatus" && n == 1 && !p.next:
		return before + ".SendStatus(" + p.status(s, args[0]) + ")", true
	case method == "redirect" && n == 1:
		return before + ".Redirect(" + p.textOf(s, args[0]) + ")", true
	case method == "redirect" && n == 2:
		return before + ".Redirect(" + p.textOf(s, args[1]) + ", " + p.status(s, args[0]) + ")", true
	}
	refuse("%s has no translation", p.file.Excerpt(call))
	return "", false
}

// textOf returns an expression that must be a text.
func (p *porter) textOf(s scope, e ast.Expression) string {
	v := p.expr(s, e)
	if v.kind != text {
		p.refuseAt(e)
	}
	return v.code
}

func (p *porter) cookieArgs(s scope, call *ast.CallExpression, args []ast.Expression) string {
	name, ok := constant(args[0])
	v := p.expr(s, args[1])
	if !ok || v.kind != text && v.kind != dynamic {
		p.refuseAt(call)
	}
	if v.kind == dynamic {
		refuse("the value of a cookie may be something else than a text")
	}
	p.imports["crossfade"] = true
	options := []string{}
	if len(args) == 3 {
		o, ok := args[2].(*ast.ObjectLiteral)
		if !ok {
			p.refuseAt(call)
		}
		for _, prop := range o.Value {
			keyed, ok := prop.(*ast.PropertyKeyed)
			if !ok {
				p.refuseAt(call)
			}
			key := ""
			if id, ok := keyed.Key.(*ast.Identifier); ok {
				key = id.Name.String()
			} else if k, ok := keyed.Key.(*ast.StringLiteral); ok {
				key = k.Value.String()
			}
			value := p.expr(s, keyed.Value)
			switch {
			case key == "httpOnly" && value.kind == boolean:
				options = append(options, "HTTPOnly: "+value.code)
			case key == "secure" && value.kind == boolean:
				options = append(options, "Secure: "+value.code)
			case key == "path" && value.kind == text:
				options = append(options, "Path: "+value.code)
			case key == "maxAge" && value.kind == number && !strings.HasPrefix(value.code, "pick"):
				p.imports["time"] = true
				options = append(options, "MaxAge: "+value.code+" * time.Millisecond")
			default:
				p.refuseAt(call)
			}
		}
	}
	return fmt.Sprintf("%q, %s, crossfade.CookieOptions{%s}", name, v.code, strings.Join(options, ", "))
}
