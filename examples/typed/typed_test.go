package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/openapi"
	"github.com/crossfade-go/crossfade/fetch"
)

func service(t *testing.T) *adapt.Mux {
	t.Helper()
	db, err := open(context.Background(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	mux, err := newMux(db)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

// The document and the client of the page are those of the table.
func TestDrift(t *testing.T) {
	openapi.Config{Title: "Cocktails"}.Check(t, service(t), "openapi.json", "web/api.ts")
}

// The types of the store are those of the schema. sqlc takes minutes to build, so it is asked where there is one.
func TestStore(t *testing.T) {
	sqlc, err := exec.LookPath("sqlc")
	if err != nil {
		t.Skip("needs sqlc: CGO_ENABLED=0 go install github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1")
	}
	if out, err := exec.Command(sqlc, "diff").CombinedOutput(); err != nil {
		t.Errorf("the generated store is not that of the schema and the queries: run sqlc generate\n%s", out)
	}
}

// The script of the page is what tsc makes of it: a column that is gone is an error here.
func TestPage(t *testing.T) {
	dir := os.Getenv("CROSSFADE_TYPESCRIPT")
	if dir == "" {
		t.Skip("needs Node and npm: npm ci --prefix ../../contrib/openapi/testdata/node, and CROSSFADE_TYPESCRIPT=$PWD/../../contrib/openapi/testdata/node")
	}
	out := t.TempDir()
	cmd := exec.Command("node", filepath.Join(dir, "node_modules/typescript/bin/tsc"), "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", "--outDir", out, "web/app.ts")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tsc: %v\n%s", err, text)
	}
	for _, name := range []string{"app.js", "api.js"} {
		made, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		committed := filepath.Join("web", name)
		if os.Getenv("CROSSFADE_UPDATE") != "" {
			if err := os.WriteFile(committed, made, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if was, err := os.ReadFile(committed); err != nil || string(was) != string(made) {
			t.Errorf("%s is not what tsc makes of it: CROSSFADE_UPDATE=1 go test writes it anew (%v)", committed, err)
		}
	}
}

// From the request to the row and back.
func TestService(t *testing.T) {
	mux := service(t)
	for _, c := range []struct {
		method, target string
		body           any
		want           string
	}{
		{"GET", "/api/cocktails", nil, `200 []`},
		{"POST", "/api/cocktails", map[string]any{"name": "Negroni", "glass": "tumbler", "note": "stirred"}, `201 {"id":1,"name":"Negroni","glass":"tumbler","note":"stirred","likes":0}`},
		{"POST", "/api/cocktails", map[string]any{"name": "Mule", "glass": "highball"}, `201 {"id":2,"name":"Mule","glass":"highball","note":null,"likes":0}`},
		{"POST", "/api/cocktails", map[string]any{"name": "Mule", "glass": "coupe"}, `409 {"error":"there is a cocktail of that name"}`},
		{"POST", "/api/cocktails", map[string]any{"name": "x", "glass": "bucket"}, `400 {"error":"invalid input: glass: breaks the rule oneof=coupe highball tumbler; name: breaks the rule min=2","fields":{"glass":"breaks the rule oneof=coupe highball tumbler","name":"breaks the rule min=2"}}`},
		{"POST", "/api/cocktails", map[string]any{"glass": 1}, `400 {"error":"invalid input: glass: expected a string, got a number; name: is missing","fields":{"glass":"expected a string, got a number","name":"is missing"}}`},
		{"POST", "/api/cocktails/2/like", nil, `200 {"id":2,"name":"Mule","glass":"highball","note":null,"likes":1}`},
		{"GET", "/api/cocktails?glass=highball", nil, `200 [{"id":2,"name":"Mule","glass":"highball","note":null,"likes":1}]`},
		{"GET", "/api/cocktails?limit=0", nil, `400 {"error":"invalid input: limit: breaks the rule min=1","fields":{"limit":"breaks the rule min=1"}}`},
		{"GET", "/api/cocktails?limit=1", nil, `200 [{"id":2,"name":"Mule","glass":"highball","note":null,"likes":1}]`},
		{"GET", "/api/cocktails/x", nil, `400 {"error":"invalid input: id: expected a whole number, got \"x\"","fields":{"id":"expected a whole number, got \"x\""}}`},
		{"DELETE", "/api/cocktails/1", nil, `204 `},
		{"GET", "/api/cocktails/1", nil, `404 {"error":"there is no such cocktail"}`},
		{"DELETE", "/api/cocktails/1", nil, `404 {"error":"there is no such cocktail"}`},
	} {
		var opts []fetch.RequestOption
		if c.body != nil {
			opts = append(opts, fetch.JSONBody(c.body))
		}
		res, err := mux.Fetch(fetch.NewRequest(c.method, c.target, opts...))
		if err != nil {
			t.Fatal(err)
		}
		text, err := res.Text()
		if got := fmt.Sprint(res.Status(), " ", text); err != nil || got != c.want {
			t.Errorf("%s %s %v: %s, %v\nwant %s", c.method, c.target, c.body, got, err, c.want)
		}
	}
	for _, path := range []string{"/", "/app.js", "/api.js", "/openapi.json"} {
		if res, err := mux.Fetch(fetch.NewRequest("GET", path)); err != nil || res.Status() != http.StatusOK {
			t.Errorf("%s: %v, %v", path, res, err)
		} else {
			res.Close()
		}
	}
}
