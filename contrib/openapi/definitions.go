package openapi

// Types that a document defines once: which of them are not the same as an input and as an answer,
// and what they are called.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// settle finds the definitions that are not the same as an input and as an answer.
func (ts *types) settle() {
	for again := true; again; {
		again = false
		for _, d := range ts.defs {
			if d.differ || len(d.members) < 2 {
				continue
			}
			d.differ = !slices.EqualFunc(d.members[input], d.members[answer], func(a, b *member) bool {
				return a.name == b.name && a.required == b.required && same(a.typ, b.typ)
			})
			again = again || d.differ
		}
	}
}

func same(a, b *typ) bool {
	switch {
	case a.nullable != b.nullable, a.kind != b.kind:
		return false
	case a.named != nil:
		return a.named == b.named && !a.named.differ
	case a.elem != nil:
		return same(a.elem, b.elem)
	}
	return slices.EqualFunc(a.members, b.members, func(a, b *member) bool {
		return a.name == b.name && a.required == b.required && same(a.typ, b.typ)
	})
}

// names gives each definition a name: that of its type, with its package's where two types share
// one.
func (ts *types) names() map[*definition]string {
	byName := make(map[string][]*definition)
	for _, d := range ts.sorted() {
		name := identifier(d.typ.Name())
		byName[name] = append(byName[name], d)
	}
	names := make(map[*definition]string)
	for name, ds := range byName {
		for i, d := range ds {
			names[d] = name
			if len(ds) > 1 {
				names[d] = identifier(d.typ.PkgPath()[strings.LastIndexByte(d.typ.PkgPath(), '/')+1:]) + name
			}
			if i > 0 && slices.Contains(slices.Collect(maps.Values(names)), names[d]) && names[ds[i-1]] == names[d] {
				names[d] += strconv.Itoa(i + 1)
			}
		}
	}
	return names
}

func (ts *types) sorted() []*definition {
	return slices.SortedFunc(maps.Values(ts.defs), func(a, b *definition) int {
		return strings.Compare(fmt.Sprint(a.typ.PkgPath(), " ", a.typ), fmt.Sprint(b.typ.PkgPath(), " ", b.typ))
	})
}

// identifier makes an exported name of the name of a type: Page[example.com/shop.Item] is PageItem.
func identifier(name string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("[],* ", r) }) {
		part = part[strings.LastIndexAny(part, "./")+1:]
		for word := range strings.FieldsFuncSeq(part, func(r rune) bool { return strings.ContainsRune("_-·", r) }) {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
