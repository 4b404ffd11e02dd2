package binding_test

import (
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/binding"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
)

type order struct {
	ID     string   `path:"id"`
	Page   int      `query:"page" default:"1"`
	Tags   []string `query:"tag"`
	Trace  *int     `header:"X-Trace"`
	Langs  []string `header:"Accept-Language"`
	Cart   string   `cookie:"cart"`
	Must   int      `query:"must" required:"true"`
	Name   string   `json:"name"`
	Number int      `json:"number" required:"true"`
	Kind   string   `json:"kind" default:"gin"`
}

// read reads a request of one path parameter, id.
func read(t *testing.T, method, target, contentType, body string, header ...string) (order, error) {
	t.Helper()
	plan, err := binding.Of(reflect.TypeFor[order]())
	if err != nil {
		t.Fatal(err)
	}
	plan.Forms = true
	r := httptest.NewRequest(method, target, nil)
	if body != "" {
		r = httptest.NewRequest(method, target, strings.NewReader(body))
	}
	r.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	x := new(exchange.Exchange)
	x.Begin(httptest.NewRecorder(), r, &route.Env{Service: &route.Service{Limits: route.Resolved(crossfade.Limits{})}, Names: []string{"id"}})
	x.AddParam("7")
	var o order
	err = plan.Read(x, reflect.ValueOf(&o).Elem(), func() error {
		if o.Name == "refused" {
			return crossfade.Invalid(map[string]string{"name": "is refused"})
		}
		return nil
	})
	x.Release()
	return o, err
}

// What a value says of a request is read as that value again.
func TestWriteAndRead(t *testing.T) {
	plan, err := binding.Of(reflect.TypeFor[order]())
	if err != nil {
		t.Fatal(err)
	}
	seven := 7
	for _, o := range []order{
		{ID: "7", Page: 2, Tags: []string{"a", "b c"}, Trace: &seven, Langs: []string{"de", "en"}, Cart: "x y", Must: 3, Name: "Negroni", Number: 1, Kind: "rum"},
		{ID: "7", Page: 1, Must: 1, Number: 2, Kind: "gin"},
	} {
		parts, err := plan.Write(reflect.ValueOf(&o))
		if err != nil {
			t.Fatal(err)
		}
		query, header := url.Values{}, []string{}
		for _, p := range parts.Query {
			query.Add(p.Name, p.Value)
		}
		for _, p := range parts.Header {
			header = append(header, p.Name, p.Value)
		}
		for _, p := range parts.Cookie {
			header = append(header, "Cookie", p.Name+"="+url.PathEscape(p.Value))
		}
		if diff := cmp.Diff(map[string][]string{"id": {"7"}}, parts.Path); diff != "" {
			t.Errorf("path (-want +got)\n%s", diff)
		}
		got, err := read(t, "POST", "/7?"+query.Encode(), "application/json", string(parts.Body), header...)
		if diff := cmp.Diff(o, got); diff != "" || err != nil {
			t.Errorf("%v: (-written +read)\n%s", err, diff)
		}
	}
	if _, err := plan.Write(reflect.ValueOf((*order)(nil))); err == nil {
		t.Error("a nil pointer says something")
	}
}

// Everything that is wrong with a request is said at once, by the names of the members.
func TestReadSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		rule, method, target, contentType, body string
		header                                  []string
		status                                  int // 0: it is read
		fields                                  map[string]string
	}{
		{rule: "a form", method: "POST", target: "/7?must=1", contentType: "application/x-www-form-urlencoded", body: "name=a&number=2"},
		{rule: "what is missing, and what is not a number", method: "POST", target: "/7?page=x", contentType: "application/json", body: "{}", header: []string{"X-Trace", "y"}, status: 400,
			fields: map[string]string{"must": "is missing", "number": "is missing", "page": `expected a whole number, got "x"`, "X-Trace": `expected a whole number, got "y"`}},
		{rule: "a form says it too", method: "POST", target: "/7?must=1", contentType: "application/x-www-form-urlencoded", body: "number=many", status: 400,
			fields: map[string]string{"number": `expected a whole number, got "many"`}},
		{rule: "Validate is heard beside other mistakes", method: "POST", target: "/7", contentType: "", body: `{"name":"refused","number":1}`, status: 400,
			fields: map[string]string{"must": "is missing", "name": "is refused"}},
		{rule: "a body that is not JSON, beside another mistake", method: "POST", target: "/7", contentType: "", body: `{`, status: 400,
			fields: map[string]string{"must": "is missing", "body": "invalid JSON at line 1, column 2: expected a key in double quotes, got the end of the text"}},
		{rule: "no body", method: "POST", target: "/7?must=1", contentType: "", body: "", status: 400},
		{rule: "a DELETE needs none, but for what is required", method: "DELETE", target: "/7?must=1", status: 400, fields: map[string]string{"number": "is missing"}},
		{rule: "another media type", method: "POST", target: "/7", contentType: "text/plain", body: "x", status: 415},
		{rule: "a GET has no body", method: "GET", target: "/7?must=1"},
	} {
		_, err := read(t, c.method, c.target, c.contentType, c.body, c.header...)
		var fields map[string]string
		if e, ok := err.(*crossfade.Error); ok {
			fields = e.Fields
		}
		if diff := cmp.Diff(c.fields, fields); diff != "" || (err == nil) != (c.status == 0) || err != nil && exchange.StatusOf(err) != c.status {
			t.Errorf("%s: %v (-want +got)\n%s", c.rule, err, diff)
		}
	}
}
