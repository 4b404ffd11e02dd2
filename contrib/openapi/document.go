package openapi

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/swaggest/openapi-go/openapi3"
)

// document makes the document of a table.
type document struct {
	*table
	config   Config
	comments comments
	named    map[*definition]string
}

func (d *document) spec() (*openapi3.Spec, error) {
	spec := &openapi3.Spec{Openapi: "3.0.3"}
	spec.Info.WithTitle(cmp.Or(d.config.Title, "API")).WithVersion(cmp.Or(d.config.Version, "1"))
	spec.Info.Description = optional(d.config.Description)
	for _, url := range d.config.Servers {
		spec.Servers = append(spec.Servers, openapi3.Server{URL: url})
	}
	if len(d.left) > 0 {
		spec.WithMapOfAnythingItem("x-left-out", d.left)
	}
	failed := d.failure()
	paths := make(map[string]string) // as written, by their skeletons
	ids := make(map[string]int)
	for _, e := range d.endpoints {
		op, err := d.operation(e, ids)
		if err != nil {
			return nil, err
		}
		for _, path := range e.templates() {
			path, rename := sameNames(paths, path)
			item := spec.Paths.MapOfPathItemValues[path]
			item.WithMapOfOperationValuesItem(strings.ToLower(e.method), op.with(path, rename, e, ids))
			spec.Paths.WithMapOfPathItemValuesItem(path, item)
		}
	}
	if spec.Paths.MapOfPathItemValues == nil {
		spec.Paths.MapOfPathItemValues = make(map[string]openapi3.PathItem)
	}
	if err := d.components(spec, failed); err != nil {
		return nil, err
	}
	return spec, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// templates returns the paths of an endpoint: two, where a parameter at the end may be none.
func (e *endpoint) templates() []string {
	var b strings.Builder
	for _, s := range e.path {
		switch {
		case s.none:
			return []string{cmp.Or(b.String(), "/"), b.String() + "/{" + s.name + "}"}
		case s.name != "":
			b.WriteString("/{" + s.name + "}")
		default:
			b.WriteString("/" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(s.text))
		}
	}
	return []string{b.String()}
}

// sameNames writes a path as another one that differs by the names of its parameters: a document
// must have one name for a place. rename says which parameter is now called how.
func sameNames(paths map[string]string, path string) (written string, rename map[string]string) {
	var b strings.Builder
	for s := range strings.SplitSeq(path[1:], "/") {
		if strings.HasPrefix(s, "{") {
			s = "{}"
		}
		b.WriteString("/" + s)
	}
	first, ok := paths[b.String()]
	if !ok {
		paths[b.String()] = path
		return path, nil
	}
	rename = make(map[string]string)
	theirs := strings.Split(first, "/")
	for i, s := range strings.Split(path, "/") {
		if strings.HasPrefix(s, "{") {
			rename[s[1:len(s)-1]] = theirs[i][1 : len(theirs[i])-1]
		}
	}
	return first, rename
}

// operation is an endpoint before its path is known.
type operation struct{ openapi3.Operation }

// with returns the operation at one of its paths.
func (op operation) with(path string, rename map[string]string, e *endpoint, ids map[string]int) openapi3.Operation {
	o := op.Operation
	o.Parameters = nil
	for _, p := range op.Parameters {
		if p.Parameter.In == openapi3.ParameterInPath {
			c := *p.Parameter
			if c.Name = cmp.Or(rename[c.Name], c.Name); !strings.Contains(path, "{"+c.Name+"}") {
				continue // the one that may be none
			}
			required := true
			c.Required = &required
			p.Parameter = &c
		}
		o.Parameters = append(o.Parameters, p)
	}
	id := strings.ToLower(e.method)
	for s := range strings.SplitSeq(path[1:], "/") {
		by := ""
		if strings.HasPrefix(s, "{") {
			by = "By"
		}
		id += by + identifier(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				return r
			}
			return '_'
		}, s))
	}
	if ids[id]++; ids[id] > 1 {
		id += string(rune('a' + ids[id] - 1))
	}
	o.ID = &id
	return o
}

func (d *document) operation(e *endpoint, ids map[string]int) (operation, error) {
	var op operation
	if doc := d.comments.funcs[e.Handler]; doc != "" {
		op.Description = &doc
		summary, _, _ := strings.Cut(strings.ReplaceAll(doc, "\n", " "), ". ")
		op.Summary = optional(strings.TrimSuffix(summary, "."))
	}
	op.WithMapOfAnythingItem("x-shape", e.Shape.String())
	if !strings.Contains(e.Handler, ".func") { // the compiler numbers closures, and a new one would be drift
		op.WithMapOfAnythingItem("x-handler", e.Handler)
	}
	if e.Owner != "" {
		op.Tags = []string{e.Owner}
	}
	for _, m := range e.params {
		from := e.from[m]
		if from == "header" && slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, http.CanonicalHeaderKey(m.name)) {
			continue // which a document says in other places
		}
		p := openapi3.Parameter{Name: m.name, In: openapi3.ParameterIn(from), Required: &m.required}
		s, err := d.ofMember(m, input)
		if err != nil {
			return op, err
		}
		if from == "path" && m.typ.kind == list { // a catch-all
			s = openapi3.SchemaOrRef{Schema: new(openapi3.Schema).WithType(openapi3.SchemaTypeString)}
		}
		if s.Schema != nil {
			p.Description, s.Schema.Description = s.Schema.Description, nil
		}
		if from == "path" && slices.ContainsFunc(e.path, func(s segment) bool { return s.name == m.name && s.all }) {
			p.WithMapOfAnythingItem("x-catch-all", true)
		}
		p.Schema = &s
		op.Parameters = append(op.Parameters, openapi3.ParameterOrRef{Parameter: &p})
	}
	body, err := d.body(e)
	if err != nil {
		return op, err
	}
	if body != nil {
		op.RequestBody = &openapi3.RequestBodyOrRef{RequestBody: body}
	}
	return op, d.responses(e, &op)
}

// body returns the request body; nil for none.
func (d *document) body(e *endpoint) (*openapi3.RequestBody, error) {
	content := make(map[string]openapi3.MediaType)
	required := e.method != http.MethodDelete
	switch {
	case e.In == nil && (e.method == "POST" || e.method == "PUT" || e.method == "PATCH"):
		required = false
		content["*/*"] = openapi3.MediaType{Schema: new(openapi3.SchemaOrRef).WithSchema(openapi3.Schema{})}
	case e.whole != nil, e.named != nil:
		s, err := d.schema(cmp.Or(e.whole, e.named), input)
		if err != nil {
			return nil, err
		}
		content["application/json"] = openapi3.MediaType{Schema: &s}
	case e.body != nil:
		s, err := d.object(e.body, input)
		if err != nil {
			return nil, err
		}
		content["application/json"] = openapi3.MediaType{Schema: &openapi3.SchemaOrRef{Schema: s}}
	default:
		return nil, nil
	}
	if e.form != nil {
		s, err := d.object(e.form, input)
		if err != nil {
			return nil, err
		}
		for _, t := range []string{"application/x-www-form-urlencoded", "multipart/form-data"} {
			content[t] = openapi3.MediaType{Schema: &openapi3.SchemaOrRef{Schema: s}}
		}
	}
	return &openapi3.RequestBody{Content: content, Required: &required}, nil
}

// responses returns the answer, and the errors.
func (d *document) responses(e *endpoint, op *operation) error {
	failed := openapi3.ResponseOrRef{ResponseReference: &openapi3.ResponseReference{Ref: "#/components/responses/Error"}}
	if e.In == nil {
		op.Responses.WithDefault(openapi3.ResponseOrRef{Response: &openapi3.Response{Description: "Whatever the handler answers."}})
		return nil
	}
	op.Responses.WithDefault(failed)
	success := openapi3.Response{Description: http.StatusText(e.Status)}
	switch {
	case e.raw:
		success.Content = map[string]openapi3.MediaType{"*/*": {}}
	case e.out != nil:
		s, err := d.schema(e.out, answer)
		if err != nil {
			return err
		}
		success.Content = map[string]openapi3.MediaType{"application/json": {Schema: &s}}
	}
	op.Responses.WithMapOfResponseOrRefValuesItem(strconv.Itoa(e.Status), openapi3.ResponseOrRef{Response: &success})
	for code := range strings.FieldsSeq(e.Fails) {
		op.Responses.WithMapOfResponseOrRefValuesItem(code, failed)
	}
	return nil
}

// components returns the definitions, and what errors look like.
func (d *document) components(spec *openapi3.Spec, failed *typ) error {
	schemas := make(map[string]openapi3.SchemaOrRef)
	for _, def := range d.sorted() {
		for r, members := range def.members {
			if r == input && !def.differ && len(def.members) > 1 {
				continue
			}
			s, err := d.object(members, r)
			if err != nil {
				return err
			}
			s.Description = optional(d.comments.ofType(def.typ))
			schemas[d.name(def, r)] = openapi3.SchemaOrRef{Schema: s}
		}
	}
	s, err := d.schema(failed, answer)
	if err != nil {
		return err
	}
	schema := s
	if s.Schema != nil {
		schemas["Error"] = s
		schema = reference("Error")
	}
	spec.ComponentsEns().SchemasEns().MapOfSchemaOrRefValues = schemas
	spec.Components.ResponsesEns().WithMapOfResponseOrRefValuesItem("Error", openapi3.ResponseOrRef{Response: &openapi3.Response{
		Description: "Why there is no answer.",
		Content:     map[string]openapi3.MediaType{"application/json": {Schema: &schema}},
	}})
	return nil
}

// failure returns the type of errors.
func (d *document) failure() *typ {
	if d.config.Error == nil {
		return d.json(reflect.TypeFor[struct {
			Error  string            `json:"error" description:"What is wrong."`
			Fields map[string]string `json:"fields,omitempty" description:"What is wrong with single members, by their names."`
		}](), answer)
	}
	t := d.json(reflect.TypeOf(d.config.Error), answer)
	d.settle()
	d.named = d.names()
	return t
}
