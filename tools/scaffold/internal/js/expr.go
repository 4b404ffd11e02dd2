package js

// Expressions.

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

func (p *Program) eval(s *scope, e ast.Expression) Value {
	unknown := func() Value { return &Unknown{Pos: Pos{s.file, e.Idx0()}, Node: e} }
	if p.steps++; p.steps > maxSteps {
		return &Unknown{}
	}
	switch e := e.(type) {
	case nil:
		return nil
	case *ast.StringLiteral:
		return e.Value.String()
	case *ast.NumberLiteral:
		return number(e)
	case *ast.BooleanLiteral:
		return e.Value
	case *ast.NullLiteral:
		return Null{}
	case *ast.RegExpLiteral:
		return unknown()
	case *ast.TemplateLiteral:
		if e.Tag != nil {
			return unknown()
		}
		var b strings.Builder
		for i, part := range e.Elements {
			b.WriteString(part.Parsed.String())
			if i < len(e.Expressions) {
				v, ok := text(p.eval(s, e.Expressions[i]))
				if !ok {
					return unknown()
				}
				b.WriteString(v)
			}
		}
		return b.String()
	case *ast.Identifier:
		name := e.Name.String()
		if at, ok := s.lookup(name); ok {
			if module, ok := at.vars[name].(*unread); ok {
				at.vars[name] = p.require(module.scope, module.path)
			}
			return at.vars[name]
		}
		if name == "undefined" {
			return nil
		}
		return External{Path: name}
	case *ast.ThisExpression:
		return s.this
	case *ast.FunctionLiteral:
		name := ""
		if e.Name != nil {
			name = e.Name.Name.String()
		}
		return p.function(s, e, name)
	case *ast.ArrowFunctionLiteral:
		return p.function(s, e, "")
	case *ast.ClassLiteral:
		c := &Class{Pos: Pos{s.file, e.Class}, node: e, scope: s}
		p.classes = append(p.classes, c)
		return c
	case *ast.ArrayLiteral:
		return p.list(s, e.Value)
	case *ast.ObjectLiteral:
		return p.object(s, e)
	case *ast.AwaitExpression:
		return p.eval(s, e.Argument)
	case *ast.OptionalChain:
		return p.eval(s, e.Expression)
	case *ast.Optional:
		return p.eval(s, e.Expression)
	case *ast.SequenceExpression:
		var last Value
		for _, x := range e.Sequence {
			last = p.eval(s, x)
		}
		return last
	case *ast.SpreadElement:
		return p.eval(s, e.Expression)
	case *ast.AssignExpression:
		v := p.eval(s, e.Right)
		if e.Operator != token.ASSIGN {
			v = unknown()
		}
		p.assign(s, e.Left, v, false)
		return v
	case *ast.ConditionalExpression:
		truth, known := Truth(p.eval(s, e.Test))
		if known && truth {
			return p.eval(s, e.Consequent)
		}
		if known {
			return p.eval(s, e.Alternate)
		}
		yes, no := p.eval(s, e.Consequent), p.eval(s, e.Alternate)
		if _, ok := yes.(*Unknown); ok {
			return no
		}
		return yes
	case *ast.UnaryExpression:
		v := p.eval(s, e.Operand)
		if truth, known := Truth(v); known && e.Operator == token.NOT {
			return !truth
		}
		if n, ok := v.(float64); ok && e.Operator == token.MINUS {
			return -n
		}
		return unknown()
	case *ast.BinaryExpression:
		return p.binary(s, e, unknown)
	case *ast.DotExpression:
		return p.property(s, p.eval(s, e.Left), e.Identifier.Name.String(), unknown)
	case *ast.PrivateDotExpression:
		return p.property(s, p.eval(s, e.Left), e.Identifier.Name.String(), unknown)
	case *ast.BracketExpression:
		of, member := p.eval(s, e.Left), p.eval(s, e.Member)
		if name, ok := member.(string); ok {
			return p.property(s, of, name, unknown)
		}
		if i, ok := member.(float64); ok {
			if a, ok := of.(*Array); ok && i >= 0 && int(i) < len(a.Items) {
				return a.Items[int(i)]
			}
		}
		return unknown()
	case *ast.CallExpression:
		return p.call(s, e, unknown)
	case *ast.NewExpression:
		callee := p.eval(s, e.Callee)
		args := p.args(s, e.ArgumentList)
		if c, ok := callee.(*Class); ok {
			return p.construct(c, args, s.depth)
		}
		if of, ok := callee.(External); ok && of.Package == "" && of.Path == "Headers" && len(args) == 1 {
			return args[0] // what it is made of
		}
		if p.Call != nil {
			if v, ok := p.Call(Call{Pos: Pos{s.file, e.New}, Callee: callee, Args: args, Nodes: e.ArgumentList}); ok {
				return v
			}
		}
		return &Unknown{Pos: Pos{s.file, e.New}, Node: e, Callee: callee, Args: args}
	}
	return unknown()
}

func (p *Program) binary(s *scope, e *ast.BinaryExpression, unknown func() Value) Value {
	left := p.eval(s, e.Left)
	truth, known := Truth(left)
	switch e.Operator {
	case token.LOGICAL_AND:
		if known && !truth {
			return left
		}
		return p.eval(s, e.Right)
	case token.LOGICAL_OR, token.COALESCE:
		if e.Operator == token.COALESCE && known {
			_, null := left.(Null)
			truth = left != nil && !null
		}
		if known && truth {
			return left
		}
		right := p.eval(s, e.Right)
		if !known && p.Assume != nil {
			if _, ok := right.(*Unknown); !ok {
				p.Assume(Pos{s.file, e.Idx0()}, s.file.Excerpt(e), right)
			}
		}
		return right
	}
	right := p.eval(s, e.Right)
	if e.Operator == token.PLUS {
		if a, ok := left.(float64); ok {
			if b, ok := right.(float64); ok {
				return a + b
			}
		}
		a, aOK := text(left)
		b, bOK := text(right)
		if aOK && bOK {
			return a + b
		}
		return unknown()
	}
	a, aOK := left.(float64)
	b, bOK := right.(float64)
	if aOK && bOK {
		switch e.Operator {
		case token.MULTIPLY:
			return a * b
		case token.MINUS:
			return a - b
		}
	}
	if e.Operator == token.STRICT_EQUAL || e.Operator == token.STRICT_NOT_EQUAL {
		a, aOK := text(left)
		b, bOK := text(right)
		if aOK && bOK {
			return (a == b) == (e.Operator == token.STRICT_EQUAL)
		}
	}
	return unknown()
}

func (p *Program) args(s *scope, list []ast.Expression) []Value {
	args := []Value{}
	for _, a := range list {
		v := p.eval(s, a)
		if _, spread := a.(*ast.SpreadElement); spread {
			if items, ok := v.(*Array); ok && !items.Open {
				args = append(args, items.Items...)
				continue
			}
		}
		args = append(args, v)
	}
	return args
}

func (p *Program) list(s *scope, list []ast.Expression) *Array {
	a := &Array{}
	for _, e := range list {
		v := p.eval(s, e)
		if _, spread := e.(*ast.SpreadElement); spread {
			items, ok := v.(*Array)
			if ok {
				a.Items = append(a.Items, items.Items...)
			}
			a.Open = a.Open || !ok || items.Open
			continue
		}
		a.Items = append(a.Items, v)
	}
	return a
}

func (p *Program) object(s *scope, e *ast.ObjectLiteral) *Object {
	o := NewObject()
	for _, prop := range e.Value {
		switch prop := prop.(type) {
		case *ast.PropertyShort:
			o.Set(prop.Name.Name.String(), p.eval(s, &prop.Name))
		case *ast.PropertyKeyed:
			name, ok := p.key(s, prop.Key, prop.Computed)
			if !ok {
				o.Open = true
				continue
			}
			v := p.eval(s, prop.Value)
			if f, ok := v.(*Func); ok {
				if f.Name == "" {
					f.Name = name
				}
				if prop.Kind == ast.PropertyKindMethod {
					f.this = o
				}
			}
			o.Set(name, v)
		case *ast.SpreadElement:
			if of, ok := p.eval(s, prop.Expression).(*Object); ok {
				for _, k := range of.Keys {
					o.Set(k, of.Props[k])
				}
				o.Open = o.Open || of.Open
			} else {
				o.Open = true
			}
		}
	}
	return o
}

// property returns what v has under a name.
func (p *Program) property(s *scope, v Value, name string, unknown func() Value) Value {
	if unknown == nil {
		unknown = func() Value { return &Unknown{Pos: Pos{File: s.file}} }
	}
	switch v := v.(type) {
	case *Object:
		w, ok := v.Props[name]
		switch {
		case ok:
			return p.settle(w)
		case name == "default" && v.class == nil: // a module of CommonJS, imported as ES
			return v
		case v.Open || v.class != nil:
			return unknown()
		}
		return nil
	case External:
		if name == "default" {
			return v
		}
		return External{v.Package, strings.TrimPrefix(v.Path+"."+name, ".")}
	case *Func, *Class, *Host:
		if name == "default" {
			return v
		}
	case *Array:
		if name == "length" && !v.Open {
			return float64(len(v.Items))
		}
	}
	return unknown()
}

// call evaluates a call: of a function of the program by running it, of anything else as far as it is known.
func (p *Program) call(s *scope, e *ast.CallExpression, unknown func() Value) Value {
	callee := e.Callee
	if seq, ok := callee.(*ast.SequenceExpression); ok && len(seq.Sequence) == 2 { // (0, import_x.name)(…)
		callee = seq.Sequence[1]
	}
	c := Call{Pos: Pos{s.file, e.Idx0()}, Node: e, Nodes: e.ArgumentList}
	if chain, ok := callee.(*ast.OptionalChain); ok {
		callee = chain.Expression
	}
	if optional, ok := callee.(*ast.Optional); ok {
		callee = optional.Expression
	}
	switch m := callee.(type) {
	case *ast.DotExpression:
		c.This, c.Method = p.eval(s, m.Left), m.Identifier.Name.String()
		c.Idx = m.Identifier.Idx
		c.Callee = p.property(s, c.This, c.Method, nil)
	case *ast.BracketExpression:
		c.This = p.eval(s, m.Left)
		c.Method, _ = p.eval(s, m.Member).(string)
		c.Callee = &Unknown{Pos: c.Pos, Node: e}
		if c.Method != "" {
			c.Callee = p.property(s, c.This, c.Method, nil)
		}
	case *ast.Identifier:
		if v, done := p.esbuild(s, m.Name.String(), e); done {
			return v
		}
		c.Callee = p.eval(s, callee)
	default:
		c.Callee = p.eval(s, callee)
	}
	if external, ok := c.Callee.(External); ok && external == (External{Path: "require"}) && len(e.ArgumentList) == 1 {
		if spec, ok := p.eval(s, e.ArgumentList[0]).(string); ok {
			return p.require(s, spec)
		}
	}
	c.Args = p.args(s, e.ArgumentList)
	if f, ok := c.Callee.(*Func); ok {
		result := p.invoke(f, c.This, c.Args, s.depth)
		if made, ok := result.(*Func); ok && made != f && made.Made == nil && made.scope.inside(f.scope) && made.scope != f.scope {
			made.Made, made.MadeAt = e, Pos{s.file, e.Idx0()}
		}
		return result
	}
	if p.Call != nil {
		if v, ok := p.Call(c); ok {
			return v
		}
	}
	if v, ok := p.builtin(s, c); ok {
		return v
	}
	u := unknown().(*Unknown)
	u.Callee, u.Args = c.Callee, c.Args
	return u
}

func (p *Program) require(s *scope, spec string) Value {
	if p.Load != nil {
		if f := p.Load(s.file, spec); f != nil {
			return p.Module(f)
		}
	}
	if strings.HasPrefix(spec, ".") {
		return &Unknown{Pos: Pos{File: s.file}}
	}
	return External{Package: strings.TrimPrefix(spec, "node:")}
}

// esbuild returns the meaning of the functions that esbuild puts in front of a module.
func (p *Program) esbuild(s *scope, name string, e *ast.CallExpression) (Value, bool) {
	if !strings.HasPrefix(name, "__") || len(e.ArgumentList) == 0 {
		return nil, false
	}
	if _, ok := s.lookup(name); ok {
		return nil, false // the project's own
	}
	first := p.eval(s, e.ArgumentList[0])
	switch name {
	case "__toESM", "__toCommonJS":
		return first, true
	case "__export":
		exports, ok := first.(*Object)
		getters, isObject := e.ArgumentList[len(e.ArgumentList)-1].(*ast.ObjectLiteral)
		if !ok || !isObject {
			return nil, true
		}
		// The getters run when the module has: what they name is declared below.
		if module, ok := s.vars["module"].(*Object); ok {
			module.Set("exports", exports)
		}
		for _, prop := range getters.Value {
			if keyed, ok := prop.(*ast.PropertyKeyed); ok {
				if name, ok := p.key(s, keyed.Key, false); ok {
					if getter, ok := keyed.Value.(*ast.ArrowFunctionLiteral); ok {
						exports.Set(name, &late{s, getter})
					}
				}
			}
		}
		return nil, true
	case "__reExport":
		exports, ok := first.(*Object)
		if from, isObject := p.eval(s, e.ArgumentList[1]).(*Object); ok && isObject {
			for _, k := range from.Keys {
				if _, own := exports.Props[k]; !own && k != "default" {
					exports.Set(k, p.settle(from.Props[k]))
				}
			}
		} else if ok {
			exports.Open = true
		}
		return nil, true
	}
	return nil, false
}

// late is an export whose value is asked for when the module has run.
type late struct {
	scope  *scope
	getter *ast.ArrowFunctionLiteral
}

func (p *Program) settle(v Value) Value {
	if l, ok := v.(*late); ok {
		if body, ok := l.getter.Body.(*ast.ExpressionBody); ok {
			return p.eval(l.scope, body.Expression)
		}
	}
	return v
}

// builtin returns what the language itself has that a table of routes is made with.
func (p *Program) builtin(s *scope, c Call) (Value, bool) {
	if external, ok := c.Callee.(External); ok && external.Package == "" && len(c.Args) > 0 {
		switch external.Path {
		case "Object.freeze", "Object.seal", "Promise.resolve":
			return c.Args[0], true
		case "Object.keys":
			return keysOf(c.Args[0]), true
		case "Object.entries", "Object.values":
			o, ok := c.Args[0].(*Object)
			if !ok {
				return nil, false
			}
			list := &Array{Open: o.Open}
			for _, k := range o.Keys {
				if external.Path == "Object.values" {
					list.Items = append(list.Items, o.Props[k])
				} else {
					list.Items = append(list.Items, &Array{Items: []Value{k, o.Props[k]}})
				}
			}
			return list, true
		}
	}
	switch this := c.This.(type) {
	case *Array:
		return p.arrayMethod(s, this, c)
	case string:
		switch {
		case c.Method == "toLowerCase":
			return strings.ToLower(this), true
		case c.Method == "toUpperCase":
			return strings.ToUpper(this), true
		case c.Method == "concat" && len(c.Args) == 1:
			if more, ok := text(c.Args[0]); ok {
				return this + more, true
			}
		}
	case *Func: // f.bind(this), f.call(this, …)
		switch c.Method {
		case "bind":
			return this, true
		case "call":
			if len(c.Args) > 0 {
				return p.invoke(this, c.Args[0], c.Args[1:], s.depth), true
			}
			return p.invoke(this, nil, nil, s.depth), true
		}
	}
	return nil, false
}

func (p *Program) arrayMethod(s *scope, a *Array, c Call) (Value, bool) {
	f, _ := first(c.Args).(*Func)
	switch c.Method {
	case "forEach", "map", "flatMap":
		if f == nil {
			return nil, false
		}
		out := &Array{Open: a.Open}
		for i, item := range a.Items {
			out.Items = append(out.Items, p.invoke(f, nil, []Value{item, float64(i), a}, s.depth))
		}
		if a.Open {
			p.invoke(f, nil, nil, s.depth)
		}
		return out, true
	case "concat":
		out := &Array{Items: append([]Value{}, a.Items...), Open: a.Open}
		for _, more := range c.Args {
			if list, ok := more.(*Array); ok {
				out.Items, out.Open = append(out.Items, list.Items...), out.Open || list.Open
			} else {
				out.Items = append(out.Items, more)
			}
		}
		return out, true
	case "push":
		a.Items = append(a.Items, c.Args...)
		return float64(len(a.Items)), true
	case "filter":
		return &Array{Items: a.Items, Open: a.Open}, true
	case "join":
		sep, ok := first(c.Args).(string)
		parts := []string{}
		for _, item := range a.Items {
			t, isText := text(item)
			ok = ok && isText
			parts = append(parts, t)
		}
		return strings.Join(parts, sep), ok && !a.Open
	}
	return nil, false
}

func first(list []Value) Value {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
