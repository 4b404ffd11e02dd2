package openapi_test

import (
	"context"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/openapi"
	"github.com/crossfade-go/crossfade/fetch"
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

// A default is stated where fetch.Typed fills it in: in the input, and not within its members.
func TestDefaults(t *testing.T) {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.POST("/orders", fetch.Typed(func(context.Context, cocktailOrder) (struct{}, error) { return struct{}{}, nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := openapi.Document(mux)
	if err != nil {
		t.Fatal(err)
	}
	for text, times := range map[string]int{`"default": "ice"`: 1, `"default": "straw"`: 0} {
		if n := strings.Count(string(raw), text); n != times {
			t.Errorf("the document says %s %d times, want %d:\n%s", text, n, times, raw)
		}
	}
}

type cocktailOrder struct {
	With  string `json:"with" default:"ice"`
	Drink struct {
		With string `json:"with" default:"straw"`
	} `json:"drink"`
	Glass glass `json:"glass"`
}

type glass struct {
	With string `json:"with" default:"straw"`
}
