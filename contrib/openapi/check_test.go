package openapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/openapi"
	"github.com/crossfade-go/crossfade/fetch"
)

// told is a test that keeps what it is told.
type told struct {
	testing.TB
	errors []string
}

func (t *told) Helper()                      {}
func (t *told) Error(args ...any)            { t.errors = append(t.errors, fmt.Sprint(args...)) }
func (t *told) Errorf(f string, args ...any) { t.errors = append(t.errors, fmt.Sprintf(f, args...)) }

func one(t *testing.T, path string) *adapt.Mux {
	t.Helper()
	mux, err := adapt.New(func(r *adapt.Routes) { r.Fetch.GET(path, fetch.Typed(menu)) })
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

// Drift is a red test that names the line; the variable writes the files.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "openapi.json"), filepath.Join(dir, "api.ts")}
	check := func(mux *adapt.Mux, env string) []string {
		t.Setenv("CROSSFADE_UPDATE", env)
		rec := &told{TB: t}
		openapi.Check(rec, mux, files...)
		return rec.errors
	}
	before, after := one(t, "/before"), one(t, "/after")
	if errs := check(before, ""); len(errs) != 2 || !strings.Contains(errs[0], "openapi.json is missing") {
		t.Errorf("files that are missing: %q", errs)
	}
	if errs := check(before, "1"); errs != nil {
		t.Errorf("writing them: %q", errs)
	}
	if errs := check(before, ""); errs != nil {
		t.Errorf("no drift: %q", errs)
	}
	errs := check(after, "")
	if len(errs) != 2 || !strings.Contains(errs[0], `-     "/before": {`) || !strings.Contains(errs[0], `+     "/after": {`) || !strings.Contains(errs[1], `+   "GET /after"`) {
		t.Errorf("drift: %q", errs)
	}
	if b, err := os.ReadFile(files[1]); err != nil || os.WriteFile(files[1], []byte(strings.ReplaceAll(string(b), "\n", "\r\n")), 0o600) != nil {
		t.Fatal(err)
	}
	if errs := check(before, ""); errs != nil {
		t.Errorf("line ends of Windows are not drift: %q", errs)
	}
}

type ownError struct {
	Errors []struct {
		Code string `json:"code"`
	} `json:"errors"`
}

// The errors of adapt.Config.ErrorResponse, and a table that has nothing to describe.
func TestConfig(t *testing.T) {
	type document struct {
		Info, Paths map[string]any
		Components  struct{ Schemas map[string]any }
	}
	read := func(c openapi.Config, mux *adapt.Mux) (d document) {
		raw, err := c.Document(mux)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := read(openapi.Config{Error: ownError{}, Description: "All of it."}, one(t, "/menu"))
	if d.Components.Schemas["OwnError"] == nil || d.Components.Schemas["Error"] != nil || d.Info["description"] != "All of it." {
		t.Errorf("got %v", d)
	}
	empty, err := adapt.New()
	if err != nil {
		t.Fatal(err)
	}
	if d := read(openapi.Config{}, empty); d.Paths == nil || len(d.Paths) != 0 || d.Info["title"] != "API" {
		t.Errorf("an empty table: %v", d)
	}
}

// Two types of one name are two definitions, a type of itself is one, and what only goes in or out
// has one form.
func TestDefinitions(t *testing.T) {
	type node struct {
		Name string `json:"name"`
		Down []node `json:"down,omitempty"`
	}
	type lists []lists
	first := func(context.Context, node) (node, error) { return node{}, nil }
	second := func(_ context.Context, in struct {
		Lists lists `json:"lists"`
	}) (any, error) {
		type node struct {
			Other bool `json:"other"`
		}
		return node{}, nil
	}
	third := func(context.Context, struct{}) (anotherNode, error) { return anotherNode{}, nil }
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.POST("/a", fetch.Typed(first))
		r.Fetch.POST("/b", fetch.Typed(second))
		r.Fetch.GET("/c", fetch.Typed(third))
	})
	if err != nil {
		t.Fatal(err)
	}
	ts, err := openapi.TypeScript(mux)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export interface Node {\n  name: string\n  down?: Node[]\n}", "export interface NodeInput {\n  name?: string\n  down?: NodeInput[]\n}",
		`"POST /a": { in: NodeInput; out: Node }`, `"POST /b": { in: {` + "\n    lists?: unknown[]\n  }; out: unknown }", "export interface AnotherNode {\n  first: string | null\n  last?: Sealed\n}",
		"export type Sealed = Record<string, never>\n",
	} {
		if !strings.Contains(string(ts), want) {
			t.Errorf("%q is not in\n%s", want, ts[:900])
		}
	}
}

type anotherNode struct {
	First *string `json:"first"`
	Last  *sealed `json:"last,omitempty"`
}

type sealed struct { // nothing of it is shown
	Number int `json:"-"`
}
