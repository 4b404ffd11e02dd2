package tofetch

// Which declarations get a twin, and its text.

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// settle converts everything, and again without what failed, until nothing changes: who needs the
// twin of what has none has none either.
func (p *pkg) settle() {
	rank := map[string]int{"setter": 0, "reader": 1, "responder": 2, "wrapper": 3}
	order := slices.Clone(p.targets)
	slices.SortStableFunc(order, func(a, b *target) int {
		ra, ok := rank[a.kind]
		if !ok {
			ra = len(rank)
		}
		rb, ok := rank[b.kind]
		if !ok {
			rb = len(rank)
		}
		return ra - rb
	})
	for _, t := range p.done {
		p.convert(t) // to know what it reads; nothing is written
	}
	known := 0
	for changed := true; changed; {
		changed = false
		sum := 0
		for _, t := range order {
			if len(t.reasons) > 0 {
				continue
			}
			p.convert(t)
			if len(t.reasons) > 0 {
				delete(p.alive, t.obj)
				changed = true
			}
			sum += t.reads + len(t.says)
			if t.streams {
				sum++
			}
		}
		changed = changed || sum != known
		known = sum
	}
}

// convert converts a target as far as it goes.
func (p *pkg) convert(t *target) {
	t.result = result{notes: map[string]bool{}, needs: map[string]string{}, calls: map[types.Object]bool{}}
	fetch, _ := importName(t.file, fetchPath, "fetch")
	adapt, _ := importName(t.file, adaptPath, "adapt")
	root, _ := importName(t.file, rootPath, "crossfade")
	if t.kind == "middleware" && p.guard(t) {
		return
	}
	conv := func(u *unit) *conv {
		return &conv{pkg: p, t: t, u: u, fetch: fetch, adapt: adapt, root: root, seen: map[*ast.Ident]bool{}, counted: map[ast.Node]bool{}, jumped: map[ast.Stmt]bool{}}
	}
	hidden := false
	ast.Inspect(t.node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.info.Defs[id] != nil && (id.Name == fetch || id.Name == adapt || id.Name == root) {
			hidden = true
			t.refuse(p.src.line(id.Pos()), "has a name "+id.Name+" of its own, which hides the package")
		}
		if u := p.units[n]; u != nil {
			conv(u).convert()
		}
		return true
	})
	if p.units[t.node] == nil && !hidden {
		c := conv(&unit{node: t.node})
		c.rewrite(t.node, &c.edits)
		c.finish()
	}
}

// twin returns the edit that puts the twin of a declaration below it.
func (p *pkg) twin(t *target) edit {
	doc := "// " + t.twin + " is " + t.name + " in the immutable shape.\n"
	switch n := t.node.(type) {
	case *ast.FuncDecl:
		if t.guard {
			return edit{n.End(), n.End(), "\n\n" + formatted(t.edits[0].text)}
		}
		edits := append([]edit{{n.Name.Pos(), n.Name.End(), t.twin}}, t.edits...)
		return edit{n.End(), n.End(), "\n\n" + formatted(doc+p.src.apply(n.Type.Func, n.End(), edits))}
	case *ast.ValueSpec:
		edits := append([]edit{{n.Names[0].Pos(), n.Names[0].End(), t.twin}}, t.edits...)
		end := p.parents[n].End()
		return edit{end, end, "\n\n" + formatted(doc+"var "+p.src.apply(n.Pos(), n.End(), edits))}
	}
	panic("a literal has no twin of its own")
}

// dropUnused leaves out the twins of helpers that nothing converted needs, and of handlers that have a
// new side of another name.
func (p *pkg) dropUnused(r *routes) {
	helper := set("reader", "setter", "responder", "wrapper", "variable")
	for {
		used := map[types.Object]bool{}
		for _, t := range p.targets {
			if len(t.reasons) == 0 {
				maps.Copy(used, t.calls)
			}
		}
		maps.Copy(used, r.uses)
		kept := slices.DeleteFunc(slices.Clone(p.targets), func(t *target) bool {
			return (helper[t.kind] && !t.obj.Exported() || r.moving[t.obj]) && len(t.reasons) == 0 && !used[t.obj]
		})
		if len(kept) == len(p.targets) {
			return
		}
		p.targets = kept
	}
}
