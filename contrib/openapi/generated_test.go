package openapi_test

// The document is believed: requests are made of nothing but it, at random, and what comes back is
// what it says.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/crossfade-go/crossfade/contrib/openapi"
)

func TestGenerated(t *testing.T) {
	mux := newService(t)
	raw, err := openapi.Document(mux)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	g := generator{rand.New(rand.NewPCG(1, 2))}
	good, bad := 0, 0
	for path, item := range sorted(doc.Paths.Map()) { // so that every run asks the same
		for method, op := range sorted(item.Operations()) {
			if op.Responses.Value("200") == nil && op.Responses.Value("201") == nil && op.Responses.Value("204") == nil {
				continue // nothing is known of it
			}
			for range 40 {
				req := g.request(method, path, op, nil)
				if code := ask(t, mux, router, req, true); code > 299 {
					t.Errorf("%s: %d", dump(req), code)
				}
				good++
			}
			for _, breach := range breaches(op) {
				req := g.request(method, path, op, breach)
				if code := ask(t, mux, router, req, false); code != 400 {
					t.Errorf("%s: %d, and it is not as the document says", dump(req), code)
				}
				bad++
			}
		}
	}
	if good < 400 || bad < 20 {
		t.Errorf("%d requests were as the document says, %d were not", good, bad)
	}
}

// sorted is a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}

// ask has the service answer a request, and validates both.
func ask(t *testing.T, service http.Handler, router routers.Router, req *http.Request, valid bool) int {
	t.Helper()
	body, _ := io.ReadAll(req.Body)
	again := func() { req.Body = io.NopCloser(bytes.NewReader(body)) }
	again()
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Errorf("%s: %v", dump(req), err)
		return 0
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
	err = openapi3filter.ValidateRequest(context.Background(), in)
	if valid && err != nil {
		t.Errorf("%s is not as the document says: %v", dump(req), err)
	}
	again()
	rec := httptest.NewRecorder()
	service.ServeHTTP(rec, req)
	again()
	res := rec.Result()
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Body: res.Body, Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("the answer to %s is not as the document says: %v\n%s", dump(req), err, rec.Body)
	}
	return res.StatusCode
}

func dump(req *http.Request) string {
	b, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(b))
	return fmt.Sprintf("%s %s %v %s", req.Method, req.URL, req.Header, b)
}

// breach changes one thing, so that a request is not as the document says.
type breach struct {
	param string // has this value instead
	value string
	lack  string // of a parameter or a member of the body
	wrong string // member of the body, which gets a value of another type
}

func breaches(op *openapi3.Operation) (all []*breach) {
	for _, p := range op.Parameters {
		s := p.Value.Schema.Value
		switch {
		case p.Value.In == "path" || p.Value.In == "cookie":
		case p.Value.Required:
			all = append(all, &breach{lack: p.Value.Name})
		case !s.Type.Is("string") && !s.Type.Is("array"), s.Format != "" && s.Format != "ipv4", s.Pattern != "":
			all = append(all, &breach{param: p.Value.Name, value: "?"})
		}
	}
	if op.RequestBody == nil || op.RequestBody.Value.Content["application/json"] == nil {
		return all
	}
	s := op.RequestBody.Value.Content["application/json"].Schema.Value
	for _, name := range s.Required {
		all = append(all, &breach{lack: name})
	}
	for name := range sorted(s.Properties) {
		all = append(all, &breach{wrong: name})
	}
	return all
}

// generator makes values of schemas.
type generator struct{ *rand.Rand }

func (g generator) request(method, path string, op *openapi3.Operation, b *breach) *http.Request {
	query := url.Values{}
	req := httptest.NewRequest(method, "http://localhost/", nil)
	for _, p := range op.Parameters {
		p := p.Value
		if b != nil && b.lack == p.Name || !p.Required && (b == nil || b.param != p.Name) && g.IntN(2) == 0 {
			continue
		}
		var texts []string
		switch v := g.value(p.Schema.Value, p.Name).(type) {
		case []any:
			for _, v := range v {
				texts = append(texts, fmt.Sprint(v))
			}
		default:
			texts = []string{fmt.Sprint(v)}
		}
		if b != nil && b.param == p.Name {
			texts = []string{b.value}
		}
		switch p.In {
		case "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(texts[0]), 1)
		case "query":
			query[p.Name] = texts
		case "header":
			if len(texts) > 0 {
				req.Header.Set(p.Name, strings.Join(texts, ","))
			}
		case "cookie":
			req.AddCookie(&http.Cookie{Name: p.Name, Value: texts[0]})
		}
	}
	u, err := url.Parse("http://localhost" + path + "?" + query.Encode())
	if err != nil {
		panic(err)
	}
	var body []byte
	if op.RequestBody != nil {
		types := []string{"application/json"}
		if b == nil && op.RequestBody.Value.Content["application/x-www-form-urlencoded"] != nil {
			types = append(types, "application/x-www-form-urlencoded")
		}
		contentType := types[g.IntN(len(types))]
		req.Header.Set("Content-Type", contentType)
		v := g.value(op.RequestBody.Value.Content[contentType].Schema.Value, "body")
		if m, ok := v.(map[string]any); ok && len(m) == 0 { // an empty form is as good as none
			contentType = "application/json"
			req.Header.Set("Content-Type", contentType)
		}
		if m, ok := v.(map[string]any); ok && b != nil {
			delete(m, b.lack)
			if b.wrong != "" {
				if m[b.wrong] = any(map[string]any{"wrong": true}); g.IntN(2) == 0 {
					m[b.wrong] = true
					if s := op.RequestBody.Value.Content[contentType].Schema.Value.Properties[b.wrong].Value; s.Type.Is("boolean") {
						m[b.wrong] = "true"
					}
				}
			}
		}
		if body, err = json.Marshal(v); err != nil {
			panic(err)
		}
		if contentType != "application/json" {
			form := url.Values{}
			for name, v := range v.(map[string]any) {
				list, ok := v.([]any)
				if !ok {
					list = []any{v}
				}
				for _, v := range list {
					form.Add(name, fmt.Sprint(v))
				}
			}
			body = []byte(form.Encode())
		}
	}
	out := httptest.NewRequest(method, u.String(), bytes.NewReader(body))
	out.Header = req.Header
	return out
}

// value is a value that a schema allows. Texts are not empty, since an empty one is as good as
// none.
func (g generator) value(s *openapi3.Schema, name string) any {
	for len(s.AllOf) == 1 {
		s = s.AllOf[0].Value
	}
	switch {
	case s.Nullable && g.IntN(4) == 0:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[g.IntN(len(s.Enum))]
	case s.Type.Is("string"):
		switch {
		case s.Format == "date-time":
			return fmt.Sprintf("20%02d-%02d-%02dT%02d:00:00.%dZ", g.IntN(99), 1+g.IntN(12), 1+g.IntN(28), g.IntN(24), g.IntN(1000))
		case s.Format == "ipv4":
			return fmt.Sprintf("10.0.%d.%d", g.IntN(256), g.IntN(256))
		case s.Example != nil:
			return s.Example
		}
		const letters = "abcXYZ019 äß+&%=?#~()!'$*"
		runes := []rune(letters)
		if name == "session" || strings.HasPrefix(name, "X-") { // what stands in headers
			runes = runes[:9]
		}
		var b strings.Builder
		for range 1 + g.IntN(8) {
			b.WriteRune(runes[g.IntN(len(runes))])
		}
		return b.String()
	case s.Type.Is("integer"), s.Type.Is("number"):
		least, most := -1e6, 1e6
		if s.Min != nil {
			least = *s.Min
		}
		if s.Max != nil {
			most = *s.Max
		}
		if s.Type.Is("number") {
			return least + g.Float64()*(most-least)
		}
		return int64(least) + g.Int64N(int64(most)-int64(least)+1)
	case s.Type.Is("boolean"):
		return g.IntN(2) == 0
	case s.Type.Is("array"):
		list := []any{}
		for range g.IntN(4) {
			v := g.value(s.Items.Value, name)
			list = append(list, v)
		}
		return list
	case s.Type.Is("object"):
		object := map[string]any{}
		for name, p := range sorted(s.Properties) {
			required := false
			for _, r := range s.Required {
				required = required || r == name
			}
			if required || g.IntN(2) == 0 {
				object[name] = g.value(p.Value, name)
			}
		}
		return object
	}
	return "anything"
}
