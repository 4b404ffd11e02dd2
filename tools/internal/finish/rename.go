package finish

// A twin takes over the name of what has gone, where nobody outside the package can know its own.

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// suffix is what tofetch adds to a name.
const suffix = "Fetch"

// rename gives the twin of what has gone its name and, to one that tofetch has written, its
// comment.
func (j *job) rename(o types.Object, d declaration) {
	if _, isFunc := d.nodes[0].(*ast.FuncDecl); isFunc {
		j.said = append(j.said, d.name+" goes")
	}
	twin := j.twin(o)
	if twin == nil {
		return
	}
	name := twin.Name()
	if j.free(o, twin) {
		name = o.Name()
		j.call(twin, name)
	}
	old, _ := j.doc(d.nodes[0])
	for id, defined := range j.pass.TypesInfo.Defs {
		if defined == twin {
			if doc, begin := j.doc(j.parents[id]); doc != nil {
				j.comment(d.name, old, twin.Name(), doc, begin, name)
			}
		}
	}
}

// doc returns the comment of a declaration, and where that begins behind it.
func (j *job) doc(n ast.Node) (*ast.CommentGroup, token.Pos) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Doc, n.Type.Func
	case *ast.ValueSpec:
		if n.Doc != nil {
			return n.Doc, n.Pos()
		}
		if g, ok := j.parents[n].(*ast.GenDecl); ok && len(g.Specs) == 1 {
			return g.Doc, g.TokPos
		}
	}
	return nil, token.NoPos
}

// twin returns the other side of a function or variable, or nil.
func (j *job) twin(o types.Object) types.Object {
	switch o.(type) {
	case *types.Func, *types.Var:
	default:
		return nil
	}
	name := o.Name() + suffix
	twin := j.pass.Pkg.Scope().Lookup(name)
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		twin, _, _ = types.LookupFieldOrMethod(f.Signature().Recv().Type(), true, j.pass.Pkg, name)
	}
	if twin == nil || twin.Pkg() != j.pass.Pkg || j.doomed[twin] {
		return nil
	}
	return twin
}

// free reports whether the name of what has gone means nothing else where its twin is used.
func (j *job) free(o, twin types.Object) bool {
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		return true // behind a dot
	}
	for id, used := range j.pass.TypesInfo.Uses {
		if used != twin {
			continue
		}
		if scope := j.pass.Pkg.Scope().Innermost(id.Pos()); scope != nil {
			if _, other := scope.LookupParent(o.Name(), id.Pos()); other != nil && other != o {
				return false
			}
		}
	}
	return true
}

// call gives an object another name, wherever it stands.
func (j *job) call(o types.Object, name string) {
	for _, ids := range []map[*ast.Ident]types.Object{j.pass.TypesInfo.Defs, j.pass.TypesInfo.Uses} {
		for id, named := range ids {
			if f, ok := named.(*types.Func); ok {
				named = f.Origin()
			}
			if named == o && !j.gone(id) && !j.replaced[id] {
				j.edits = append(j.edits, analysis.TextEdit{Pos: id.Pos(), End: id.End(), NewText: []byte(name)})
			}
		}
	}
	for _, i := range j.written[o] {
		j.edits[i].NewText = []byte(name)
	}
}

// comment gives a twin under its name the comment of old, or one that a person has written the
// name.
func (j *job) comment(oldName string, old *ast.CommentGroup, twinName string, doc *ast.CommentGroup, begin token.Pos, name string) {
	if doc.Text() != twinName+" is "+oldName+" in the immutable shape.\n" {
		first := doc.List[0]
		if prefix := "// " + twinName; strings.HasPrefix(first.Text, prefix+" ") {
			j.edits = append(j.edits, analysis.TextEdit{Pos: first.Pos(), End: first.Pos() + token.Pos(len(prefix)), NewText: []byte("// " + name)})
		}
		return
	}
	text := ""
	if old != nil {
		for _, c := range old.List {
			text += strings.Replace(c.Text, "// "+oldName+" ", "// "+name+" ", 1) + "\n"
		}
	}
	j.edits = append(j.edits, analysis.TextEdit{Pos: doc.Pos(), End: begin, NewText: []byte(text)})
}
