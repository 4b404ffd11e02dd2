package openapi

// Go types as the document and the TypeScript need them. encoding/json says what JSON they are; a
// member of an input may be absent unless it is required, and one of an answer is absent only where
// it may be omitted.

import (
	"encoding"
	"encoding/json"
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

// scalar returns a type whose kind says all.
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

// enumOf returns the values that a type lists with a method Enum() []any, which jsonschema-go knows
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

// members returns the members of a struct that encoding/json sees.
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

// value returns a text as JSON of the type.
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
