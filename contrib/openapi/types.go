package openapi

// Go types as the document and the TypeScript need them. encoding/json says what JSON they are; a
// member of an input may be absent unless it is required, and one of an answer is absent only where
// it may be omitted.

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/swaggest/jsonschema-go"
)

type kind uint8

const (
	anything kind = iota
	text
	integer
	number
	boolean
	list
	dictionary
	object
)

// typ is a type as JSON, or as the text of a parameter.
type typ struct {
	kind     kind
	nullable bool
	format   string
	pattern  string
	example  any
	bounds   []float64 // the least and the most of an integer
	enum     []any
	elem     *typ
	members  []*member    // of an object without a name
	named    *definition  // or else
	own      reflect.Type // that says its schema itself
}

// member is a member of an object.
type member struct {
	name     string
	typ      *typ
	required bool
	field    reflect.StructField
	owner    reflect.Type
	def      any // the default; nil for none
}

// definition is a struct with a name, as an input and as an answer, where it is one.
type definition struct {
	typ     reflect.Type
	members map[role][]*member
	differ  bool // the two
}

type role uint8

const (
	input role = iota
	answer
)

// types are all definitions.
type types struct {
	defs map[reflect.Type]*definition
	open map[reflect.Type]bool // lists and dictionaries that are being looked into
}

var (
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonMarshaler   = reflect.TypeFor[json.Marshaler]()
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	exposer         = reflect.TypeFor[jsonschema.Exposer]()
	enumerated      = reflect.TypeFor[interface{ Enum() []any }]()
)

func has(t, method reflect.Type) bool {
	return t.Implements(method) || reflect.PointerTo(t).Implements(method)
}

// json is t as encoding/json writes or reads it.
func (ts *types) json(t reflect.Type, r role) *typ {
	if t.Kind() == reflect.Pointer {
		inner := *ts.json(t.Elem(), r)
		inner.nullable = true
		return &inner
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &typ{kind: text, format: "date-time"}
	case t == reflect.TypeFor[json.Number]():
		return &typ{kind: number}
	case has(t, exposer):
		return &typ{own: t}
	case has(t, jsonMarshaler), has(t, jsonUnmarshaler):
		return &typ{enum: enumOf(t)}
	case has(t, textMarshaler), has(t, textUnmarshaler):
		return &typ{kind: text, enum: enumOf(t)}
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && t.Kind() == reflect.Slice {
			return &typ{kind: text, format: "byte", nullable: r == answer}
		}
		return ts.nested(t, list, r)
	case reflect.Map:
		return ts.nested(t, dictionary, r)
	case reflect.Struct:
		if t.Name() == "" {
			return &typ{kind: object, members: ts.members(t, r)}
		}
		d := ts.defs[t]
		if d == nil {
			d = &definition{typ: t, members: make(map[role][]*member)}
			ts.defs[t] = d
		}
		if _, known := d.members[r]; !known {
			d.members[r] = nil // before what it holds, which may be itself
			d.members[r] = ts.members(t, r)
		}
		return &typ{kind: object, named: d}
	}
	return scalar(t)
}

func (ts *types) nested(t reflect.Type, k kind, r role) *typ {
	if ts.open[t] { // a list of itself
		return new(typ)
	}
	ts.open[t] = true
	defer delete(ts.open, t)
	return &typ{kind: k, elem: ts.json(t.Elem(), r), nullable: r == answer && t.Kind() != reflect.Array}
}

// scalar is a type whose kind says all.
func scalar(t reflect.Type) *typ {
	out := &typ{enum: enumOf(t)}
	switch t.Kind() {
	case reflect.String:
		out.kind = text
	case reflect.Bool:
		out.kind = boolean
	case reflect.Float32:
		out.kind, out.format = number, "float"
	case reflect.Float64:
		out.kind, out.format = number, "double"
	case reflect.Int, reflect.Int64:
		out.kind, out.format = integer, "int64"
	case reflect.Int8, reflect.Int16, reflect.Int32:
		most := float64(int64(1)<<(t.Bits()-1) - 1)
		out.kind, out.format, out.bounds = integer, "int32", []float64{-most - 1, most}
	case reflect.Uint, reflect.Uint64:
		out.kind, out.bounds = integer, []float64{0}
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		out.kind, out.bounds = integer, []float64{0, float64(uint64(1)<<t.Bits() - 1)}
	}
	return out
}

// enumOf are the values that a type lists with a method Enum() []any, which jsonschema-go knows
// too.
func enumOf(t reflect.Type) []any {
	if !has(t, enumerated) {
		return nil
	}
	return reflect.New(t).Interface().(interface{ Enum() []any }).Enum()
}

// param is t as texts: a parameter, a header, a cookie, or a member of a form. It may be anything
// where no text can say it.
func param(t reflect.Type) *typ {
	switch one := single(t); {
	case one.kind != anything:
		return one
	case t.Kind() == reflect.Pointer:
		return single(t.Elem())
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		if elem := single(t.Elem()); elem.kind != anything {
			return &typ{kind: list, elem: elem}
		}
	}
	return new(typ)
}

// single is t as one text.
func single(t reflect.Type) *typ {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return &typ{kind: text, pattern: `^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`, example: "1m30s"}
	case t == reflect.TypeFor[time.Time]():
		return &typ{kind: text, format: "date-time"}
	case reflect.PointerTo(t).Implements(textUnmarshaler):
		return &typ{kind: text, enum: enumOf(t)}
	}
	return scalar(t)
}

// members are those that encoding/json sees of a struct.
func (ts *types) members(t reflect.Type, r role) (members []*member) {
	for _, f := range fields(t) {
		if f.from == "" && f.json {
			m := ts.member(f, r)
			m.def = nil // fetch.Typed fills in the members of its input alone, not what is within them
			members = append(members, m)
		}
	}
	return members
}

func (ts *types) member(f field, r role) *member {
	m := &member{name: f.name, field: f.StructField, owner: f.owner, typ: ts.json(f.Type, r)}
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	option := func(name string) bool { return slices.Contains(strings.Split(options, ","), name) }
	omitted := option("omitempty") && f.Type.Kind() != reflect.Struct || option("omitzero")
	if r == answer {
		if m.required = !omitted; omitted {
			m.typ.nullable = false
		}
	} else {
		m.required, _ = strconv.ParseBool(f.Tag.Get("required"))
	}
	if option("string") && (m.typ.kind == integer || m.typ.kind == number || m.typ.kind == boolean) {
		m.typ = &typ{kind: text, nullable: m.typ.nullable, pattern: quoted[m.typ.kind]}
	}
	m.refine()
	return m
}

// quoted are the texts of the option "string" of encoding/json.
var quoted = map[kind]string{integer: `^-?(0|[1-9][0-9]{0,15})$`, number: `^-?(0|[1-9][0-9]{0,15})(\.[0-9]+)?$`, boolean: `^(true|false)$`}

// refine adds what tags say: enum, and default.
func (m *member) refine() {
	if s, ok := m.field.Tag.Lookup("enum"); ok {
		m.typ.enum = nil
		for word := range strings.SplitSeq(s, ",") {
			m.typ.enum = append(m.typ.enum, m.typ.value(word))
		}
	}
	if s, ok := m.field.Tag.Lookup("default"); ok {
		m.def = m.typ.value(s)
	}
}

// value is a text as JSON of the type.
func (t *typ) value(s string) any {
	var v any
	if (t.kind == integer || t.kind == number || t.kind == boolean) && json.Unmarshal([]byte(s), &v) == nil {
		return v
	}
	if t.kind == boolean { // on, off, 1 and 0
		return s == "on" || s == "1"
	}
	return s
}

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

// fields are those of a struct that fetch.Typed reads and encoding/json sees. Of those with one
// name in JSON the least deep one counts, or the one with a tag, or none.
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
