package tofetch

// Tables of routes: structs with a field for the handler, and a loop that registers them. The struct
// gets a second field, and every row the other side.

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// table is a field that holds handlers, with the rows that fill it.
type table struct {
	field  *types.Var
	rows   []*ast.CompositeLit
	twin   string
	next   map[*ast.CompositeLit]string
	reason string
}

// field returns the other side of a handler in a field of a table.
func (x *expr) field(e *ast.SelectorExpr, v *types.Var) (string, bool) {
	t := x.fields[v]
	if t == nil {
		t = x.table(v)
		x.fields[v] = t
	}
	if t.reason != "" {
		return x.no(t.reason)
	}
	x.getBody = false // methods differ by row
	return x.src.of(e.X) + "." + t.twin, true
}

// table finds the rows of a field and gives each its other side.
func (x *expr) table(v *types.Var) *table {
	t := &table{field: v, twin: v.Name() + "Fetch", next: map[*ast.CompositeLit]string{}}
	var declared *ast.Field
	var around *ast.StructType
	for _, f := range x.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StructType:
				for _, field := range n.Fields.List {
					for _, name := range field.Names {
						if x.info.Defs[name] == types.Object(v) {
							declared, around = field, n
						}
						if name.Name == t.twin && x.info.TypeOf(n).(*types.Struct) != nil && declared != nil && around == n {
							t.reason = "done"
						}
					}
				}
			case *ast.CompositeLit:
				if s, ok := x.info.TypeOf(n).Underlying().(*types.Struct); ok && fieldIndex(s, v) >= 0 {
					t.rows = append(t.rows, n)
				}
			}
			return true
		})
	}
	switch {
	case t.reason == "done":
		t.reason = ""
		return t
	case declared == nil || len(declared.Names) != 1:
		t.reason = "is registered from a field that is not declared by itself in this package"
		return t
	case len(t.rows) == 0:
		t.reason = "is registered from a field that no literal fills"
		return t
	}
	for _, row := range t.rows {
		h, _ := rowValue(x.info, row, v)
		if h == nil {
			continue
		}
		text, ok := x.of(h)
		if !ok {
			t.reason = "is registered from a table, and " + x.src.of(h) + " in it (line " + strconv.Itoa(x.src.line(h.Pos())) + ") has no twin"
			x.reason = ""
			return t
		}
		t.next[row] = text
	}
	name, _ := importName(x.fileOf(around), fetchPath, "fetch")
	between := "\n"
	if !strings.Contains(x.src.of(around), "\n") {
		between = "; "
	}
	x.route.edits = append(x.route.edits, edit{declared.End(), declared.End(), between + t.twin + " " + name + "." + typeName(v.Type())})
	x.need(map[string]string{fetchPath: "fetch"})
	for row, text := range t.next {
		h, keyed := rowValue(x.info, row, v)
		if keyed {
			text = t.twin + ": " + text
		}
		x.route.edits = append(x.route.edits, edit{h.End(), h.End(), ", " + text})
	}
	return t
}

func typeName(t types.Type) string {
	if isMiddleware(t) {
		return "Middleware"
	}
	return "Handler"
}

func (p *pkg) fileOf(n ast.Node) *ast.File {
	for _, f := range p.files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			return f
		}
	}
	return nil
}

func fieldIndex(s *types.Struct, v *types.Var) int {
	for i := range s.NumFields() {
		if s.Field(i) == v {
			return i
		}
	}
	return -1
}

// rowValue returns what a row gives a field, and whether by its name.
func rowValue(info *types.Info, row *ast.CompositeLit, v *types.Var) (value ast.Expr, keyed bool) {
	i := fieldIndex(info.TypeOf(row).Underlying().(*types.Struct), v)
	for n, e := range row.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		switch {
		case !ok && n == i:
			return e, false
		case ok && info.Uses[kv.Key.(*ast.Ident)] == types.Object(v):
			return kv.Value, true
		}
	}
	return nil, false
}

// rowPairs notes the routes of a table, whose methods and paths are in its rows.
func (l *line) rowPairs(method ast.Expr, methodText string, path, handler ast.Expr) {
	s, ok := ast.Unparen(handler).(*ast.SelectorExpr)
	if !ok {
		return
	}
	v, _ := l.info.Uses[s.Sel].(*types.Var)
	t := l.fields[v]
	if t == nil {
		return
	}
	in := func(row *ast.CompositeLit, e ast.Expr, otherwise string) string {
		f, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return otherwise
		}
		field, _ := l.info.Uses[f.Sel].(*types.Var)
		if value, _ := rowValue(l.info, row, field); value != nil {
			text, _ := l.constString(value)
			return text
		}
		return otherwise
	}
	constant, _ := strconv.Unquote(methodText)
	for _, row := range t.rows {
		h, _ := rowValue(l.info, row, v)
		next := t.next[row]
		if h == nil || next == "" {
			continue
		}
		m := constant
		if method != nil {
			m = in(row, method, constant)
		}
		l.note(m, in(row, path, ""), h, l.src.of(h), next)
	}
}

// mapPairs notes the routes of a map from paths to handlers.
func (l *line) mapPairs(method string, path, handler ast.Expr) {
	id, ok := ast.Unparen(handler).(*ast.Ident)
	if !ok {
		return
	}
	loop, key, ok := l.rangeOf(id)
	if !ok || l.src.of(path) != key {
		return
	}
	spec, ok := l.declared[l.object(loop.X)].(*ast.ValueSpec)
	if !ok || len(spec.Values) != 1 {
		return
	}
	rows, ok := spec.Values[0].(*ast.CompositeLit)
	next, hasTwin := (&expr{line: l}).of(loop.X)
	if !ok || !hasTwin {
		return
	}
	m, _ := strconv.Unquote(method)
	for _, e := range rows.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if pattern, known := l.constString(kv.Key); known {
			at := "[" + strconv.Quote(pattern) + "]"
			l.note(m, pattern, kv.Value, l.src.of(loop.X)+at, next+at)
		}
	}
}
