package port

// Expressions.

import (
	"fmt"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/dop251/goja/ast"
	jstoken "github.com/dop251/goja/token"
)

func sorted(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// kind is what a value is in Go.
type kind int

const (
	text     kind = iota // a string
	optional             // a *string, nil for what is missing
	number               // a literal
	boolean
	listOf    // a []string
	data      // a value for JSON
	dynamic   // a *any of a body, nil for what is missing
	undefined // undefined or null
	// The rest are not values in Go.
	request
	response
	routeContext
	params
	query
	body
	headers
	address
	search
	cookies
	cookieValue
	package_
)

// value is an expression in Go.
type value struct {
	kind kind
	code string
	str  string // of an optional: the string, "" where it is missing
	null bool   // of an optional: what is missing is null, and left out of JSON otherwise
	note func(constant string)
}

// scope is the names that are known.
type scope map[string]value

// name returns a Go name for a name of the program.
func (p *porter) name(own string) string {
	s := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, own)
	if s == "" || unicode.IsDigit([]rune(s)[0]) || unicode.IsUpper([]rune(s)[0]) {
		s = "v" + s
	}
	reserved := []string{"req", "res", "err", "fetch", "reqres", "adapt", "crossfade", "cmp", "strings", "time", "nil", "true", "false", "string", "any", "len", "append", "float64", "map", "body"}
	for p.used[s] || token.IsKeyword(s) || slices.Contains(reserved, s) || Helpers[s].Source != "" {
		s += "_"
		if token.IsKeyword(strings.TrimRight(s, "_")) || slices.Contains(reserved, strings.TrimRight(s, "_")) {
			s = strings.TrimRight(s, "_") + "Value"
		}
	}
	p.used[s] = true
	return s
}

// expr translates an expression.
func (p *porter) expr(s scope, e ast.Expression) value {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return value{kind: text, code: strconv.Quote(e.Value.String())}
	case *ast.NumberLiteral:
		if n, ok := e.Value.(int64); ok && n < 1<<53 {
			return value{kind: number, code: strconv.FormatInt(n, 10)}
		}
		if f, ok := e.Value.(float64); ok {
			return value{kind: number, code: strconv.FormatFloat(f, 'g', -1, 64)}
		}
	case *ast.BooleanLiteral:
		return value{kind: boolean, code: strconv.FormatBool(e.Value)}
	case *ast.NullLiteral:
		return value{kind: undefined, code: "nil", null: true}
	case *ast.Identifier:
		if v, ok := s[e.Name.String()]; ok {
			return v
		}
		inFile, around := p.endpoint.Handler.Declared(e.Name.String())
		if around {
			refuse("it uses %s of the function around it", e.Name)
		}
		if inFile {
			return p.global(e.Name.String(), e)
		}
		switch name := e.Name.String(); name {
		case "undefined":
			return value{kind: undefined, code: "nil"}
		case "Response", "JSON", "URL", "Boolean", "String":
			return value{kind: package_, code: name}
		default:
			return p.global(name, e)
		}
	case *ast.AwaitExpression:
		return p.expr(s, e.Argument)
	case *ast.OptionalChain:
		return p.expr(s, e.Expression)
	case *ast.Optional:
		return p.expr(s, e.Expression)
	case *ast.TemplateLiteral:
		return p.template(s, e)
	case *ast.ObjectLiteral:
		return p.object(s, e)
	case *ast.ArrayLiteral:
		return p.array(s, e)
	case *ast.DotExpression:
		if v, ok := p.constant(s, e); ok {
			if literal, ok := literal(v); ok {
				return literal
			}
		}
		return p.member(s, e, p.expr(s, e.Left), e.Identifier.Name.String())
	case *ast.BracketExpression:
		if name, ok := e.Member.(*ast.StringLiteral); ok {
			return p.member(s, e, p.expr(s, e.Left), name.Value.String())
		}
	case *ast.CallExpression:
		return p.callValue(s, e)
	case *ast.NewExpression:
		if id, ok := e.Callee.(*ast.Identifier); ok && id.Name == "URL" && len(e.ArgumentList) == 1 && p.expr(s, e.ArgumentList[0]).code == "URL" {
			return value{kind: address}
		}
	case *ast.ConditionalExpression:
		cond, yes, no := p.cond(s, e.Test), p.expr(s, e.Consequent), p.expr(s, e.Alternate)
		if yes.kind == no.kind && (yes.kind == text || yes.kind == boolean || yes.kind == number) {
			return value{kind: yes.kind, code: fmt.Sprintf("%s(%s, %s, %s)", p.helper("pick"), cond, yes.code, no.code)}
		}
	case *ast.UnaryExpression:
		if e.Operator == jstoken.NOT {
			return value{kind: boolean, code: p.cond(s, e)}
		}
		if isUndefined(e) {
			return value{kind: undefined, code: "nil"}
		}
		if n, ok := e.Operand.(*ast.NumberLiteral); ok && e.Operator == jstoken.MINUS {
			v := p.expr(s, n)
			v.code = "-" + v.code
			return v
		}
	case *ast.BinaryExpression:
		return p.binary(s, e)
	}
	p.refuseAt(e)
	return value{}
}

// global returns a name of the file: what is imported, or a constant.
func (p *porter) global(name string, at ast.Node) value {
	file := p.endpoint.Handler.File
	for _, st := range file.Program.Body {
		var list []*ast.Binding
		switch st := st.(type) {
		case *ast.VariableStatement:
			list = st.List
		case *ast.LexicalDeclaration:
			if st.Token == jstoken.CONST {
				list = st.List
			}
		}
		for _, b := range list {
			id, ok := b.Target.(*ast.Identifier)
			if !ok || id.Name.String() != name || b.Initializer == nil {
				continue
			}
			if module, ok := required(b.Initializer); ok {
				if !slices.Contains([]string{"next/server", "next/headers", "next/navigation"}, module) {
					refuse("it uses the package %s", module)
				}
				p.consts[name] = true
				return value{kind: package_, code: module}
			}
			if !strings.HasPrefix(name, "import_") {
				v := p.expr(scope{}, b.Initializer)
				if v.kind <= data {
					if v.kind >= listOf && changed(file.Code, name) {
						refuse("%s may change", name)
					}
					p.consts[name] = true
					return v
				}
			}
		}
	}
	refuse("it uses %s, which is not a part of it", p.file.Excerpt(at))
	return value{}
}

// changed says whether code may do more with a constant than read it as a whole.
func changed(code, name string) bool {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\s*(?:\.|\[|\?\.)|\w\(\s*` + regexp.QuoteMeta(name) + `\b`).MatchString(strings.ReplaceAll(strings.ReplaceAll(code, "json("+name, ""), "send("+name, ""))
}

// required returns the module that an initializer of a file requires.
func required(e ast.Expression) (string, bool) {
	call, ok := e.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) == 0 {
		return "", false
	}
	id, _ := call.Callee.(*ast.Identifier)
	switch {
	case id != nil && id.Name == "require":
		if s, ok := call.ArgumentList[0].(*ast.StringLiteral); ok {
			return s.Value.String(), true
		}
	case id != nil && id.Name == "__toESM":
		return required(call.ArgumentList[0])
	}
	return "", false
}

// member returns a property.
func (p *porter) member(s scope, at ast.Node, of value, name string) value {
	switch of.kind {
	case request:
		return p.requestMember(at, name)
	case routeContext:
		if name == "params" {
			return value{kind: params}
		}
	case params:
		return p.param(name)
	case query:
		if p.next && p.isParam(name) {
			return p.param(name)
		}
		return p.queryValue(name, false)
	case body:
		p.reads.body(name)
		p.needsBody(s)
		return value{kind: dynamic, code: fmt.Sprintf("%s(body, %q)", p.helper("member"), name), note: func(c string) { p.reads.bodyValue(name, c) }}
	case headers:
		if !p.endpoint.Fetch {
			return p.headerValue(name, false)
		}
	case address:
		switch name {
		case "searchParams":
			return value{kind: search}
		case "pathname":
			return value{kind: text, code: "req.Path()"}
		}
	case cookies:
		if !p.endpoint.Fetch {
			return p.cookieValue(name)
		}
	case cookieValue:
		if name == "value" {
			return p.cookieValue(of.code)
		}
	case package_:
		switch name {
		case "NextResponse":
			return value{kind: package_, code: "Response"}
		case "default":
			return of
		}
	}
	p.refuseAt(at)
	return value{}
}

func (p *porter) requestMember(at ast.Node, name string) value {
	if name == "method" {
		return value{kind: text, code: "req.Method()", note: p.reads.method}
	}
	if p.endpoint.Fetch {
		switch name {
		case "headers":
			return value{kind: headers}
		case "nextUrl":
			return value{kind: address}
		case "url":
			return value{kind: package_, code: "URL"}
		case "cookies":
			return value{kind: cookies}
		}
		p.refuseAt(at)
	}
	switch name {
	case "query":
		return value{kind: query}
	case "params":
		if !p.next {
			return value{kind: params}
		}
	case "body":
		return value{kind: body}
	case "headers":
		return value{kind: headers}
	case "cookies":
		return value{kind: cookies}
	}
	p.refuseAt(at)
	return value{}
}

// isParam says whether the pattern has a parameter of that name.
func (p *porter) isParam(name string) bool {
	return strings.Contains(p.endpoint.Pattern+"/", "["+name+"]") || strings.Contains(p.endpoint.Pattern, "..."+name+"]") || strings.Contains(p.endpoint.Pattern+"/", ":"+name+"/")
}

func (p *porter) param(name string) value {
	pattern := p.endpoint.Pattern
	switch {
	case strings.Contains(pattern, "[[..."), strings.Contains(pattern, "*"+name):
		refuse("a parameter that may be empty has no translation")
	case strings.Contains(pattern, "[..."+name+"]"):
		p.reads.param(name)
		return value{kind: listOf, code: fmt.Sprintf("req.Params(%q)", name)}
	case !p.isParam(name):
		refuse("it reads the parameter %q, which its path does not have", name)
	}
	p.reads.param(name)
	return value{kind: text, code: fmt.Sprintf("req.Param(%q)", name), note: func(c string) { p.reads.paramValue(name, c) }}
}

func (p *porter) queryValue(name string, null bool) value {
	p.reads.query(name)
	return value{kind: optional, code: fmt.Sprintf("%s(req.QueryValues(%q))", p.helperLater("optional"), name), str: fmt.Sprintf("req.Query(%q)", name), null: null,
		note: func(c string) { p.reads.queryValue(name, c) }}
}

func (p *porter) headerValue(name string, null bool) value {
	p.reads.header(name)
	return value{kind: optional, code: fmt.Sprintf("%s(req.HeaderValues(%q))", p.helperLater("optional"), name), str: fmt.Sprintf("req.Header(%q)", name), null: null,
		note: func(c string) { p.reads.headerValue(name, c) }}
}

func (p *porter) cookieValue(name string) value {
	if name == "" {
		refuse("a cookie without a name has no translation")
	}
	p.reads.cookie(name)
	return value{kind: optional, code: fmt.Sprintf("%s(req.Cookie(%q))", p.helperLater("cookie"), name), str: fmt.Sprintf("%s(%s(req.Cookie(%q)), \"\")", "orElse", "cookie", name),
		note: func(c string) { p.reads.cookieValueOf(name, c) }}
}

// helperLater names a helper that is noted when the code that calls it is kept.
func (p *porter) helperLater(name string) string { return name }

// constant returns a string literal.
func constant(e ast.Expression) (string, bool) {
	s, ok := e.(*ast.StringLiteral)
	if !ok {
		return "", false
	}
	return s.Value.String(), true
}

// callValue returns a call that gives a value.
func (p *porter) callValue(s scope, e *ast.CallExpression) value {
	callee := e.Callee
	if chain, ok := callee.(*ast.OptionalChain); ok {
		callee = chain.Expression
	}
	if seq, ok := callee.(*ast.SequenceExpression); ok && len(seq.Sequence) == 2 {
		if dot, ok := seq.Sequence[1].(*ast.DotExpression); ok {
			of := p.expr(s, dot.Left)
			if of.kind == package_ && of.code == "next/headers" && len(e.ArgumentList) == 0 {
				switch dot.Identifier.Name {
				case "cookies":
					return value{kind: cookies}
				case "headers":
					return value{kind: headers}
				}
			}
		}
		p.refuseAt(e)
	}
	if id, ok := callee.(*ast.Identifier); ok && id.Name == "Boolean" && len(e.ArgumentList) == 1 {
		return value{kind: boolean, code: p.cond(s, e.ArgumentList[0])}
	}
	dot, ok := callee.(*ast.DotExpression)
	if !ok {
		p.refuseAt(e)
	}
	of, method := p.expr(s, dot.Left), dot.Identifier.Name.String()
	name := ""
	if len(e.ArgumentList) == 1 {
		name, ok = constant(e.ArgumentList[0])
		if !ok {
			p.refuseAt(e)
		}
	}
	one := len(e.ArgumentList) == 1
	switch {
	case of.kind == request && !p.endpoint.Fetch && !p.next && one && (method == "get" || method == "header"):
		return p.headerValue(name, false)
	case of.kind == request && p.endpoint.Fetch && method == "json" && len(e.ArgumentList) == 0:
		return value{kind: body}
	case of.kind == search && one && method == "get":
		return p.queryValue(name, true)
	case of.kind == search && one && method == "has":
		p.reads.query(name)
		return value{kind: boolean, code: fmt.Sprintf("len(req.QueryValues(%q)) > 0", name)}
	case of.kind == search && one && method == "getAll":
		p.reads.query(name)
		return value{kind: listOf, code: fmt.Sprintf("%s(req.QueryValues(%q))", p.helper("list"), name)}
	case of.kind == headers && p.endpoint.Fetch && one && method == "get":
		return p.headerValue(name, true)
	case of.kind == headers && p.endpoint.Fetch && one && method == "has":
		p.reads.header(name)
		return value{kind: boolean, code: fmt.Sprintf("len(req.HeaderValues(%q)) > 0", name)}
	case of.kind == cookies && p.endpoint.Fetch && one && method == "get":
		return value{kind: cookieValue, code: name}
	case of.kind == text && len(e.ArgumentList) == 0 && (method == "toLowerCase" || method == "toUpperCase"):
		p.imports["strings"] = true
		return value{kind: text, code: map[string]string{"toLowerCase": "strings.ToLower(", "toUpperCase": "strings.ToUpper("}[method] + of.code + ")"}
	}
	p.refuseAt(e)
	return value{}
}

// stringOf returns a value as the text that a template or a header gets.
func (p *porter) stringOf(v value, at ast.Node) string {
	switch v.kind {
	case text:
		return v.code
	case number:
		return strconv.Quote(v.code)
	case optional:
		missing := "undefined"
		if v.null {
			missing = "null"
		}
		return fmt.Sprintf("%s(%s, %q)", p.helper("orElse"), p.keep(v.code), missing)
	}
	p.refuseAt(at)
	return ""
}

// keep notes the helpers that code calls.
func (p *porter) keep(code string) string {
	for name := range Helpers {
		if strings.Contains(code, name+"(") {
			p.helpers[name] = true
		}
	}
	return code
}

func (p *porter) template(s scope, e *ast.TemplateLiteral) value {
	if e.Tag != nil {
		p.refuseAt(e)
	}
	var parts []string
	for i, part := range e.Elements {
		if t := part.Parsed.String(); t != "" {
			parts = append(parts, strconv.Quote(t))
		}
		if i < len(e.Expressions) {
			parts = append(parts, p.stringOf(p.expr(s, e.Expressions[i]), e))
		}
	}
	if len(parts) == 0 {
		parts = []string{`""`}
	}
	return value{kind: text, code: strings.Join(parts, " + ")}
}

func (p *porter) binary(s scope, e *ast.BinaryExpression) value {
	switch e.Operator {
	case jstoken.PLUS:
		left, right := p.expr(s, e.Left), p.expr(s, e.Right)
		if left.kind == number && right.kind == number {
			p.refuseAt(e)
		}
		return value{kind: text, code: p.stringOf(left, e) + " + " + p.stringOf(right, e)}
	case jstoken.LOGICAL_OR:
		left := p.expr(s, e.Left)
		if left.kind == text || left.kind == optional {
			if right := p.expr(s, e.Right); right.kind == text {
				p.imports["cmp"] = true
				return value{kind: text, code: "cmp.Or(" + p.keep(stringOrEmpty(left)) + ", " + right.code + ")"}
			}
		}
		if left.kind == boolean {
			return value{kind: boolean, code: p.cond(s, e)}
		}
	case jstoken.COALESCE:
		left := p.expr(s, e.Left)
		if left.kind == text {
			return left
		}
		if left.kind == optional {
			right := p.expr(s, e.Right)
			switch right.kind {
			case text:
				return value{kind: text, code: fmt.Sprintf("%s(%s, %s)", p.helper("orElse"), p.keep(left.code), right.code)}
			case undefined: // x ?? null
				left.null = right.null
				return left
			}
		}
	case jstoken.STRICT_EQUAL, jstoken.STRICT_NOT_EQUAL, jstoken.EQUAL, jstoken.NOT_EQUAL:
		return value{kind: boolean, code: p.cond(s, e)}
	case jstoken.LOGICAL_AND:
		if p.expr(s, e.Left).kind == boolean {
			return value{kind: boolean, code: p.cond(s, e)}
		}
	}
	p.refuseAt(e)
	return value{}
}

func stringOrEmpty(v value) string {
	if v.kind == optional {
		return v.str
	}
	return v.code
}

// cond translates a condition.
func (p *porter) cond(s scope, e ast.Expression) string {
	switch e := e.(type) {
	case *ast.UnaryExpression:
		if e.Operator == jstoken.NOT {
			return negate(p.cond(s, e.Operand))
		}
	case *ast.BinaryExpression:
		switch e.Operator {
		case jstoken.LOGICAL_AND:
			return p.group(s, e.Left) + " && " + p.group(s, e.Right)
		case jstoken.LOGICAL_OR:
			return p.group(s, e.Left) + " || " + p.group(s, e.Right)
		case jstoken.STRICT_EQUAL, jstoken.EQUAL:
			return p.equal(s, e, e.Operator == jstoken.EQUAL, true)
		case jstoken.STRICT_NOT_EQUAL, jstoken.NOT_EQUAL:
			return p.equal(s, e, e.Operator == jstoken.NOT_EQUAL, false)
		}
	}
	v := p.expr(s, e)
	switch v.kind {
	case boolean:
		return v.code
	case text, optional:
		return p.keep(stringOrEmpty(v)) + ` != ""`
	case dynamic:
		return p.helper("truthy") + "(" + v.code + ")"
	}
	p.refuseAt(e)
	return ""
}

// group returns a condition as a part of another one.
func (p *porter) group(s scope, e ast.Expression) string {
	c := p.cond(s, e)
	if strings.Contains(c, " || ") || strings.Contains(c, " && ") {
		return "(" + c + ")"
	}
	return c
}

func negate(c string) string {
	if strings.Contains(c, " && ") || strings.Contains(c, " || ") {
		return "!(" + c + ")"
	}
	for _, pair := range [][2]string{{" == ", " != "}, {" != ", " == "}, {" > 0", " == 0"}} {
		if strings.Count(c, pair[0]) == 1 && !strings.Contains(c, `"`+pair[0]) && !strings.HasPrefix(c, "!") {
			return strings.Replace(c, pair[0], pair[1], 1)
		}
	}
	if i := strings.IndexByte(c, '('); i > 0 && closing(c, i) == len(c)-1 {
		return "!" + c
	}
	return "!(" + c + ")"
}

// closing returns where the parenthesis at i is closed.
func closing(c string, i int) int {
	depth := 0
	for ; i < len(c); i++ {
		switch c[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// equal returns a comparison with a constant.
func (p *porter) equal(s scope, e *ast.BinaryExpression, loose, want bool) string {
	operator := map[bool]string{true: " == ", false: " != "}[want]
	for _, order := range [][2]ast.Expression{{e.Left, e.Right}, {e.Right, e.Left}} {
		if u, ok := order[0].(*ast.UnaryExpression); ok && u.Operator == jstoken.TYPEOF {
			if t, _ := constant(order[1]); t == "string" {
				if v := p.expr(s, u.Operand); v.kind == dynamic {
					return map[bool]string{true: "", false: "!"}[want] + p.helper("isText") + "(" + v.code + ")"
				}
			}
			p.refuseAt(e)
		}
		c, ok := constant(order[1])
		if !ok {
			continue
		}
		v := p.expr(s, order[0])
		if v.note != nil {
			v.note(c)
		}
		switch {
		case v.kind == text:
			return v.code + operator + strconv.Quote(c)
		case v.kind == optional && c != "":
			return p.keep(v.str) + operator + strconv.Quote(c)
		}
		p.refuseAt(e)
	}
	for _, order := range [][2]ast.Expression{{e.Left, e.Right}, {e.Right, e.Left}} {
		_, null := order[1].(*ast.NullLiteral)
		if !null && !isUndefined(order[1]) {
			continue
		}
		v := p.expr(s, order[0])
		if v.kind == optional && (loose || v.null == null) {
			return p.keep(v.code) + operator + "nil"
		}
		p.refuseAt(e)
	}
	left, right := p.expr(s, e.Left), p.expr(s, e.Right)
	if left.kind == text && right.kind == text {
		return left.code + operator + right.code
	}
	p.refuseAt(e)
	return ""
}

// isUndefined says whether an expression is undefined, which the compiler writes as void 0.
func isUndefined(e ast.Expression) bool {
	if u, ok := e.(*ast.UnaryExpression); ok && u.Operator == jstoken.VOID {
		_, ok = u.Operand.(*ast.NumberLiteral)
		return ok
	}
	id, ok := e.(*ast.Identifier)
	return ok && id.Name == "undefined"
}

// goType returns the type of a value in JSON, and what its tag needs.
func (p *porter) goType(v value, at ast.Node) (typ, omit string) {
	switch v.kind {
	case text:
		return "string", ""
	case optional:
		if v.null {
			return "*string", ""
		}
		return "*string", ",omitempty"
	case number:
		if _, err := strconv.ParseInt(v.code, 10, 64); err == nil {
			return "int", ""
		}
		return "float64", ""
	case boolean:
		return "bool", ""
	case listOf:
		return "[]string", ""
	case data:
		return "any", ""
	case dynamic:
		return "*any", ",omitempty"
	case undefined:
		if v.null {
			return "any", ""
		}
	}
	p.refuseAt(at)
	return "", ""
}

func (p *porter) object(s scope, e *ast.ObjectLiteral) value {
	type field struct {
		name, key, typ, omit, code string
	}
	var fields []field
	seen := map[string]bool{}
	for _, prop := range e.Value {
		var key string
		var v value
		switch prop := prop.(type) {
		case *ast.PropertyShort:
			key = prop.Name.Name.String()
			v = p.expr(s, &prop.Name)
		case *ast.PropertyKeyed:
			switch k := prop.Key.(type) {
			case *ast.StringLiteral:
				key = k.Value.String()
			case *ast.Identifier:
				if prop.Computed {
					p.refuseAt(e)
				}
				key = k.Name.String()
			default:
				p.refuseAt(e)
			}
			if prop.Kind != ast.PropertyKindValue {
				p.refuseAt(e)
			}
			v = p.expr(s, prop.Value)
		default:
			p.refuseAt(e)
		}
		if key == "" || strings.ContainsAny(key, ",\"\\`'") || !printable(key) || unicode.IsDigit([]rune(key)[0]) || key == "__proto__" || key == "toJSON" {
			refuse("the property %q has no translation", key)
		}
		name := ""
		for _, w := range strings.FieldsFunc(key, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
			if slices.Contains([]string{"id", "url", "api", "html", "json", "ip"}, strings.ToLower(w)) {
				name += strings.ToUpper(w)
				continue
			}
			r := []rune(w)
			name += string(unicode.ToUpper(r[0])) + string(r[1:])
		}
		if name == "" || !unicode.IsUpper([]rune(name)[0]) {
			name = "X" + name
		}
		for seen[name] {
			name += "2"
		}
		if seen["key "+key] {
			refuse("the property %q is there twice", key)
		}
		seen[name], seen["key "+key] = true, true
		f := field{name: name, key: key, code: p.keep(v.code)}
		if key == "-" {
			f.key = "-,"
		}
		f.typ, f.omit = p.goType(v, e)
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		return value{kind: data, code: "struct{}{}"}
	}
	var types, values strings.Builder
	for i, f := range fields {
		fmt.Fprintf(&types, "%s %s `json:\"%s%s\"`\n", f.name, f.typ, f.key, f.omit)
		if i > 0 {
			values.WriteString(", ")
		}
		values.WriteString(f.code)
	}
	if len(fields) == 1 {
		return value{kind: data, code: "struct{ " + strings.TrimSpace(types.String()) + " }{" + values.String() + "}"}
	}
	return value{kind: data, code: "struct {\n" + types.String() + "}{" + values.String() + "}"}
}

func printable(s string) bool {
	for _, c := range s {
		if c < ' ' || c == unicode.ReplacementChar || !unicode.IsPrint(c) {
			return false
		}
	}
	return true
}

func (p *porter) array(s scope, e *ast.ArrayLiteral) value {
	var items []string
	for _, x := range e.Value {
		if x == nil {
			p.refuseAt(e)
		}
		v := p.expr(s, x)
		if v.kind == dynamic || v.kind == optional && !v.null || v.kind == undefined && !v.null {
			p.refuseAt(e) // what is missing is null in a list
		}
		p.goType(v, e)
		items = append(items, p.keep(v.code))
	}
	return value{kind: data, code: "[]any{" + strings.Join(items, ", ") + "}"}
}
