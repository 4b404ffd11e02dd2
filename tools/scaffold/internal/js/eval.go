package js

// Evaluation without running: statements in their order, both branches where a condition is not known, each function once
// at a time. A program that registers routes does so while it starts, with literals, in the main; what it takes from
// elsewhere is Unknown, and stays visible as such.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja/ast"
)

// Program evaluates the files of a project. It is for one goroutine.
type Program struct {
	// Load finds the file that a module path leads to, nil for a package.
	Load func(from *File, path string) *File
	// Call is asked first about every call whose callee or receiver is External, Host or Unknown.
	Call func(c Call) (result Value, ok bool)
	// Assume is told where a value that is not known was taken for its default, as in process.env.P || '/api'.
	Assume func(at Pos, text string, as Value)

	modules map[*File]*Object
	funcs   map[ast.Node]*Func
	called  map[ast.Node]bool
	order   []*Func
	classes []*Class
	active  map[ast.Node]bool
	steps   int // since the start of what was asked for
	nested  int // modules that are being evaluated
}

// Call is a call with what is known about it.
type Call struct {
	Pos
	Node   *ast.CallExpression // nil for new
	Callee Value               // what is called; of a method only where that is known
	This   Value               // the receiver of a method
	Method string              // its name
	Args   []Value
	Nodes  []ast.Expression // the arguments
}

// maxSteps bounds the work on one file or function; maxDepth the calls in each other.
const (
	maxSteps = 2_000_000
	maxDepth = 40
)

type scope struct {
	vars   map[string]Value
	parent *scope
	file   *File
	this   Value
	depth  int
	// returned are the values that the function can return.
	returned *[]Value
}

func (s *scope) inner() *scope {
	n := *s
	n.vars, n.parent = map[string]Value{}, s
	return &n
}

// inside says whether s is a scope in outer, or outer itself.
func (s *scope) inside(outer *scope) bool {
	for ; s != nil; s = s.parent {
		if s == outer {
			return true
		}
	}
	return false
}

func (s *scope) lookup(name string) (*scope, bool) {
	for ; s != nil; s = s.parent {
		if _, ok := s.vars[name]; ok {
			return s, true
		}
	}
	return nil, false
}

// Module evaluates a file once and returns what it exports: an *Object for a module with named exports.
func (p *Program) Module(f *File) Value {
	if p.modules == nil {
		p.modules, p.funcs = map[*File]*Object{}, map[ast.Node]*Func{}
		p.called, p.active = map[ast.Node]bool{}, map[ast.Node]bool{}
	}
	module := p.modules[f]
	if module == nil {
		module = NewObject()
		exports := NewObject()
		module.Set("exports", exports)
		p.modules[f] = module
		if p.nested == 0 {
			p.steps = 0
		}
		p.nested++
		defer func() { p.nested-- }()
		s := &scope{vars: map[string]Value{"module": module, "exports": exports}, file: f, returned: new([]Value)}
		p.block(s, f.Program.Body)
		if exports, ok := module.Get("exports").(*Object); ok {
			for k, v := range exports.Props {
				exports.Props[k] = p.settle(v)
			}
		}
	}
	return module.Get("exports")
}

// Rest calls the functions and makes the classes of which mentioned says so, if nothing has: those that others call by their
// names through these, and the rest with arguments that nobody knows.
func (p *Program) Rest(mentioned func(source string) bool) {
	var wanted []*Func
	in := map[*Func]bool{}
	for i := 0; i < len(p.order); i++ {
		if f := p.order[i]; !p.called[f.Node] && mentioned(source(f.Node)) {
			wanted, in[f] = append(wanted, f), true
		}
	}
	for i := 0; i < len(wanted); i++ { // and those that call them
		if wanted[i].Name == "" {
			continue
		}
		calls := regexp.MustCompile(`\b` + regexp.QuoteMeta(wanted[i].Name) + `\s*\(`)
		for _, f := range p.order {
			if !in[f] && !p.called[f.Node] && f.File == wanted[i].File && calls.MatchString(source(f.Node)) {
				wanted, in[f] = append(wanted, f), true
			}
		}
	}
	for _, f := range slices.Backward(wanted) {
		if !p.called[f.Node] && in[f] && !mentioned(source(f.Node)) {
			p.steps = 0
			p.Invoke(f, nil)
		}
	}
	for i := 0; i < len(p.order); i++ {
		if f := p.order[i]; !p.called[f.Node] && mentioned(source(f.Node)) {
			p.steps = 0
			p.Invoke(f, nil)
		}
	}
	for i := 0; i < len(p.classes); i++ {
		if c := p.classes[i]; !c.made && mentioned(c.node.Source) {
			p.steps = 0
			p.construct(c, nil, 0)
		}
	}
}

func source(n ast.Node) string {
	switch n := n.(type) {
	case *ast.FunctionLiteral:
		return n.Source
	case *ast.ArrowFunctionLiteral:
		return n.Source
	}
	return ""
}

// Invoke calls a function and returns what it returns, as far as that is known.
func (p *Program) Invoke(f *Func, args []Value) Value { return p.invoke(f, f.this, args, 0) }

func (p *Program) invoke(f *Func, this Value, args []Value, depth int) Value {
	p.called[f.Node] = true
	if depth > maxDepth || p.active[f.Node] {
		return &Unknown{Pos: f.Pos}
	}
	p.active[f.Node] = true
	defer delete(p.active, f.Node)
	var params *ast.ParameterList
	var body []ast.Statement
	var result ast.Expression
	switch n := f.Node.(type) {
	case *ast.FunctionLiteral:
		params, body = n.ParameterList, n.Body.List
	case *ast.ArrowFunctionLiteral:
		params = n.ParameterList
		this = f.this
		switch b := n.Body.(type) {
		case *ast.BlockStatement:
			body = b.List
		case *ast.ExpressionBody:
			result = b.Expression
		}
	}
	s := &scope{vars: map[string]Value{}, parent: f.scope, file: f.File, this: this, depth: depth + 1, returned: new([]Value)}
	if params != nil {
		for i, b := range params.List {
			var v Value = &Unknown{Pos: f.Pos}
			if i < len(args) {
				v = args[i]
			} else if args != nil {
				v = nil
			}
			p.bind(s, b, v)
		}
		if params.Rest != nil {
			rest := &Array{}
			if n := len(params.List); n < len(args) {
				rest.Items = args[n:]
			}
			p.assign(s, params.Rest, rest, true)
		}
	}
	if result != nil {
		return wrapping(p.eval(s, result), f, s, args)
	}
	p.block(s, body)
	for _, v := range *s.returned {
		if _, unknown := v.(*Unknown); !unknown {
			return wrapping(v, f, s, args)
		}
	}
	if len(*s.returned) > 0 {
		return (*s.returned)[0]
	}
	return nil
}

// wrapping notes on a function that another one has made of one function which function it was made of.
func wrapping(made Value, by *Func, in *scope, args []Value) Value {
	closure, ok := made.(*Func)
	if !ok || closure.scope != in || closure.Wraps != nil {
		return made
	}
	for _, a := range args {
		if f, ok := a.(*Func); ok {
			if closure.Wraps != nil {
				closure.Wraps = nil
				return made
			}
			closure.Wraps, closure.Wrapper = f, by.Name
		}
	}
	return made
}

func (p *Program) construct(c *Class, args []Value, depth int) Value {
	c.made = true
	o := NewObject()
	o.class = c
	if depth > maxDepth || p.active[c.node] {
		return o
	}
	p.active[c.node] = true
	defer delete(p.active, c.node)
	s := c.scope.inner()
	s.this, s.depth = o, depth+1
	if c.node.SuperClass != nil {
		if base, ok := p.eval(s, c.node.SuperClass).(*Class); ok {
			if made, ok := p.construct(base, args, depth+1).(*Object); ok {
				for _, k := range made.Keys {
					o.Set(k, made.Props[k])
				}
			}
		}
	}
	var constructor *Func
	for _, e := range c.node.Body {
		switch e := e.(type) {
		case *ast.MethodDefinition:
			if name, ok := p.key(s, e.Key, e.Computed); ok && !e.Static && e.Body != nil {
				f := p.function(s, e.Body, name)
				f.this = o
				if name == "constructor" {
					constructor = f
				} else if e.Kind != "get" && e.Kind != "set" {
					o.Set(name, f)
				}
			}
		case *ast.FieldDefinition:
			if name, ok := p.key(s, e.Key, e.Computed); ok && !e.Static {
				var v Value
				if e.Initializer != nil {
					v = p.eval(s, e.Initializer)
				}
				o.Set(name, v)
			}
		}
	}
	if constructor != nil {
		p.invoke(constructor, o, args, depth+1)
	}
	return o
}

// block runs statements, the functions among them declared first.
func (p *Program) block(s *scope, list []ast.Statement) {
	for _, st := range list {
		if d, ok := st.(*ast.FunctionDeclaration); ok && d.Function != nil && d.Function.Name != nil {
			name := d.Function.Name.Name.String()
			s.vars[name] = p.function(s, d.Function, name)
		}
	}
	for _, st := range list {
		p.statement(s, st)
	}
}

func (p *Program) statement(s *scope, st ast.Statement) {
	if p.steps++; p.steps > maxSteps {
		return
	}
	switch st := st.(type) {
	case *ast.BlockStatement:
		if st != nil {
			p.block(s.inner(), st.List)
		}
	case *ast.ExpressionStatement:
		p.eval(s, st.Expression)
	case *ast.VariableStatement:
		p.declare(s, st.List)
	case *ast.LexicalDeclaration:
		p.declare(s, st.List)
	case *ast.ClassDeclaration:
		if st.Class.Name != nil {
			s.vars[st.Class.Name.Name.String()] = p.eval(s, st.Class)
		}
	case *ast.ReturnStatement:
		if st.Argument != nil {
			*s.returned = append(*s.returned, p.eval(s, st.Argument))
		}
	case *ast.IfStatement:
		truth, known := Truth(p.eval(s, st.Test))
		if !known || truth {
			p.statement(s, st.Consequent)
		}
		if (!known || !truth) && st.Alternate != nil {
			p.statement(s, st.Alternate)
		}
	case *ast.TryStatement:
		p.statement(s, st.Body)
		if st.Catch != nil {
			p.statement(s, st.Catch.Body)
		}
		if st.Finally != nil {
			p.statement(s, st.Finally)
		}
	case *ast.SwitchStatement:
		p.eval(s, st.Discriminant)
		for _, c := range st.Body {
			p.block(s.inner(), c.Consequent)
		}
	case *ast.ForOfStatement:
		p.each(s, p.eval(s, st.Source), func(s *scope, item Value) {
			p.into(s, st.Into, item)
			p.statement(s, st.Body)
		})
	case *ast.ForInStatement:
		p.each(s, keysOf(p.eval(s, st.Source)), func(s *scope, item Value) {
			p.into(s, st.Into, item)
			p.statement(s, st.Body)
		})
	case *ast.ForStatement:
		s = s.inner()
		switch init := st.Initializer.(type) {
		case *ast.ForLoopInitializerVarDeclList:
			for _, b := range init.List {
				p.bind(s, b, &Unknown{Pos: Pos{s.file, st.For}})
			}
		case *ast.ForLoopInitializerLexicalDecl:
			for _, b := range init.LexicalDeclaration.List {
				p.bind(s, b, &Unknown{Pos: Pos{s.file, st.For}})
			}
		}
		p.statement(s, st.Body)
	case *ast.WhileStatement:
		p.statement(s, st.Body)
	case *ast.DoWhileStatement:
		p.statement(s, st.Body)
	case *ast.LabelledStatement:
		p.statement(s, st.Statement)
	case *ast.ThrowStatement:
		p.eval(s, st.Argument)
	}
}

// each runs f for every item of a list, once with an unknown one where the list is not known.
func (p *Program) each(s *scope, list Value, f func(s *scope, item Value)) {
	array, ok := list.(*Array)
	if !ok {
		array = &Array{Open: true}
	}
	for _, item := range array.Items {
		f(s.inner(), item)
	}
	if array.Open {
		f(s.inner(), &Unknown{Pos: Pos{File: s.file}})
	}
}

func keysOf(v Value) Value {
	o, ok := v.(*Object)
	if !ok {
		return v
	}
	keys := &Array{Open: o.Open}
	for _, k := range o.Keys {
		keys.Items = append(keys.Items, k)
	}
	return keys
}

func (p *Program) into(s *scope, into ast.ForInto, v Value) {
	switch into := into.(type) {
	case *ast.ForIntoVar:
		p.bind(s, into.Binding, v)
	case *ast.ForDeclaration:
		if e, ok := into.Target.(ast.Expression); ok {
			p.assign(s, e, v, true)
		}
	case *ast.ForIntoExpression:
		p.assign(s, into.Expression, v, false)
	}
}

func (p *Program) declare(s *scope, list []*ast.Binding) {
	for _, b := range list {
		if id, ok := b.Target.(*ast.Identifier); ok && strings.HasPrefix(id.Name.String(), "__") && b.Initializer != nil {
			continue // esbuild's own
		}
		var v Value
		if path, ok := imported(s, b.Initializer); ok {
			if id, ok := b.Target.(*ast.Identifier); ok {
				s.vars[id.Name.String()] = &unread{s, path}
				continue
			}
		}
		if b.Initializer != nil {
			v = p.eval(s, b.Initializer)
			if f, ok := v.(*Func); ok && f.Name == "" {
				if id, ok := b.Target.(*ast.Identifier); ok {
					f.Name = id.Name.String()
				}
			}
		}
		if e, ok := b.Target.(ast.Expression); ok {
			p.assign(s, e, v, true)
		}
	}
}

// unread is a module that is imported and has not been needed: most never are.
type unread struct {
	scope *scope
	path  string
}

// imported returns the path that an initializer imports; ok is false for anything else.
func imported(s *scope, e ast.Expression) (path string, ok bool) {
	call, ok := e.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) == 0 {
		return "", false
	}
	id, _ := call.Callee.(*ast.Identifier)
	switch {
	case id != nil && id.Name == "__toESM":
		return imported(s, call.ArgumentList[0])
	case id != nil && id.Name == "require":
		_, own := s.lookup("require")
		literal, ok := call.ArgumentList[0].(*ast.StringLiteral)
		if ok && !own {
			return literal.Value.String(), true
		}
	}
	return "", false
}

func (p *Program) bind(s *scope, b *ast.Binding, v Value) {
	if v == nil && b.Initializer != nil {
		v = p.eval(s, b.Initializer)
	}
	if e, ok := b.Target.(ast.Expression); ok {
		p.assign(s, e, v, true)
	}
}

// assign gives a value to a target: a variable, a property, or a pattern of these.
func (p *Program) assign(s *scope, target ast.Expression, v Value, declare bool) {
	switch t := target.(type) {
	case *ast.Identifier:
		name := t.Name.String()
		if at, ok := s.lookup(name); ok && !declare {
			at.vars[name] = v
		} else {
			s.vars[name] = v
		}
	case *ast.AssignExpression: // a default in a pattern
		if v == nil {
			v = p.eval(s, t.Right)
		}
		p.assign(s, t.Left, v, declare)
	case *ast.DotExpression:
		p.setProperty(p.eval(s, t.Left), t.Identifier.Name.String(), v)
	case *ast.PrivateDotExpression:
		p.setProperty(p.eval(s, t.Left), t.Identifier.Name.String(), v)
	case *ast.BracketExpression:
		o := p.eval(s, t.Left)
		if name, ok := p.eval(s, t.Member).(string); ok {
			p.setProperty(o, name, v)
		} else if o, ok := o.(*Object); ok {
			o.Open = true
		}
	case *ast.ObjectPattern:
		for _, prop := range t.Properties {
			switch prop := prop.(type) {
			case *ast.PropertyShort:
				name := prop.Name.Name.String()
				w := p.property(s, v, name, nil)
				if w == nil && prop.Initializer != nil {
					w = p.eval(s, prop.Initializer)
				}
				p.assign(s, &prop.Name, w, declare)
			case *ast.PropertyKeyed:
				var w Value = &Unknown{Pos: Pos{s.file, target.Idx0()}}
				if name, ok := p.key(s, prop.Key, prop.Computed); ok {
					w = p.property(s, v, name, nil)
				}
				p.assign(s, prop.Value, w, declare)
			}
		}
		if t.Rest != nil {
			p.assign(s, t.Rest, v, declare)
		}
	case *ast.ArrayPattern:
		array, _ := v.(*Array)
		for i, e := range t.Elements {
			var w Value = &Unknown{Pos: Pos{s.file, target.Idx0()}}
			if array != nil && i < len(array.Items) {
				w = array.Items[i]
			}
			if e != nil {
				p.assign(s, e, w, declare)
			}
		}
		if t.Rest != nil {
			p.assign(s, t.Rest, &Array{Open: true}, declare)
		}
	}
}

func (p *Program) setProperty(o Value, name string, v Value) {
	if o, ok := o.(*Object); ok {
		o.Set(name, v)
	}
}

func (p *Program) key(s *scope, key ast.Expression, computed bool) (string, bool) {
	switch k := key.(type) {
	case *ast.StringLiteral:
		return k.Value.String(), true
	case *ast.NumberLiteral:
		return k.Literal, true
	case *ast.Identifier:
		if !computed {
			return k.Name.String(), true
		}
	case *ast.PrivateIdentifier:
		return k.Name.String(), true
	}
	name, ok := p.eval(s, key).(string)
	return name, ok
}

func (p *Program) function(s *scope, n ast.Expression, name string) *Func {
	if f, ok := p.funcs[n]; ok && f.scope == s {
		return f
	}
	f := &Func{Pos: Pos{s.file, n.Idx0()}, Name: name, Node: n, in: p, scope: s, this: s.this}
	if _, ok := p.funcs[n]; !ok {
		p.order = append(p.order, f)
	}
	p.funcs[n] = f
	return f
}

// number returns the value of a literal.
func number(n *ast.NumberLiteral) Value {
	switch v := n.Value.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	if f, err := strconv.ParseFloat(n.Literal, 64); err == nil {
		return f
	}
	return &Unknown{}
}

func text(v Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
