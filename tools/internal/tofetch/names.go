package tofetch

// The names of twins: those that are there already, and those that are free.

import (
	"go/ast"
	"go/types"
	"slices"
)

func (p *pkg) taken(o types.Object, name string) bool {
	if r := receiver(o); r != nil {
		found, _, _ := types.LookupFieldOrMethod(r, true, p.pass.Pkg, name)
		return found != nil
	}
	return p.pass.Pkg.Scope().Lookup(name) != nil
}

// existing returns the name of a twin that stands beside its original.
func (p *pkg) existing(o types.Object) (string, bool) {
	for _, name := range []string{o.Name() + "Fetch", o.Name() + "Guard"} {
		var found types.Object
		if r := receiver(o); r != nil {
			found, _, _ = types.LookupFieldOrMethod(r, true, p.pass.Pkg, name)
		} else if o.Pkg() == p.pass.Pkg && o.Parent() == p.pass.Pkg.Scope() {
			found = p.pass.Pkg.Scope().Lookup(name)
		}
		if found != nil && (isFetch(found.Type()) || isGuard(found.Type())) {
			return name, true
		}
	}
	return "", false
}

// twinOf returns the name of the twin of a declaration, if it has one or is going to.
func (p *pkg) twinOf(o types.Object) (name string, ok bool) {
	if o = origin(o); o == nil || o.Pkg() == nil {
		return "", false
	}
	if t := p.alive[o]; t != nil {
		return t.twin, true
	}
	if o.Pkg() == p.pass.Pkg {
		if isShape(o.Type()) {
			return p.existing(o)
		}
		return "", false
	}
	var fact Twin
	if p.pass.ImportObjectFact(o, &fact) {
		return fact.Name, true
	}
	return "", false
}

// fresh returns a name that nothing in a node uses.
func fresh(in ast.Node, names ...string) string {
	used := map[string]bool{}
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			used[id.Name] = true
		}
		return true
	})
	i := slices.IndexFunc(names, func(name string) bool { return !used[name] })
	if i < 0 {
		return fresh(in, names[len(names)-1]+"2")
	}
	return names[i]
}
