package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/examples/graphql/graph"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// One guard stands before the graph and before the endpoints, and both know whom it has let in.
func TestGraphQL(t *testing.T) {
	mux, err := newMux(graph.NewBar("negroni"))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	const (
		query    = `{"query":"query($n: String!) { cocktail(name: $n) { name likes mine } }","variables":{"n":"negroni"}}`
		mutation = `{"query":"mutation { like(cocktail: \"negroni\") { likes mine } }"}`
	)
	for _, tt := range []struct {
		name               string
		user, method, path string
		body               string
		status             int
		want               string
	}{
		{"a query", "ada", "POST", "/graphql", query, 200, `{"data":{"cocktail":{"name":"negroni","likes":0,"mine":false}}}`},
		{"a mutation", "ada", "POST", "/graphql", mutation, 200, `{"data":{"like":{"likes":1,"mine":true}}}`},
		{"the endpoint sees it", "ada", "GET", "/api/cocktails/negroni", "", 200, `{"likes":1,"mine":true}`},
		{"another user", "grace", "POST", "/graphql", query, 200, `{"data":{"cocktail":{"name":"negroni","likes":1,"mine":false}}}`},
		{"a query by GET", "grace", "GET", "/graphql?query=%7Bcocktail(name:%22none%22)%7Bname%7D%7D", "", 200, `{"data":{"cocktail":null}}`},
		{"a mutation by GET", "grace", "GET", "/graphql?query=mutation%7Blike(cocktail:%22negroni%22)%7Bname%7D%7D", "", 406, ``},
		{"an error of a resolver", "ada", "POST", "/graphql", strings.Replace(mutation, "negroni", "water", 1), 200, `{"errors":[{"message":"there is no \"water\" here","path":["like"],"locations":[{"line":1,"column":12}]}],"data":null}`},
		{"nobody's query", "", "POST", "/graphql", query, 401, `{"error":"say who you are"}`},
		{"nobody's endpoint", "", "GET", "/api/cocktails/negroni", "", 401, `{"error":"say who you are"}`},
		{"another method", "ada", "DELETE", "/graphql", "", 405, ``},
		{"a query without end", "ada", "POST", "/graphql", `{"query":"` + strings.Repeat(" ", 64<<10) + `"}`, 200, // GraphQL has no statuses
			`{"errors":[{"message":"could not read request body: the request body is larger than 65536 bytes"}],"data":null}`},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, s.URL+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if tt.body != "" {
			req.Header.Set("Content-Type", "application/json")
		}
		if tt.user != "" {
			req.SetBasicAuth(tt.user, "")
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != tt.status || tt.want != "" && string(got) != tt.want {
			t.Errorf("%s: %d %s %v\nwant %d %s", tt.name, res.StatusCode, got, err, tt.status, tt.want)
		}
		if (res.StatusCode == 401) != (res.Header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s: WWW-Authenticate: %q", tt.name, res.Header.Get("WWW-Authenticate"))
		}
	}
}

// What is generated is made of the schema as it stands; the Go types the compiler compares.
func TestGeneratedCodeHasTheSchema(t *testing.T) {
	schema, err := os.ReadFile("schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	generated, err := os.ReadFile("graph/generated.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(generated), string(schema)) {
		t.Error("schema.graphqls has changed: run go generate")
	}
}
