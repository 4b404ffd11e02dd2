// Package openapi makes an OpenAPI document, and a client in TypeScript, of the one table of a mux.
//
//	func TestAPI(t *testing.T) {
//		mux, err := shop.New()
//		if err != nil {
//			t.Fatal(err)
//		}
//		openapi.Check(t, mux, "openapi.json", "web/api.ts") // both are committed; drift fails the test
//	}
//
// An endpoint of fetch.Typed is described in full, by its types in adapt.Route: the parameters, the
// body as JSON and, where a form can say it, as a form, the answer, and the errors. The tags path,
// query, header, cookie, json, required and default mean what they mean there. Of an endpoint of
// another handler, in whatever shape, and of an endpoint that a legacy app lists, the document has
// the method, the path and its parameters. Mounts, methods of one's own, and endpoints of a legacy
// app that the mux cannot tell apart cannot be described; x-left-out lists them.
//
// Doc comments become descriptions: that of the function, of the types, and of their fields. They
// are read from the source, which is found by the go command; a program that runs where there is
// none has them in the committed document alone, so serve that one.
//
// Tags of a member that say more are taken over, under the names of JSON Schema: description,
// example, format, pattern, enum (values with commas between them), minLength, maximum and so on.
// Nothing here checks them; see fetch.Typed for what does. A type says its values by a method
// Enum() []any, and its schema by the method JSONSchema of github.com/swaggest/jsonschema-go. A
// type with another MarshalJSON may be anything.
package openapi

import (
	"encoding/json"
	"fmt"

	"github.com/crossfade-go/crossfade/adapt"
)

// Config says what the table does not. The zero value will do. It is safe for concurrent use as
// long as it is not changed.
type Config struct {
	// Title and Version are those of the API. Defaults: API, and 1.
	Title, Version string
	// Description is about the whole API, in Markdown.
	Description string
	// Servers are the URLs under which it is served. Default: where the document is.
	Servers []string
	// Error is a value of the type whose JSON adapt.Config.ErrorResponse answers errors with.
	// Default: that of the mux itself, {"error":"…"} with "fields".
	Error any
}

// Document returns the OpenAPI 3.0 document of a mux as JSON. The error names a type that has no
// JSON Schema.
func (c Config) Document(mux *adapt.Mux) ([]byte, error) {
	t := newTable(mux)
	d := document{table: t, config: c, comments: commentsOf(t), named: t.names()}
	spec, err := d.spec()
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	b, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return append(b, '\n'), nil
}

// Document is Document of the zero Config.
func Document(mux *adapt.Mux) ([]byte, error) { return Config{}.Document(mux) }
