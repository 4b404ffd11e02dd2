package openapi

// The table of a mux as endpoints: what a request of each says, and what it is answered with.

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
)

// endpoint is one method of one path.
type endpoint struct {
	adapt.Route
	method string
	path   []segment
	params []*member // of path, query, header and cookie; see from
	from   map[*member]string
	body   []*member // of a body that is an object
	whole  *typ      // or else; nil for none
	named  *typ      // the object, where the whole of In is the body, and so has a name
	form   []*member // the body as a form; nil where that cannot say it
	out    *typ      // nil for none
	raw    bool      // nothing is known of the answer
}

// segment is one of a pattern.
type segment struct {
	text string // a literal
	name string // or a parameter
	all  bool   // that takes several segments
	none bool   // or none
}

// table is all endpoints of a mux, and what a document cannot say.
type table struct {
	types
	endpoints []*endpoint
	left      []string
}

// methods are those that a document can say, and that a route for all of them serves.
var methods = []string{"GET", "PUT", "POST", "DELETE", "PATCH"}

func newTable(mux *adapt.Mux) *table {
	t := &table{types: types{make(map[reflect.Type]*definition), make(map[reflect.Type]bool)}}
	taken := make(map[string]bool)
	var any []adapt.Route
	for r := range mux.Routes() {
		switch {
		case r.Reason != "", strings.HasSuffix(r.Pattern, "/[[...]]"), r.Method != "ANY" && !slices.Contains(append(methods, "HEAD", "OPTIONS", "TRACE"), r.Method):
			t.left = append(t.left, r.Method+" "+r.Pattern)
		case r.Method == "ANY":
			any = append(any, r)
		default:
			taken[r.Method+" "+skeleton(r.Pattern)] = true
			t.add(r, r.Method)
		}
	}
	for _, r := range any {
		for _, method := range methods {
			if !taken[method+" "+skeleton(r.Pattern)] {
				t.add(r, method)
			}
		}
	}
	t.settle()
	slices.SortFunc(t.endpoints, func(a, b *endpoint) int {
		if c := strings.Compare(a.Pattern, b.Pattern); c != 0 {
			return c
		}
		return slices.Index(methods, a.method) - slices.Index(methods, b.method)
	})
	slices.Sort(t.left)
	return t
}

// skeleton returns a pattern without the names of its parameters.
func skeleton(pattern string) string {
	var b strings.Builder
	for _, s := range parse(pattern) {
		b.WriteString("/" + s.text)
		if s.name != "" {
			b.WriteString("{" + strconv.FormatBool(s.all) + "}")
		}
	}
	return b.String()
}

// parse reads a pattern in either syntax.
func parse(pattern string) (path []segment) {
	for s := range strings.SplitSeq(strings.TrimPrefix(pattern, "/"), "/") {
		name, brackets := strings.CutPrefix(s, "[")
		name = strings.TrimSuffix(name, "]")
		switch {
		case strings.HasPrefix(s, "[[..."):
			path = append(path, segment{name: strings.Trim(s, "[].") /* a name has none of them */, all: true, none: true})
		case brackets && strings.HasPrefix(name, "..."):
			path = append(path, segment{name: name[3:], all: true})
		case brackets:
			path = append(path, segment{name: name})
		case strings.HasPrefix(s, ":"):
			path = append(path, segment{name: s[1:]})
		case strings.HasPrefix(s, "*"):
			path = append(path, segment{name: s[1:], all: true})
		default:
			path = append(path, segment{text: strings.ReplaceAll(s, `\`, "")})
		}
	}
	return path
}

// add adds a route as an endpoint of one method.
func (t *table) add(r adapt.Route, method string) {
	e := &endpoint{Route: r, method: method, path: parse(r.Pattern), from: make(map[*member]string)}
	t.endpoints = append(t.endpoints, e)
	if r.In != nil {
		t.in(e)
	}
	for _, s := range e.path {
		if s.name != "" && !slices.ContainsFunc(e.params, func(m *member) bool { return e.from[m] == "path" && m.name == s.name }) {
			e.param("path", &member{name: s.name, typ: &typ{kind: text}, required: !s.none})
		}
	}
	switch {
	case r.Out == nil, r.Out == reflect.TypeFor[*fetch.Response]():
		e.raw = true
	case r.Out != reflect.TypeFor[struct{}]():
		e.out = t.json(r.Out, answer)
	}
}

func (e *endpoint) param(from string, m *member) {
	e.params = append(e.params, m)
	e.from[m] = from
}

// in reads the type of the input, as fetch.Typed does.
func (t *table) in(e *endpoint) {
	in := e.In
	if in.Kind() == reflect.Pointer {
		in = in.Elem()
	}
	bodiless := e.method == "GET" || e.method == "HEAD"
	if in.Kind() != reflect.Struct || has(in, jsonUnmarshaler) || has(in, textUnmarshaler) {
		if !bodiless {
			e.whole = t.json(in, input)
		}
		return
	}
	var body []field
	for _, f := range fields(in) {
		if f.from == "" {
			body = append(body, f)
			continue
		}
		m := &member{name: f.name, field: f.StructField, owner: f.owner, typ: param(f.Type)}
		required, _ := strconv.ParseBool(f.Tag.Get("required"))
		m.required = required || f.from == "path"
		m.refine()
		e.param(f.from, m)
	}
	for _, m := range e.params {
		if e.from[m] == "path" {
			m.required = !slices.ContainsFunc(e.path, func(s segment) bool { return s.name == m.name && s.none })
		}
	}
	if bodiless || len(body) == 0 {
		return
	}
	if len(e.params) == 0 && in.Name() != "" {
		e.named = t.json(in, input)
		if d := e.named.named; d != nil {
			for _, m := range d.members[input] {
				m.refine()
			}
		}
	}
	forms := true
	for _, f := range body {
		e.body = append(e.body, t.member(f, input))
		forms = forms && param(f.Type).kind != anything
	}
	for _, f := range body {
		if forms {
			m := t.member(f, input)
			m.typ = param(f.Type)
			m.refine()
			e.form = append(e.form, m)
		}
	}
}
