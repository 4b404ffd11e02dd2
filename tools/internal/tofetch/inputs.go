package tofetch

// A handler reads names, the fields of a body, and constants that it compares with. Requests for a
// test of both sides are made of these.

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Inputs are what a handler and its helpers read, each list in the order of the text.
type Inputs struct {
	Query, Param, Header, Cookie, Form []string
	Body                               []Field  // of the JSON that it decodes
	Raw                                bool     // it reads the body as text or bytes
	Words                              []string // constants that it compares with
	Numbers                            []int
	Likely                             map[string]string // by the name of what is read, the constant that it is compared with first
}

// Field is one member of a JSON body.
type Field struct {
	Name, Kind string // string, int, float, bool, list, object
	Fields     []Field
}

func (in *Inputs) add(list *[]string, s string) {
	if !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

func (in *Inputs) likely(name, value string) {
	if in.Likely == nil {
		in.Likely = map[string]string{}
	}
	if in.Likely[name] == "" {
		in.Likely[name] = value
	}
}

// merge adds what a helper reads.
func (in *Inputs) merge(o Inputs) {
	for _, l := range []struct{ to, from *[]string }{{&in.Query, &o.Query}, {&in.Param, &o.Param}, {&in.Header, &o.Header}, {&in.Cookie, &o.Cookie}, {&in.Form, &o.Form}, {&in.Words, &o.Words}} {
		for _, s := range *l.from {
			in.add(l.to, s)
		}
	}
	for _, n := range o.Numbers {
		if !slices.Contains(in.Numbers, n) {
			in.Numbers = append(in.Numbers, n)
		}
	}
	if in.Body == nil {
		in.Body = o.Body
	}
	in.Raw = in.Raw || o.Raw
	for name, value := range o.Likely {
		in.likely(name, value)
	}
}

// inputs returns the inputs of a target and of all that it calls.
func (p *pkg) inputs(t *target) Inputs { return p.inputsIn(t.node, map[ast.Node]bool{}) }

// inputsOf returns the inputs of the handlers that an expression names.
func (p *pkg) inputsOf(e ast.Expr) Inputs { return p.inputsIn(e, map[ast.Node]bool{}) }

func (p *pkg) inputsIn(root ast.Node, done map[ast.Node]bool) Inputs {
	in := &Inputs{}
	if done[root] {
		return *in
	}
	done[root] = true
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			p.readCall(n, in)
		case *ast.BinaryExpr:
			switch n.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
				p.compared(in, n.X, n.Y)
				name, reads := p.readsNamed(n.X)
				if value, ok := p.constString(n.Y); ok && reads && value != "" {
					in.likely(name, value)
				}
			}
		case *ast.CaseClause:
			p.compared(in, n.List...)
		case *ast.IndexExpr:
			p.compared(in, n.Index)
		case *ast.Ident:
			p.inputsNamed(n, in, done)
		}
		return true
	})
	return *in
}

// inputsNamed follows a name to a function of the package, or to the fact of one elsewhere.
func (p *pkg) inputsNamed(id *ast.Ident, in *Inputs, done map[ast.Node]bool) {
	o := origin(p.info.Uses[id])
	if o == nil || o.Pkg() == nil {
		return
	}
	if o.Pkg() != p.pass.Pkg {
		var fact Twin
		if f, ok := o.(*types.Func); ok && p.pass.ImportObjectFact(f, &fact) {
			in.merge(fact.Inputs)
		}
		return
	}
	if spec, ok := p.declared[o].(*ast.ValueSpec); ok && !isShape(o.Type()) {
		p.keys(spec, in)
	}
	if d := p.declared[o]; d != nil && (isShape(o.Type()) || readsRequest(o)) {
		in.merge(p.inputsIn(d, done))
	}
}

// keys notes the keys of a map that is written in the package: what is looked up in it is compared.
func (p *pkg) keys(spec *ast.ValueSpec, in *Inputs) {
	for _, v := range spec.Values {
		literal, ok := v.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, e := range literal.Elts[:min(len(literal.Elts), 8)] {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				p.compared(in, kv.Key)
			}
		}
	}
}

// readsRequest reports whether a function takes what is read of a request as text.
func readsRequest(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok {
		return false
	}
	for v := range f.Signature().Params().Variables() {
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return true
		}
	}
	return false
}

func (p *pkg) compared(in *Inputs, list ...ast.Expr) {
	for _, e := range list {
		if s, ok := p.constString(e); ok && s != "" && len(s) < 32 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			in.add(&in.Words, s)
		}
		if v := p.info.Types[e]; v.Value != nil {
			if b, ok := v.Type.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
				if n, ok := p.constInts(e); ok && !slices.Contains(in.Numbers, n[0]) {
					in.Numbers = append(in.Numbers, n[0])
				}
			}
		}
	}
}

// readsNamed returns the name of what an expression reads of the request.
func (p *pkg) readsNamed(e ast.Expr) (name string, ok bool) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !isRequest(p.info.TypeOf(s.X)) && !isPointer(p.info.TypeOf(s.X), rootPath, "Form") {
		return "", false
	}
	return p.constString(call.Args[0])
}

func (p *pkg) readCall(call *ast.CallExpr, in *Inputs) {
	p.decoded(call, in)
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	t := p.info.TypeOf(s.X)
	text := ""
	if len(call.Args) > 0 {
		text, _ = p.constString(call.Args[0])
	}
	form := isPointer(t, rootPath, "Form")
	switch {
	case form && text != "":
		in.add(&in.Form, text)
	case isRequest(t):
		switch s.Sel.Name {
		case "Query", "QueryValues":
			in.add(&in.Query, text)
		case "Param", "Params":
			in.add(&in.Param, text)
		case "Header", "HeaderValues", "Get":
			in.add(&in.Header, text)
		case "Cookie":
			in.add(&in.Cookie, text)
		case "Text", "Bytes", "Reader":
			in.Raw = true
		case "JSON":
			if len(call.Args) == 1 {
				if pointer, ok := p.info.TypeOf(call.Args[0]).(*types.Pointer); ok {
					in.Body = fieldsOf(pointer.Elem(), 0)
				}
			}
		}
	}
	// strings.HasPrefix(x, "Bearer ") compares, too.
	if f, ok := p.callee(call).(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "strings" && len(call.Args) == 2 {
		p.compared(in, call.Args[1])
	}
}

// decoded notes the type of reqres.Decode[T](req), and of helpers that decode in the same way.
func (p *pkg) decoded(call *ast.CallExpr, in *Inputs) {
	t, ok := p.info.TypeOf(call).(*types.Tuple)
	if !ok || t.Len() != 2 || len(call.Args) == 0 || !isRequest(p.info.TypeOf(call.Args[0])) {
		return
	}
	if fields := fieldsOf(t.At(0).Type(), 0); fields != nil && p.isGeneric(call) {
		in.Body = fields
	}
}

// isGeneric reports whether a call is of an instance of a generic function.
func (p *pkg) isGeneric(call *ast.CallExpr) bool {
	f, ok := p.callee(call).(*types.Func)
	return ok && f.Signature().TypeParams().Len() > 0
}

func fieldsOf(t types.Type, depth int) (fields []Field) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 2 {
		return nil
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		name, _, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ",")
		switch {
		case name == "-" || !f.Exported():
			continue
		case name == "":
			name = f.Name()
		}
		kind, of := "object", f.Type()
		if pointer, ok := of.Underlying().(*types.Pointer); ok {
			of = pointer.Elem()
		}
		switch u := of.Underlying().(type) {
		case *types.Basic:
			switch {
			case u.Info()&types.IsInteger != 0:
				kind = "int"
			case u.Info()&types.IsFloat != 0:
				kind = "float"
			case u.Info()&types.IsBoolean != 0:
				kind = "bool"
			default:
				kind = "string"
			}
		case *types.Slice:
			kind = "list"
		}
		fields = append(fields, Field{name, kind, fieldsOf(of, depth+1)})
	}
	return fields
}
