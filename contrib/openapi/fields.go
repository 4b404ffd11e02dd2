package openapi

// The fields of a struct, as fetch.Typed reads them and encoding/json sees them.

import (
	"reflect"
	"slices"
	"strings"
)

// field is a field of a struct, or of what that embeds.
type field struct {
	reflect.StructField
	owner  reflect.Type
	from   string // path, query, header or cookie; "" for the body
	name   string // there
	json   bool   // encoding/json sees it
	tagged bool
	depth  int
}

// fields returns the fields of a struct that fetch.Typed reads and encoding/json sees. Of those
// with one name in JSON the least deep one counts, or the one with a tag, or none.
func fields(t reflect.Type) (counting []field) {
	all := fieldsWithin(t, 0, map[reflect.Type]bool{})
	for i, f := range all {
		if f.from == "" && slices.ContainsFunc(slices.Concat(all[:i], all[i+1:]), func(other field) bool {
			switch {
			case other.from != "" || other.name != f.name:
				return false
			case other.depth != f.depth:
				return other.depth < f.depth
			}
			return other.tagged || !f.tagged
		}) {
			continue
		}
		counting = append(counting, f)
	}
	return counting
}

func fieldsWithin(t reflect.Type, depth int, around map[reflect.Type]bool) (all []field) {
	if around[t] {
		return nil
	}
	around[t] = true
	defer delete(around, t)
	for i := range t.NumField() {
		f := field{StructField: t.Field(i), owner: t, depth: depth}
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		f.json = tag != "-"
		if f.name, f.tagged = name, name != ""; name == "" {
			f.name = f.Name
		}
		for _, from := range []string{"path", "query", "header", "cookie"} {
			if s, ok := f.Tag.Lookup(from); ok {
				f.from, f.name = from, s
			}
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.from == "" && f.Anonymous && inner.Kind() == reflect.Struct && name == "":
			if f.IsExported() || f.Type.Kind() != reflect.Pointer {
				for _, g := range fieldsWithin(inner, depth+1, around) {
					g.json = g.json && f.json
					all = append(all, g)
				}
			}
		case f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct:
			if f.from != "" || f.json {
				all = append(all, f)
			}
		}
	}
	return all
}
