package tofetch

// Functions in the mutable shape: what takes a request or a response of package reqres.

import (
	"go/ast"
	"go/types"
)

// work is what a unit does with the response it is given.
type work int

const (
	reads   work = iota // it has none, and only reads the request
	answers             // it answers, and returns the error
	says                // it says something about the answer and returns nothing
	unclear             // anything else
)

// unit is a declared or literal function that takes a request, a response or both.
type unit struct {
	node     ast.Node // *ast.FuncDecl or *ast.FuncLit
	typ      *ast.FuncType
	body     *ast.BlockStmt
	req, res *types.Var // nil where it takes none
	work     work
	named    *types.Var // the error that it returns, where that has a name
}

// unitOf returns the unit that a function is, or nil.
func unitOf(info *types.Info, n ast.Node) *unit {
	u := &unit{node: n}
	switch n := n.(type) {
	case *ast.FuncDecl:
		u.typ, u.body = n.Type, n.Body
	case *ast.FuncLit:
		u.typ, u.body = n.Type, n.Body
	}
	if u.body == nil {
		return nil
	}
	takesResponse, takesRequest := false, false
	for _, f := range u.typ.Params.List {
		t := info.TypeOf(f.Type)
		request, response := isRequest(t), isResponse(t)
		takesRequest, takesResponse = takesRequest || request, takesResponse || response
		for _, name := range f.Names {
			v, _ := info.Defs[name].(*types.Var)
			switch {
			case request && u.req == nil:
				u.req = v
			case response && u.res == nil:
				u.res = v
			}
		}
	}
	switch {
	case !takesResponse && !takesRequest:
		return nil
	case !takesResponse:
		u.work = reads
	default:
		u.work = workOf(info, u.typ.Results)
	}
	if r := u.typ.Results; u.work == answers && r != nil && len(r.List[0].Names) == 1 {
		u.named, _ = info.Defs[r.List[0].Names[0]].(*types.Var)
	}
	return u
}

func workOf(info *types.Info, results *ast.FieldList) work {
	switch {
	case results == nil || len(results.List) == 0:
		return says
	case len(results.List) == 1 && len(results.List[0].Names) <= 1 && types.Identical(info.TypeOf(results.List[0].Type), types.Universe.Lookup("error").Type()):
		return answers
	}
	return unclear
}

// target is what gets a twin: a declaration, or a literal where it is registered.
type target struct {
	name string
	kind string
	node ast.Node     // *ast.FuncDecl, *ast.ValueSpec or *ast.FuncLit
	obj  types.Object // nil for a literal
	file *ast.File
	twin string // the name of its twin
	// streams says that it may answer with a stream; known from one conversion to the next.
	streams bool

	result
}

// result is what the conversion of a target has found.
type result struct {
	edits   []edit
	reasons []Reason
	notes   map[string]bool
	needs   map[string]string     // packages that the twin imports, with their names
	calls   map[types.Object]bool // what has to have a twin, too
	says    []said                // of a function that says something: what it may say
	guard   bool                  // the twin is a guard, of no shape
	getBody bool                  // it reads the body of a GET
	reads   int                   // how often it reads the body
}

func (t *target) refuse(at int, text string) {
	r := Reason{at, text}
	for _, known := range t.reasons {
		if known.Text == text {
			return
		}
	}
	t.reasons = append(t.reasons, r)
}

// Reason is why something was not converted, and the line of it.
type Reason struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// kindOf names what a declared function is, by its signature. It is "" for functions that have nothing
// to do with the mutable shape.
func kindOf(info *types.Info, d *ast.FuncDecl, u *unit) string {
	s := info.Defs[d.Name].Type().(*types.Signature)
	if u != nil {
		switch {
		case u.work == reads:
			return "reader"
		case u.work == says:
			return "setter"
		case isHandler(s):
			return "handler"
		}
		return "responder"
	}
	takes, gives := false, false
	for v := range s.Params().Variables() {
		takes = takes || ofShape(v.Type())
	}
	middleware := false
	for v := range s.Results().Variables() {
		gives = gives || ofShape(v.Type())
		middleware = middleware || isMiddleware(v.Type())
	}
	switch {
	case middleware, isMiddleware(s):
		return "middleware"
	case gives && takes:
		return "wrapper"
	case gives:
		return "factory"
	}
	return ""
}

// ofShape reports whether a type is a handler or middleware of the mutable shape, or a list of them.
func ofShape(t types.Type) bool {
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	return isHandler(t) || isMiddleware(t) || isNamed(t, reqresPath, "Methods")
}
