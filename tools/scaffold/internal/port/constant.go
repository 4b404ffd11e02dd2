package port

// Constants that a handler takes from its file or from another one of the project.

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/dop251/goja/ast"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

// constantName is how constants are called that nobody changes.
var constantName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// constant returns the value of a name of the file, or of what is imported from a file of the
// project.
func (p *porter) constant(s scope, e ast.Expression) (js.Value, bool) {
	switch e := e.(type) {
	case *ast.Identifier:
		name := e.Name.String()
		_, local := s[name]
		if inFile, _ := p.endpoint.Handler.Declared(name); local || !inFile || !constantName.MatchString(name) || strings.HasPrefix(name, "import_") {
			return nil, false
		}
		v, ok := p.endpoint.Handler.Constant(e)
		if ok && !p.consts[name] {
			p.own[name] = v
		}
		return v, ok
	case *ast.DotExpression:
		module, ok := e.Left.(*ast.Identifier)
		name := e.Identifier.Name.String()
		if !ok || !strings.HasPrefix(module.Name.String(), "import_") || !constantName.MatchString(name) {
			return nil, false
		}
		v, ok := p.endpoint.Handler.Constant(e)
		if ok {
			if p.others[module.Name.String()] == nil {
				p.others[module.Name.String()] = map[string]js.Value{}
			}
			p.others[module.Name.String()][name] = v
		}
		return v, ok
	}
	return nil, false
}

// literal returns a constant as an expression in Go.
func literal(v js.Value) (value, bool) {
	switch v := v.(type) {
	case string:
		return value{kind: text, code: strconv.Quote(v)}, true
	case float64:
		return value{kind: number, code: strconv.FormatFloat(v, 'f', -1, 64)}, true
	case bool:
		return value{kind: boolean, code: strconv.FormatBool(v)}, true
	}
	return value{}, false
}

// source returns a constant as JavaScript.
func source(v js.Value) string {
	switch v := v.(type) {
	case js.Null:
		return "null"
	case *js.Object:
		var fields []string
		for _, k := range v.Keys {
			fields = append(fields, source(k)+": "+source(v.Get(k)))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case *js.Array:
		var items []string
		for _, item := range v.Items {
			items = append(items, source(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	text, err := json.Marshal(v)
	if err != nil {
		refuse("a constant cannot be written: %v", err)
	}
	return string(text)
}
