// Package binding joins the members of a struct to the parts of a request, in both directions:
// fetch.Typed reads a request into a struct, and adapt.Call makes a request of one.
//
// The tags path, query, header and cookie say where a member comes from; all other members are
// those of the body, under the names that encoding/json gives them. What the tags say is a Plan,
// made once for a type.
package binding

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"sync"

	"github.com/crossfade-go/crossfade/internal/value"
)

// Source is the part of a request that a member comes from: the tag that says so, or Body.
type Source string

// The sources. The tags are Path, Query, Header and Cookie.
const (
	Path   Source = "path"
	Query  Source = "query"
	Header Source = "header"
	Cookie Source = "cookie"
	Body   Source = ""
)

var tags = [...]Source{Path, Query, Header, Cookie}

// Plan is what a type says of a request. It is never written after Of, and may be used by many
// goroutines.
type Plan struct {
	// Params are the members that do not come from the body.
	Params []*Member
	// Body is the members of the body, where it is an object whose members are known; else nil.
	Body []*Member
	// HasBody reports whether there is a body to read.
	HasBody bool
	// Forms reports whether a form can say all that the body can.
	Forms bool

	typ    reflect.Type // of the struct, or of the whole body
	params bool         // typ is a struct of which the Params are members
	opaque bool         // typ reads its JSON itself, or is one value
	deep   bool         // something within a member is required
	top    *object
	inside map[reflect.Type]*object // of the structs within the body
}

// Member is one member of a struct.
type Member struct {
	From Source
	Name string // in the request

	index    []int
	typ      reflect.Type
	required bool
	pointer  bool
	list     bool
	text     bool         // an empty string is a value of it
	parse    value.Parser // of the value, or of each of a list; nil where a string cannot say it
	preset   string       // what a request that says nothing has said
	presets  bool
	hidden   bool // encoding/json does not see it
	tagged   bool // its name is that of a tag
	quoted   bool // its JSON stands in a string: the option "string" of encoding/json
}

// object is the members of a JSON object, by their names.
type object struct {
	members []*Member
	names   map[string]*Member
}

// Of returns the plan of a type, and every mistake in its tags.
func Of(t reflect.Type) (*Plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*planned).plan, p.(*planned).err
	}
	b := builder{plan: &Plan{typ: t, inside: make(map[reflect.Type]*object)}}
	b.build()
	p, _ := plans.LoadOrStore(t, &planned{b.plan, errors.Join(b.mistakes...)})
	return p.(*planned).plan, p.(*planned).err
}

var plans sync.Map // of *planned, by type

type planned struct {
	plan *Plan
	err  error
}

// Reads reports whether something of a request is read, and so can be wrong.
func (p *Plan) Reads() bool { return p.HasBody || len(p.Params) > 0 }

// PathNames are the path parameters that the plan needs.
func (p *Plan) PathNames() (names []string) {
	for _, m := range p.Params {
		if m.From == Path {
			names = append(names, m.Name)
		}
	}
	return names
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// readsItself reports whether encoding/json leaves a value of the type to a method of it.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(jsonUnmarshaler) || p.Implements(textUnmarshaler)
}

// field returns the field of v at index. Embedded pointers on the way are made.
func field(v reflect.Value, index []int) reflect.Value {
	for i, n := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v
}

// dominant returns the members that encoding/json sees: of those with one name the least deep one,
// or the one with a tag, or none.
func dominant(all []*Member) (members []*Member) {
	for _, m := range all {
		if !slices.ContainsFunc(all, func(other *Member) bool {
			switch {
			case other == m || other.Name != m.Name:
				return false
			case len(other.index) != len(m.index):
				return len(other.index) < len(m.index)
			}
			return other.tagged || !m.tagged
		}) {
			members = append(members, m)
		}
	}
	return members
}
