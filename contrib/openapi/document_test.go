package openapi_test

import (
	"context"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/crossfade-go/crossfade/contrib/openapi"
)

// The committed document is what the table says, with the comments of the source.
func TestDocument(t *testing.T) {
	openapi.Config{Title: "Bar", Version: "2", Servers: []string{"/"}}.Check(t, newService(t), "testdata/openapi.json")
}

// kin-openapi accepts it. A second validator, which has nothing in common with it, is asked in
// TestNode.
func TestDocumentIsValid(t *testing.T) {
	raw, err := openapi.Document(newService(t))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Errorf("kin-openapi: %v", err)
	}
}
