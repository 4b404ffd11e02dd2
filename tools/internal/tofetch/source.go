package tofetch

// Changes to the text of a file. A twin is a copy of the text of its original with changes, so that
// what is not changed, comments included, is there as it was written.

import (
	"go/ast"
	"go/format"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// edit replaces the text between two places.
type edit struct {
	pos, end token.Pos
	text     string
}

// source is the text of the files of a package.
type source struct {
	fset *token.FileSet
	text map[*token.File][]byte
}

// of returns the text of a node.
func (s source) of(n ast.Node) string { return s.between(n.Pos(), n.End()) }

func (s source) between(pos, end token.Pos) string {
	f := s.fset.File(pos)
	return string(s.text[f][f.Offset(pos):f.Offset(end)])
}

func (s source) line(pos token.Pos) int { return s.fset.Position(pos).Line }

// apply returns the text between two places with the edits that lie there. Of two edits where one
// lies in the other, the outer one counts.
func (s source) apply(pos, end token.Pos, edits []edit) string {
	f := s.fset.File(pos)
	var b strings.Builder
	at := pos
	for _, e := range ordered(edits) {
		if e.pos < at || e.end > end {
			continue
		}
		b.Write(s.text[f][f.Offset(at):f.Offset(e.pos)])
		b.WriteString(e.text)
		at = e.end
	}
	b.Write(s.text[f][f.Offset(at):f.Offset(end)])
	return b.String()
}

// ordered sorts edits by place, outer before inner, and drops repetitions.
func ordered(edits []edit) []edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.pos != b.pos {
			return int(a.pos - b.pos)
		}
		aInserts, bInserts := a.pos == a.end, b.pos == b.end
		switch {
		case aInserts && bInserts:
			return 0
		case aInserts:
			return -1
		case bInserts:
			return 1
		}
		return int(b.end - a.end)
	})
	return slices.Compact(edits)
}

// covered reports whether an edit lies within one of the others.
func covered(e edit, others []edit) bool {
	return slices.ContainsFunc(others, func(o edit) bool { return o.pos < o.end && o.pos <= e.pos && e.end <= o.end })
}

// wholeLine extends the range of a statement to its whole line, if nothing else stands there.
func (s source) wholeLine(n ast.Node) (pos, end token.Pos) {
	f := s.fset.File(n.Pos())
	text := s.text[f]
	from, to := f.Offset(n.Pos()), f.Offset(n.End())
	for from > 0 && (text[from-1] == ' ' || text[from-1] == '\t') {
		from--
	}
	for to < len(text) && (text[to] == ' ' || text[to] == '\t') {
		to++
	}
	if from > 0 && text[from-1] == '\n' && to < len(text) && text[to] == '\n' {
		return f.Pos(from), f.Pos(to + 1)
	}
	return n.Pos(), n.End()
}

// formatted returns declarations as gofmt writes them.
func formatted(declarations string) string {
	const head = "package p\n\n"
	out, err := format.Source([]byte(head + declarations))
	if err != nil {
		return declarations // what is wrong shows where the fix is applied
	}
	return strings.TrimRight(strings.TrimPrefix(string(out), head), "\n")
}

// importName returns the name under which a file knows a package, or would.
func importName(f *ast.File, path, usual string) (name string, imported bool) {
	for _, spec := range f.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p != path {
			continue
		}
		if spec.Name == nil {
			return usual, true
		}
		return spec.Name.Name, spec.Name.Name != "_" && spec.Name.Name != "."
	}
	return usual, false
}

// imports returns the edits that import packages of the library beside reqres or adapt, which one of
// is there, sorted as gofmt sorts them.
func imports(f *ast.File, paths map[string]string) []edit {
	var missing []string
	for path, usual := range paths {
		if _, ok := importName(f, path, usual); !ok {
			missing = append(missing, path)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	var group *ast.GenDecl
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			group = g
			if g.Lparen.IsValid() {
				break
			}
		}
	}
	var edits []edit
	for _, path := range missing {
		switch {
		case group == nil:
			edits = append(edits, edit{f.Name.End(), f.Name.End(), "\n\nimport " + strconv.Quote(path)})
		case !group.Lparen.IsValid():
			spec := group.Specs[0]
			if path == missing[0] {
				edits = append(edits, edit{spec.Pos(), spec.Pos(), "(\n\t"})
			}
			text := "\n\t" + strconv.Quote(path)
			if path == missing[len(missing)-1] {
				text += "\n)"
			}
			edits = append(edits, edit{spec.End(), spec.End(), text})
		default:
			at := beside(group, path)
			edits = append(edits, edit{at, at, "\n\t" + strconv.Quote(path)})
		}
	}
	return edits
}

// beside returns the place in a group of imports behind the last one that sorts before path, among
// those that share its first element if there are any.
func beside(group *ast.GenDecl, path string) token.Pos {
	first := func(p string) string { p, _, _ = strings.Cut(p, "/"); return p }
	at := group.Specs[len(group.Specs)-1].End()
	found := false
	for _, spec := range group.Specs {
		p, _ := strconv.Unquote(spec.(*ast.ImportSpec).Path.Value)
		if first(p) != first(path) {
			continue
		}
		if p > path {
			if !found {
				// It is the first of its kind: gofmt sorts it in front.
				return spec.End()
			}
			break
		}
		at, found = spec.End(), true
	}
	return at
}
