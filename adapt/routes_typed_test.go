package adapt_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type typedIn struct {
	ID    string `path:"id"`
	Limit int    `query:"limit" default:"20"`
	Name  string `json:"name" required:"true"`
}

type typedOut struct {
	ID   string `json:"id"`
	User string `json:"user"`
}

type typedUser struct{}

func typedUpdate(ctx context.Context, in typedIn) (typedOut, error) {
	user, _ := ctx.Value(typedUser{}).(string)
	return typedOut{in.ID + in.Name + fmt.Sprint(in.Limit), user}, nil
}

func typedPing(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }

// In reports a typed endpoint has the name of its function, and its types are there for generators,
// in whatever way it is registered.
func TestTypedRoutes(t *testing.T) {
	update := fetch.Typed(typedUpdate, fetch.Status(201), fetch.Fails(409, 404))
	old := func(*reqres.Request, *reqres.Response) error { return nil }
	pass := func(h http.Handler) http.Handler { return h }
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.PUT("/a/:id", update)
		r.With(pass).Fetch.PUT("/b/:id", update)
		r.ReqRes.PUT("/c/:id", adapt.ToReqRes(update))
		r.Migrate("PUT", "/d/:id", old, update)
		r.Fetch.GET("/ping", fetch.Typed(typedPing))
		legacy := r.Legacy("/old", adapt.App{Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{{Method: "PUT", Pattern: "/e/:id"}, {Method: "PUT", Pattern: "/f/:id"}}})
		legacy.Use(pass)
		legacy.Migrate("PUT", "/e/:id", update)
		legacy.Moved("PUT", "/f/:id", update)
		r.ReqRes.GET("/plain", old)
	})
	if err != nil {
		t.Fatal(err)
	}
	in, out := reflect.TypeFor[typedIn](), reflect.TypeFor[typedOut]()
	type row struct {
		Pattern, Handler string
		In, Out          reflect.Type
		Status           int
		Fails            string
	}
	typed := func(pattern string) row {
		return row{pattern, "adapt_test.typedUpdate", in, out, 201, "400 404 409 413 415"}
	}
	want := []row{
		typed("/a/:id"), typed("/b/:id"), typed("/c/:id"), typed("/d/:id"),
		{"/ping", "adapt_test.typedPing", reflect.TypeFor[struct{}](), reflect.TypeFor[struct{}](), 204, ""},
		{Pattern: "/old/[[...]]", Handler: "legacy"}, typed("/old/e/:id"), typed("/old/f/:id"),
		{Pattern: "/plain", Handler: "adapt_test.TestTypedRoutes.func1"},
	}
	var got []row
	for r := range mux.Routes() {
		got = append(got, row{r.Pattern, r.Handler, r.In, r.Out, r.Status, r.Fails})
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b reflect.Type) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Behind guards and middleware of each kind, and at both ends of a migration, the answer is the
// same.
func TestTypedServes(t *testing.T) {
	update := fetch.Typed(typedUpdate)
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Guard(func(r *http.Request) (context.Context, error) {
			return context.WithValue(r.Context(), typedUser{}, "ada"), nil
		})
		r.Fetch.PUT("/native/:id", update)
		r.With(func(h http.Handler) http.Handler { return h }).Fetch.PUT("/http/:id", update)
		r.ReqRes.With(func(h reqres.Handler) reqres.Handler { return h }).PUT("/reqres/:id", adapt.ToReqRes(update))
		pair := r.Migrate("PUT", "/migrated/:id", func(*reqres.Request, *reqres.Response) error { return nil }, update)
		if err := pair.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	ask := func(target, body string) string {
		req, _ := http.NewRequest("PUT", s.URL+target, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return fmt.Sprint(res.StatusCode, " ", res.Header.Get("Content-Type"), " ", res.Header.Get("Etag") != "", " ", string(b))
	}
	for _, place := range []string{"/native", "/http", "/reqres", "/migrated"} {
		if got, want := ask(place+"/1?limit=5", `{"name":"n"}`), `200 application/json; charset=utf-8 true {"id":"1n5","user":"ada"}`; got != want {
			t.Errorf("%s: %s\nwant %s", place, got, want)
		}
		want := `400 application/json; charset=utf-8 true {"error":"invalid input: limit: expected a whole number, got \"x\"; name: is missing","fields":{"limit":"expected a whole number, got \"x\"","name":"is missing"}}`
		if got := ask(place+"/1?limit=x", `{}`); got != want {
			t.Errorf("%s: %s\nwant %s", place, got, want)
		}
	}
}

// Mistakes in tags and options are mistakes of New: all of them, each with its line and the
// function's name.
func TestTypedMistakes(t *testing.T) {
	_, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.PUT("/users/:user", fetch.Typed(typedUpdate))
		r.Fetch.GET("/users/:id", fetch.Typed(typedUpdate))
		r.Fetch.Route("/nil", fetch.Methods{GET: fetch.Typed[struct{}, struct{}](nil)})
		r.Fetch.POST("/tags", fetch.Typed(func(context.Context, struct {
			A int `query:"a" default:"x"`
			B int `path:"b"`
		}) (string, error) {
			return "", nil
		}, fetch.Status(404)))
	})
	if err == nil {
		t.Fatal("no mistake was found")
	}
	const want = `adapt: routes_typed_test.go:N: PUT /users/:user is given adapt_test.typedUpdate: adapt_test.typedIn has the tag path:"id", and the pattern has no parameter of that name
adapt: routes_typed_test.go:N: GET /users/:id is given adapt_test.typedUpdate: adapt_test.typedIn has members for a body, which is never read of a GET: give them a tag path, query, header or cookie, or json:"-"
adapt: routes_typed_test.go:N: GET /nil has a nil handler
adapt: routes_typed_test.go:N: POST /tags is given adapt_test.TestTypedMistakes.func1.1: struct { A int "query:\"a\" default:\"x\""; B int "path:\"b\"" }.A has the tag default:"x": expected a whole number, got "x"
the status 404 of Typed is not one of success: return an Error, or a *fetch.Response
struct { A int "query:\"a\" default:\"x\""; B int "path:\"b\"" } has the tag path:"b", and the pattern has no parameter of that name`
	lineNumbers := regexp.MustCompile(`:\d+`)
	if diff := cmp.Diff(want, lineNumbers.ReplaceAllString(err.Error(), ":N")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
