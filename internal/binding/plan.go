package binding

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/value"
)

// builder makes a plan, and collects what is wrong with the tags.
type builder struct {
	plan     *Plan
	mistakes []error
}

func (b *builder) mistake(t reflect.Type, field, format string, args ...any) {
	b.mistakes = append(b.mistakes, fmt.Errorf("%s.%s "+format, append([]any{t, field}, args...)...))
}

func (b *builder) build() {
	p := b.plan
	if p.typ.Kind() == reflect.Pointer {
		p.typ = p.typ.Elem()
	}
	switch k := p.typ.Kind(); {
	case k == reflect.Chan, k == reflect.Func, k == reflect.UnsafePointer, k == reflect.Pointer, k == reflect.Interface && p.typ.NumMethod() > 0:
		b.mistakes = append(b.mistakes, fmt.Errorf("a request cannot become a %s: take a struct", p.typ))
		return
	case k != reflect.Struct:
		p.HasBody, p.opaque = true, !holds(k) || readsItself(p.typ)
		b.within(p.typ)
		p.findDeep()
		return
	}
	var body []*Member
	for _, m := range b.members(p.typ, nil, true, map[reflect.Type]bool{}) {
		if m.From == Body {
			body = append(body, m)
			continue
		}
		if slices.ContainsFunc(p.Params, func(other *Member) bool { return other.From == m.From && other.Name == m.Name }) {
			b.mistake(p.typ, p.typ.FieldByIndex(m.index).Name, "is the second member with the tag %s:%q", m.From, m.Name)
		}
		p.Params = append(p.Params, m)
	}
	p.params, p.opaque = len(p.Params) > 0, readsItself(p.typ)
	body = dominant(body)
	if p.HasBody = len(body) > 0 || p.opaque; p.opaque {
		return
	}
	p.Body, p.top = body, newObject(body)
	p.Forms = p.HasBody && !slices.ContainsFunc(body, func(m *Member) bool { return m.parse == nil })
	for _, m := range body {
		b.within(m.typ)
	}
	p.findDeep()
}

// holds reports whether values of a kind hold others of one type.
func holds(k reflect.Kind) bool { return k == reflect.Slice || k == reflect.Array || k == reflect.Map }

func (p *Plan) findDeep() {
	for _, o := range p.inside {
		p.deep = p.deep || slices.ContainsFunc(o.members, func(m *Member) bool { return m.required })
	}
}

func newObject(members []*Member) *object {
	o := &object{members, make(map[string]*Member, len(members))}
	for _, m := range members {
		o.names[m.Name] = m
	}
	return o
}

// within makes the objects of the structs that a value of the type holds.
func (b *builder) within(t reflect.Type) {
	for range deepest { // since there are lists of themselves
		if !readsItself(t) && (t.Kind() == reflect.Pointer || holds(t.Kind())) {
			t = t.Elem()
		}
	}
	if t.Kind() != reflect.Struct || readsItself(t) || b.plan.inside[t] != nil {
		return
	}
	o := new(object)
	b.plan.inside[t] = o // before what it holds, which may be itself
	*o = *newObject(dominant(b.members(t, nil, false, map[reflect.Type]bool{})))
	for _, m := range o.members {
		b.within(m.typ)
	}
}

// members returns the members of a struct and of what it embeds. Below the top all are the body's.
func (b *builder) members(t reflect.Type, index []int, top bool, around map[reflect.Type]bool) (all []*Member) {
	if around[t] {
		return nil
	}
	around[t] = true
	defer delete(around, t)
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clip(index), i)
		from, name, ok := b.source(t, f, top)
		if !ok {
			continue
		}
		jsonName, hidden := nameInJSON(f)
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case from != Body && !f.IsExported():
			b.mistake(t, f.Name, "has the tag %s, but nobody can set it: begin its name with a capital letter", from)
		case from != Body:
			all = append(all, b.param(t, f, at, from, name, hidden))
		case f.Anonymous && embedded.Kind() == reflect.Struct && jsonName == "":
			inner := b.members(embedded, at, top, around)
			if hidden { // from JSON: its parameters are not
				inner = slices.DeleteFunc(inner, func(m *Member) bool { return m.From == Body })
			}
			if f.Type.Kind() == reflect.Pointer && slices.ContainsFunc(inner, func(m *Member) bool { return m.From != Body }) {
				b.mistake(t, f.Name, "is an embedded pointer, whose tags are not read: embed the %s itself", embedded)
			}
			if f.Type.Kind() != reflect.Pointer || f.IsExported() {
				all = append(all, inner...)
			}
		case hidden, !f.IsExported() && (!f.Anonymous || f.Type.Kind() != reflect.Struct):
		default:
			all = append(all, b.member(t, f, at, jsonName, top))
			if top && embedded.Kind() == reflect.Struct && tagged(embedded) {
				b.mistake(t, f.Name, "is a member of the body, so that the tags path, query, header and cookie within it are not read: embed it")
			}
		}
	}
	return all
}

// tagged reports whether a member of a struct has one of our tags.
func tagged(t reflect.Type) bool {
	for i := range t.NumField() {
		for _, tag := range tags {
			if _, ok := t.Field(i).Tag.Lookup(string(tag)); ok {
				return true
			}
		}
	}
	return false
}

// source returns the part of the request that the tags of a field name. It is not ok where they are
// wrong.
func (b *builder) source(t reflect.Type, f reflect.StructField, top bool) (from Source, name string, ok bool) {
	if !top {
		return Body, "", true
	}
	for _, tag := range tags {
		s, tagged := f.Tag.Lookup(string(tag))
		switch {
		case !tagged:
			continue
		case from != Body:
			b.mistake(t, f.Name, "has the tags %s and %s: a member comes from one part of the request", from, tag)
			return Body, "", false
		case s == "", (tag == Header || tag == Cookie) && !header.ValidName(s):
			b.mistake(t, f.Name, "has the tag %s:%q, which is not a name", tag, s)
			return Body, "", false
		}
		from, name = tag, s
	}
	return from, name, true
}

// nameInJSON returns the name that the tag json gives, and whether it hides the field.
func nameInJSON(f reflect.StructField) (name string, hidden bool) {
	tag := f.Tag.Get("json")
	name, _, _ = strings.Cut(tag, ",")
	return name, tag == "-"
}

// quoted reports whether encoding/json reads the value from within a string.
func quoted(f reflect.StructField) bool {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	scalar := t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return scalar && slices.Contains(strings.Split(options, ","), "string")
}

// member returns a member of the body.
func (b *builder) member(t reflect.Type, f reflect.StructField, index []int, name string, top bool) *Member {
	m := &Member{Name: name, index: index, typ: f.Type, tagged: name != "", quoted: quoted(f)}
	if name == "" {
		m.Name = f.Name
	}
	m.convert()
	b.refine(t, f, m, top)
	return m
}

// param returns a member that comes from another part of the request.
func (b *builder) param(t reflect.Type, f reflect.StructField, index []int, from Source, name string, hidden bool) *Member {
	m := &Member{From: from, Name: name, index: index, typ: f.Type, hidden: hidden}
	err := m.convert()
	switch {
	case err != nil:
		b.mistake(t, f.Name, "has the tag %s:%q: %w", from, name, err)
	case m.list && from == Cookie:
		b.mistake(t, f.Name, "is a list, and of several cookies with one name only the first counts")
	case m.pointer && from == Path:
		b.mistake(t, f.Name, "is a pointer, for what may be absent, and a path parameter never is")
	}
	b.refine(t, f, m, true)
	return m
}

// convert finds out how strings become the value.
func (m *Member) convert() error {
	t := m.typ
	parse, err := value.Of(t)
	switch {
	case err == nil:
	case t.Kind() == reflect.Pointer:
		m.pointer, t = true, t.Elem()
		parse, err = value.Of(t)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		m.list, t = true, t.Elem()
		parse, err = value.Of(t)
	}
	m.parse = parse
	m.text = t.Kind() == reflect.String && !readsItself(t)
	return err
}

// refine adds what the tags required and default say.
func (b *builder) refine(t reflect.Type, f reflect.StructField, m *Member, top bool) {
	if s, ok := f.Tag.Lookup("required"); ok {
		required, err := strconv.ParseBool(s)
		if m.required = required; err != nil {
			b.mistake(t, f.Name, "has the tag required:%q, which is neither true nor false", s)
		}
	}
	m.preset, m.presets = f.Tag.Lookup("default")
	m.presets = m.presets && top
	switch {
	case m.required && m.pointer:
		b.mistake(t, f.Name, "is required, and a pointer, which is for what may be absent")
	case m.required && m.presets:
		b.mistake(t, f.Name, "is required, and has a default, which is for what may be absent")
	case !m.presets:
	case m.From == Path, m.pointer, m.list, m.parse == nil:
		b.mistake(t, f.Name, "has a default, which only a single value that may be absent can have")
	default:
		if err := m.parse(m.preset, reflect.New(m.typ).Elem()); err != nil {
			b.mistake(t, f.Name, "has the tag default:%q: %w", m.preset, err)
		}
	}
}
