// Package finish is the analyzer that takes away what a migration leaves behind.
//
// Where the team says that new serves for good, the Migrate line becomes a line of r.Fetch, and the
// old handler goes, with the helpers, types, variables, fields of tables and generated tests that
// it alone used; its twin gets its name, where no other package may know that of the twin. The team
// says so in the code, by a scope whose Migration begins at New, with the document of plans that
// the service follows (-finish.plans), or by name (-finish.routes).
package finish

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/testvariant"
	"golang.org/x/tools/go/analysis"
)

// Analyzer is finish.
var Analyzer = &analysis.Analyzer{
	Name: "finish",
	Doc:  "turn the Migrate lines that are at New into r.Fetch, and remove what only the old handlers used",
	URL:  "https://pkg.go.dev/github.com/crossfade-go/crossfade/tools/crossfade",
	Run:  run,
}

var plans, routes string

func init() {
	Analyzer.Flags.StringVar(&plans, "plans", "", "a document of plans: its routes at New are finished")
	Analyzer.Flags.StringVar(&routes, "routes", "", "routes to finish, such as 'GET /users/:id,POST /users'; all is every one")
}

const (
	adaptPath   = "github.com/crossfade-go/crossfade/adapt"
	migratePath = adaptPath + "/migrate"
)

// job is a package that is finished.
type job struct {
	pass    *analysis.Pass
	parents map[ast.Node]ast.Node
	named   map[string]bool // the routes that are said to be new by their names
	removed []ast.Node      // what goes
	edits   []analysis.TextEdit
	said    []string
	doomed  map[types.Object]bool

	replaced map[*ast.Ident]bool    // by other text
	written  map[types.Object][]int // the edits whose text is the name of an object
}

func run(pass *analysis.Pass) (any, error) {
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == adaptPath }) || testvariant.Follows(pass) {
		return nil, nil
	}
	named, err := saidNew()
	if err != nil {
		return nil, err
	}
	j := &job{pass: pass, parents: map[ast.Node]ast.Node{}, named: named, doomed: map[types.Object]bool{},
		replaced: map[*ast.Ident]bool{}, written: map[types.Object][]int{}}
	for _, f := range pass.Files {
		var stack []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if len(stack) > 0 {
				j.parents[n] = stack[len(stack)-1]
			}
			stack = append(stack, n)
			return true
		})
	}
	for _, f := range pass.Files {
		if !strings.HasSuffix(pass.Fset.File(f.Pos()).Name(), "_test.go") && !ast.IsGenerated(f) {
			j.routes(f)
		}
	}
	if len(j.edits) == 0 {
		return nil, nil
	}
	j.remove()
	slices.SortFunc(j.edits, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	pass.Report(analysis.Diagnostic{
		Pos: pass.Files[0].Name.Pos(), Category: "package", Message: "package " + pass.Pkg.Name() + ": " + strings.Join(j.said, ", "),
		SuggestedFixes: []analysis.SuggestedFix{{Message: "Finish the routes that are new", TextEdits: j.edits}},
	})
	return nil, nil
}

// routes finishes the Migrate lines of a file.
func (j *job) routes(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 4 {
			return true
		}
		s, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != "Migrate" || !isRoutes(j.pass.TypesInfo.TypeOf(s.X)) {
			return true
		}
		name, isNew := j.isNew(call)
		if !isNew {
			return true
		}
		if _, statement := j.parents[call].(*ast.ExprStmt); !statement {
			j.pass.Reportf(call.Pos(), "route %s stays a Migrate: its pair is kept in a variable", name)
			return true
		}
		if id, ok := call.Args[2].(*ast.Ident); ok && j.local(id) {
			if !j.loop(call, id) {
				j.pass.Reportf(call.Pos(), "route %s stays a Migrate: its old side is the variable %s", name, id.Name)
				return true
			}
		}
		j.finish(call, s)
		j.said = append(j.said, name+" is finished")
		return true
	})
	if len(j.edits) == 0 {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				j.middleware(n.Body)
			}
		case *ast.FuncLit:
			j.middleware(n.Body)
		}
		return true
	})
}

func isRoutes(t types.Type) bool {
	p, ok := t.(*types.Pointer)
	return ok && isNamed(p.Elem(), adaptPath, "Routes")
}

func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

// finish turns a Migrate line into one of r.Fetch.
func (j *job) finish(call *ast.CallExpr, s *ast.SelectorExpr) {
	verb := j.text(call.Args[0])
	face, from := ".Fetch.", call.Args[1].Pos()
	switch {
	case verb == "ANY":
		face += "Any("
	case slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, verb):
		face += verb + "("
	default:
		face, from = face+"On(", call.Args[0].Pos()
	}
	j.edits = append(j.edits,
		analysis.TextEdit{Pos: s.X.End(), End: from, NewText: []byte(face)},
		analysis.TextEdit{Pos: call.Args[2].Pos(), End: call.Args[3].Pos()})
	j.removed = append(j.removed, call.Args[2])
}

// local reports whether an identifier is a local variable, which something has to use.
func (j *job) local(id *ast.Ident) bool {
	v, ok := j.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && v.Parent() != j.pass.Pkg.Scope()
}

// loop makes a loop over the old side of a map one over the new side: it has registered
// r.Migrate(method, key, value, twin[key]).
func (j *job) loop(call *ast.CallExpr, old *ast.Ident) bool {
	next, ok := call.Args[3].(*ast.IndexExpr)
	if !ok {
		return false
	}
	for n := ast.Node(call); n != nil; n = j.parents[n] {
		r, ok := n.(*ast.RangeStmt)
		if !ok || r.Value == nil {
			continue
		}
		value, isIdent := r.Value.(*ast.Ident)
		key, isKey := r.Key.(*ast.Ident)
		index, isIndex := next.Index.(*ast.Ident)
		if !isIdent || !isKey || !isIndex || j.pass.TypesInfo.Defs[value] != j.pass.TypesInfo.Uses[old] || j.pass.TypesInfo.Defs[key] != j.pass.TypesInfo.Uses[index] {
			return false
		}
		twin, ok := next.X.(*ast.Ident)
		if !ok {
			return false
		}
		o := j.pass.TypesInfo.Uses[twin]
		j.replaced[twin], j.written[o] = true, append(j.written[o], len(j.edits))
		j.edits = append(j.edits,
			analysis.TextEdit{Pos: r.X.Pos(), End: r.X.End(), NewText: []byte(twin.Name)},
			analysis.TextEdit{Pos: next.Pos(), End: next.End(), NewText: []byte(old.Name)})
		j.removed = append(j.removed, r.X)
		return true
	}
	return false
}

// middleware turns UseBoth into UseFetch where a function registers nothing of the mutable shape
// any more, and calls nothing that may.
func (j *job) middleware(body *ast.BlockStmt) {
	var both []*ast.CallExpr
	other := false
	ast.Inspect(body, func(n ast.Node) bool {
		if j.gone(n) {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if n.Sel.Name == "ReqRes" && isRoutes(j.pass.TypesInfo.TypeOf(n.X)) {
				other = true
			}
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			if ok && isRoutes(j.pass.TypesInfo.TypeOf(s.X)) {
				switch s.Sel.Name {
				case "UseBoth":
					if j.function(n) == body {
						both = append(both, n)
					}
				case "Migrate":
					other = other || !j.gone(n.Args[2])
				case "Scope":
					_, literal := n.Args[1].(*ast.FuncLit)
					other = other || !literal
				case "Legacy", "Mount", "Handle", "With", "WithGuard":
					other = true
				}
				return true
			}
			for _, a := range n.Args {
				other = other || isRoutes(j.pass.TypesInfo.TypeOf(a))
			}
		}
		return true
	})
	if other {
		return
	}
	for _, call := range both {
		s := call.Fun.(*ast.SelectorExpr)
		j.edits = append(j.edits,
			analysis.TextEdit{Pos: s.Sel.Pos(), End: s.Sel.End(), NewText: []byte("UseFetch")},
			analysis.TextEdit{Pos: call.Args[0].End(), End: call.Args[1].End()})
		j.removed = append(j.removed, call.Args[1])
	}
}

// function returns the body of the function that a node stands in.
func (j *job) function(n ast.Node) *ast.BlockStmt {
	for ; n != nil; n = j.parents[n] {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Body
		case *ast.FuncLit:
			return n.Body
		}
	}
	return nil
}

// gone reports whether a node is, or lies in, what goes.
func (j *job) gone(n ast.Node) bool {
	return n != nil && slices.ContainsFunc(j.removed, func(r ast.Node) bool { return r.Pos() <= n.Pos() && n.End() <= r.End() })
}
