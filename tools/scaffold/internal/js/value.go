package js

// Values are what expressions are known to be without running the program.

import (
	"regexp"
	"strings"

	"github.com/dop251/goja/ast"
)

// importName is how esbuild names what was imported: (0, import_lib.name) and import_lib.name are name.
var importName = regexp.MustCompile(`\(0, import_\w+\.(\w+)\)|\bimport_\w+\.(\w+)`)

// Value is what an expression is known to be: nil (undefined), a string, float64 or bool, Null, or one of the types below.
type Value any

// Null is the value null.
type Null struct{}

// Object is an object whose properties are known, or a module's exports.
type Object struct {
	Props map[string]Value
	Keys  []string // in the order in which they were set
	// Open says that there are properties that nobody can tell, as of { ...more }.
	Open  bool
	class *Class
}

// Get returns a property.
func (o *Object) Get(name string) Value { return o.Props[name] }

// Set sets a property.
func (o *Object) Set(name string, v Value) {
	if _, ok := o.Props[name]; !ok {
		o.Keys = append(o.Keys, name)
	}
	o.Props[name] = v
}

// NewObject returns an object without properties.
func NewObject() *Object { return &Object{Props: map[string]Value{}} }

// Array is a list whose items are known.
type Array struct {
	Items []Value
	// Open says that there are more, or others.
	Open bool
}

// Func is a function of the program.
type Func struct {
	Pos
	Name string
	Node ast.Expression // *ast.FunctionLiteral or *ast.ArrowFunctionLiteral
	// Wraps is the function that this one was made of, as by catchAsync(handler), and Wrapper the name of what made it.
	Wraps   *Func
	Wrapper string
	// Made is the call that made this function, as auth('admin') does; nil for a function that the program has as it is.
	Made   *ast.CallExpression
	MadeAt Pos
	in     *Program
	scope  *scope
	this   Value
}

// Class is a class of the program.
type Class struct {
	Pos
	node  *ast.ClassLiteral
	scope *scope
	made  bool
}

// External is what a package has, or what is global: the package, and the way to the property in it.
type External struct {
	Package string // "" for what is global
	Path    string // with dots; the default export is the package itself
}

// Host is a value of whoever evaluates, such as a router.
type Host struct{ Data any }

// Unknown is a value that nobody can tell without running the program.
type Unknown struct {
	Pos
	Node ast.Expression // the expression; nil for a parameter
	// Callee and Args are those of a call whose result is not known: what wraps a handler.
	Callee Value
	Args   []Value
}

// String is the expression.
func (u *Unknown) String() string {
	if u.Node == nil {
		return "…"
	}
	return u.File.Excerpt(u.Node)
}

// Truth says whether a value is true in a condition, as far as that is known.
func Truth(v Value) (truth, known bool) {
	switch v := v.(type) {
	case nil, Null:
		return false, true
	case bool:
		return v, true
	case string:
		return v != "", true
	case float64:
		return v != 0 && v == v, true
	case *Object, *Array, *Func, *Class, *Host:
		return true, true
	}
	return false, false
}

// Name is the name of a value in the program, for reports: that of a function or of an import, else "".
func Name(v Value) string {
	switch v := v.(type) {
	case *Func:
		return v.Name
	case External:
		if v.Path != "" {
			return v.Path
		}
		return v.Package
	case *Unknown:
		if v.Callee != nil {
			if name := Name(v.Callee); name != "" {
				return name
			}
		}
		return strings.TrimSuffix(v.String(), "…")
	}
	return ""
}

// Params are the parameters of a function.
func (f *Func) Params() []*ast.Binding {
	var list *ast.ParameterList
	switch n := f.Node.(type) {
	case *ast.FunctionLiteral:
		list = n.ParameterList
	case *ast.ArrowFunctionLiteral:
		list = n.ParameterList
	}
	if list == nil {
		return nil
	}
	return list.List
}

// Constant returns what an expression of the function's file is in every run: a string, a float64, a bool, Null, or an *Object
// or *Array of these. It may be one that another file of the project exports.
func (f *Func) Constant(e ast.Expression) (v Value, ok bool) {
	top := f.scope
	for top.parent != nil {
		top = top.parent
	}
	v = f.in.eval(top, e)
	return v, isConstant(v)
}

func isConstant(v Value) bool {
	switch v := v.(type) {
	case string, float64, bool, Null:
		return true
	case *Object:
		for _, p := range v.Props {
			if !isConstant(p) {
				return false
			}
		}
		return !v.Open && v.class == nil
	case *Array:
		for _, item := range v.Items {
			if !isConstant(item) {
				return false
			}
		}
		return !v.Open
	}
	return false
}

// Declared says where a name that the function uses is declared: in its file, or in a function around it.
func (f *Func) Declared(name string) (inFile, around bool) {
	at, ok := f.scope.lookup(name)
	return ok && at.parent == nil, ok && at.parent != nil
}
