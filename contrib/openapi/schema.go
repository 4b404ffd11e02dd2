package openapi

// Schemas: what a Go type is in a document, by the role that it has there.

import (
	"reflect"
	"slices"

	"github.com/swaggest/jsonschema-go"
	"github.com/swaggest/openapi-go/openapi3"
	"github.com/swaggest/refl"
)

// name returns the name of a definition in a role.
func (d *document) name(def *definition, r role) string {
	if r == input && def.differ {
		return d.named[def] + "Input"
	}
	return d.named[def]
}

func reference(name string) openapi3.SchemaOrRef {
	return openapi3.SchemaOrRef{SchemaReference: &openapi3.SchemaReference{Ref: "#/components/schemas/" + name}}
}

// object returns the schema of an object.
func (d *document) object(members []*member, r role) (*openapi3.Schema, error) {
	s := new(openapi3.Schema).WithType(openapi3.SchemaTypeObject)
	for _, m := range members {
		schema, err := d.ofMember(m, r)
		if err != nil {
			return nil, err
		}
		s.WithPropertiesItem(m.name, schema)
		if m.required {
			s.Required = append(s.Required, m.name)
		}
	}
	return s, nil
}

// ofMember returns the schema of a member, with what its tags and its comment say.
func (d *document) ofMember(m *member, r role) (openapi3.SchemaOrRef, error) {
	s, err := d.schema(m.typ, r)
	if err != nil {
		return s, err
	}
	doc := d.comments.ofMember(m)
	if s.Schema == nil {
		if doc != "" { // beside a reference nothing else counts
			s = openapi3.SchemaOrRef{Schema: &openapi3.Schema{AllOf: []openapi3.SchemaOrRef{s}, Description: &doc}}
		}
		return s, nil
	}
	if err := refl.PopulateFieldsFromTags(s.Schema, m.field.Tag); err != nil {
		return s, err
	}
	if s.Schema.Description = optional(doc); m.def != nil {
		s.Schema.WithDefault(m.def)
	}
	if example, ok := m.field.Tag.Lookup("example"); ok {
		s.Schema.WithExample(m.typ.value(example))
	}
	return s, nil
}

// schema returns the schema of a type.
func (d *document) schema(t *typ, r role) (openapi3.SchemaOrRef, error) {
	if t.named != nil {
		s := reference(d.name(t.named, r))
		if t.nullable {
			s = openapi3.SchemaOrRef{Schema: new(openapi3.Schema).WithAllOf(s).WithNullable(true)}
		}
		return s, nil
	}
	if t.own != nil {
		own, err := new(jsonschema.Reflector).Reflect(reflect.New(t.own).Interface(), jsonschema.InlineRefs)
		if err != nil {
			return openapi3.SchemaOrRef{}, err
		}
		var s openapi3.SchemaOrRef
		s.FromJSONSchema(own.ToSchemaOrBool())
		return s, nil
	}
	var s *openapi3.Schema
	var err error
	if t.kind == object {
		if s, err = d.object(t.members, r); err != nil {
			return openapi3.SchemaOrRef{}, err
		}
	} else {
		s = new(openapi3.Schema)
	}
	if kind := schemaTypes[t.kind]; kind != "" {
		s.WithType(kind)
	}
	s.Format, s.Pattern, s.Enum = optional(t.format), optional(t.pattern), t.enum
	if t.nullable || t.kind == anything { // of a schema without a type not everybody takes null
		if s.WithNullable(true); len(t.enum) > 0 {
			s.Enum = append(slices.Clone(t.enum), nil)
		}
	}
	if t.example != nil {
		s.WithExample(t.example)
	}
	if len(t.bounds) > 0 {
		s.WithMinimum(t.bounds[0])
	}
	if len(t.bounds) > 1 {
		s.WithMaximum(t.bounds[1])
	}
	if t.elem == nil {
		return openapi3.SchemaOrRef{Schema: s}, nil
	}
	elem, err := d.schema(t.elem, r)
	if t.kind == list {
		s.Items = &elem
	} else {
		s.AdditionalProperties = &openapi3.SchemaAdditionalProperties{SchemaOrRef: &elem}
	}
	return openapi3.SchemaOrRef{Schema: s}, err
}

var schemaTypes = [...]openapi3.SchemaType{
	anything: "", text: openapi3.SchemaTypeString, integer: openapi3.SchemaTypeInteger, number: openapi3.SchemaTypeNumber,
	boolean: openapi3.SchemaTypeBoolean, list: openapi3.SchemaTypeArray, dictionary: openapi3.SchemaTypeObject, object: openapi3.SchemaTypeObject,
}
