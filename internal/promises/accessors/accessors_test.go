package accessors_test

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

var (
	_ served.Request = (*fetch.Request)(nil)
	_ served.Request = (*reqres.Request)(nil)
)

func TestAccessorsMeanTheSame(t *testing.T) {
	cookie := func(name string) func(served.Request) (any, error) {
		return func(req served.Request) (any, error) {
			v, ok := req.Cookie(name)
			return []any{v, ok}, nil
		}
	}
	behindProxy := adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	tests := []struct {
		rule    string
		pattern string
		target  string
		header  http.Header
		body    string
		config  adapt.Config
		read    func(req served.Request) (any, error)
		want    any
	}{
		{rule: "Method is the method", read: func(r served.Request) (any, error) { return r.Method(), nil }, want: "POST"},
		{rule: "Path is the path without the query", target: "/a/b?c", pattern: "/a/b", read: func(r served.Request) (any, error) { return r.Path(), nil }, want: "/a/b"},
		{rule: "Path is the one that was routed", target: "/%61/caf%c3%a9", pattern: "/a/caf%C3%A9", read: func(r served.Request) (any, error) { return r.Path(), nil }, want: "/a/caf%C3%A9"},
		{rule: "Param is decoded", pattern: "/p/:id", target: "/p/caf%C3%A9%2F1+2", read: func(r served.Request) (any, error) { return r.Param("id"), nil }, want: "café/1+2"},
		{rule: "Param of a name that is not there is empty", pattern: "/p/[id]", target: "/p/1", read: func(r served.Request) (any, error) { return r.Param("x"), nil }, want: ""},
		{rule: "Param of a catch-all has no slash in front", pattern: "/p/*rest", target: "/p/a/b%2Fc/", read: func(r served.Request) (any, error) { return r.Param("rest"), nil }, want: "a/b/c/"},
		{rule: "Params keeps the segments of a catch-all apart", pattern: "/p/[...rest]", target: "/p/a/b%2Fc", read: func(r served.Request) (any, error) { return r.Params("rest"), nil }, want: []any{"a", "b/c"}},
		{rule: "Params of a parameter is its one value", pattern: "/p/:a/:b", target: "/p/1/2", read: func(r served.Request) (any, error) { return r.Params("b"), nil }, want: []any{"2"}},
		{rule: "an optional catch-all matches nothing", pattern: "/p/[[...rest]]", target: "/p", read: func(r served.Request) (any, error) { return []any{r.Param("rest"), r.Params("rest")}, nil }, want: []any{"", nil}},
		{rule: "Query is the first value", target: "/?a=1&a=2", read: func(r served.Request) (any, error) { return r.Query("a"), nil }, want: "1"},
		{rule: "a broken escape in the query stays, a plus is a space, a semicolon is data", target: "/?a=%zz+1;b=2", read: func(r served.Request) (any, error) { return r.Query("a"), nil }, want: "%zz 1;b=2"},
		{rule: "QueryValues is all values in order", target: "/?a=2&b=x&a=1&a", read: func(r served.Request) (any, error) { return r.QueryValues("a"), nil }, want: []any{"2", "1", ""}},
		{rule: "QueryParams is all of them in order", target: "/?a=2&b=x+y&a=1", read: func(r served.Request) (any, error) { return r.QueryParams().String(), nil }, want: "a=2&b=x+y&a=1"},
		{rule: "Header is not case-sensitive", header: http.Header{"X-A": {"1"}}, read: func(r served.Request) (any, error) { return r.Header("x-a"), nil }, want: "1"},
		{rule: "Header joins lines", header: http.Header{"X-A": {"1", "2"}}, read: func(r served.Request) (any, error) { return r.Header("X-A"), nil }, want: "1, 2"},
		{rule: "HeaderValues keeps lines apart", header: http.Header{"X-A": {"1", "2, 3"}}, read: func(r served.Request) (any, error) { return r.HeaderValues("X-A"), nil }, want: []any{"1", "2, 3"}},
		{rule: "Host is a header", read: func(r served.Request) (any, error) { return r.Header("host") == r.URL().Host, nil }, want: true},
		{rule: "of two cookies the first counts", header: http.Header{"Cookie": {"a=1; b=2", "a=3"}}, read: cookie("a"), want: []any{"1", true}},
		{rule: "a cookie is decoded", header: http.Header{"Cookie": {`a="caf%C3%A9"`}}, read: cookie("a"), want: []any{"café", true}},
		{rule: "a cookie that is not there", read: cookie("a"), want: []any{"", false}},
		{rule: "Headers is all of them, Host too, sorted and joined", header: http.Header{"X-B": {"1", "2"}, "X-A": {""}}, read: func(r served.Request) (any, error) {
			var got []any
			for name, value := range r.Headers().All() {
				if strings.HasPrefix(name, "X-") {
					got = append(got, name+": "+value)
				}
			}
			return append(got, r.Headers().Get("host") == r.URL().Host), r.Headers().Err()
		}, want: []any{"X-A: ", "X-B: 1, 2", true}},
		{rule: "Cookies is each name once, in order, decoded", header: http.Header{"Cookie": {"b=caf%C3%A9; a=2", "b=3; c="}}, read: func(r served.Request) (any, error) {
			var got []any
			for name, value := range r.Cookies() {
				got = append(got, name+"="+value)
			}
			return got, nil
		}, want: []any{"b=café", "a=2", "c="}},
		{rule: "no cookie is none", read: func(r served.Request) (any, error) { return len(maps.Collect(r.Cookies())), nil }, want: 0.0},
		{rule: "IP is the address of the connection", header: http.Header{"X-Forwarded-For": {"203.0.113.7"}}, read: func(r served.Request) (any, error) { return r.IP(), nil }, want: "127.0.0.1"},
		{rule: "IP is what a trusted proxy reports", config: behindProxy, header: http.Header{"X-Forwarded-For": {"198.51.100.1, 203.0.113.7"}}, read: func(r served.Request) (any, error) { return r.IP(), nil }, want: "203.0.113.7"},
		{rule: "X-Forwarded-For of a stranger is not believed", header: http.Header{"X-Forwarded-Host": {"evil.example"}}, read: func(r served.Request) (any, error) { return r.URL().Hostname(), nil }, want: "127.0.0.1"},
		{rule: "Bytes is the body", body: "a\x00\xff", read: func(r served.Request) (any, error) { b, err := r.Bytes(); return len(b), err }, want: 3.0},
		{rule: "Text is UTF-8 without its mark", body: "\xEF\xBB\xBFa\xff", read: func(r served.Request) (any, error) { return r.Text() }, want: "a\uFFFD"},
		{rule: "JSON decodes", body: `{"a":[1]}`, read: func(r served.Request) (any, error) { var v any; err := r.JSON(&v); return v, err }, want: map[string]any{"a": []any{1.0}}},
		{rule: "Form keeps order", body: "b=2&a=1&b=3", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=x"}}, read: func(r served.Request) (any, error) {
			f, err := r.Form()
			if err != nil {
				return nil, err
			}
			var got []any
			for name, value := range f.All() {
				got = append(got, name+"="+value)
			}
			return got, nil
		}, want: []any{"b=2", "a=1", "b=3"}},
		{rule: "Reader streams", body: strings.Repeat("x", 100_000), read: func(r served.Request) (any, error) { n, err := io.Copy(io.Discard, r.Reader()); return n, err }, want: 100_000.0},
	}
	everywhere(t, func(t *testing.T, serve func(c adapt.Config, pattern string, h served.Twins) *httptest.Server) {
		for _, tt := range tests {
			s := serve(tt.config, cmp.Or(tt.pattern, "/"), served.Reads(tt.read))
			r, err := http.NewRequest("POST", s.URL+cmp.Or(tt.target, "/"), strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			for n, v := range tt.header {
				r.Header[n] = v
			}
			res := served.Do(t, s.Client(), r)
			var got any
			if err := json.Unmarshal([]byte(res.Body), &got); err != nil || res.Status != 200 {
				t.Errorf("%s: %d %s", tt.rule, res.Status, res.Body)
			} else if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
			}
		}
	})
}

// everywhere runs a test in every form, over every protocol, with one server for all of its rules:
// serve makes it serve the next.
func everywhere(t *testing.T, test func(t *testing.T, serve func(c adapt.Config, pattern string, h served.Twins) *httptest.Server)) {
	for _, form := range served.Forms {
		for _, protocol := range served.Protocols {
			t.Run(form.Name+"/"+protocol, func(t *testing.T) {
				served.LeavesNothing(t)
				var mux atomic.Pointer[adapt.Mux]
				s := served.ServeOver(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mux.Load().ServeHTTP(w, r) }), protocol, func(*http.Server) {})
				test(t, func(c adapt.Config, pattern string, h served.Twins) *httptest.Server {
					mux.Store(served.NewMux(t, c, func(r *adapt.Routes) { form.Register(r, "POST", pattern, h) }))
					return s
				})
			})
		}
	}
}

// A client's mistake is answered alike, whatever the shape.
func TestClientMistakes(t *testing.T) {
	var dst struct{ Age int }
	readJSON := func(r served.Request) (any, error) { return nil, r.JSON(&dst) }
	readForm := func(r served.Request) (any, error) { _, err := r.Form(); return nil, err }
	tests := []struct {
		rule, target, body, contentType string
		read                            func(served.Request) (any, error)
		want                            served.Answer
	}{
		{"malformed JSON says where", "/1", "{\"a\":\n}", "", readJSON, served.JSONError(400, "invalid JSON at line 2, column 1: expected a value, got '}'")},
		{"data after JSON", "/1", `{} {}`, "", readJSON, served.JSONError(400, "")},
		{"JSON of another type", "/1", `{"age":"x"}`, "", readJSON, served.JSONError(400, "")},
		{"no JSON at all", "/1", ``, "", readJSON, served.JSONError(400, "")},
		{"a form of another media type", "/1", "x", "text/plain", readForm, served.JSONError(415, "a form needs a Content-Type of multipart/form-data or application/x-www-form-urlencoded, not text/plain")},
		{"multipart without a boundary", "/1", "x", "multipart/form-data", readForm, served.JSONError(400, "the Content-Type multipart/form-data names no boundary")},
		{"a body beyond the limit", "/1", strings.Repeat("x", 2000), "", readJSON, served.JSONError(413, "the request body is larger than 1000 bytes")},
		{"a parameter that is not UTF-8", "/%ff", "", "", readJSON, served.JSONError(400, `the path parameter "id" is not valid percent-encoded UTF-8`)},
	}
	everywhere(t, func(t *testing.T, serve func(c adapt.Config, pattern string, h served.Twins) *httptest.Server) {
		for _, tt := range tests {
			s := serve(adapt.Config{Answers: adapt.Standard, Limits: adapt.Limits{Body: 1000}}, "/:id", served.Reads(tt.read))
			r, _ := http.NewRequest("POST", s.URL+tt.target, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.contentType)
			got := served.Do(t, s.Client(), r)
			if tt.want.Body == "" && got.Status == tt.want.Status { // the text is jsontext's, tested there
				continue
			}
			got.Header.Del("Connection")
			got.Header.Del("Content-Length")
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
			}
		}
	})
}

// A trusted proxy's word counts in both shapes.
func TestTrustedProxies(t *testing.T) {
	h := served.Reads(func(r served.Request) (any, error) { return r.URL().String(), nil })
	c := adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	served.Everywhere(t, "GET", "/x", h, c, func(t *testing.T, s *httptest.Server) {
		r, _ := http.NewRequest("GET", s.URL+"/x?y", nil)
		r.Header.Set("X-Forwarded-Proto", "https")
		r.Header.Set("X-Forwarded-Host", "app.example")
		if got, want := served.Do(t, s.Client(), r).Body, `"https://app.example/x?y"`; got != want {
			t.Errorf("URL %s, want %s", got, want)
		}
	})
}

// Every method of the interface above exists on both types with the same signature; this is so for
// all exported methods that both have.
func TestSharedMethodsHaveOneSignature(t *testing.T) {
	f, r := reflect.TypeFor[*fetch.Request](), reflect.TypeFor[*reqres.Request]()
	for i := range f.NumMethod() {
		m := f.Method(i)
		if other, ok := r.MethodByName(m.Name); ok {
			if a, b := signature(m.Type), signature(other.Type); a != b {
				t.Errorf("%s: fetch has %s, reqres has %s", m.Name, a, b)
			}
		}
	}
}

// signature is the method's without its receiver.
func signature(t reflect.Type) string {
	var b strings.Builder
	for i := 1; i < t.NumIn(); i++ {
		b.WriteString(t.In(i).String() + ", ")
	}
	b.WriteString("-> ")
	for i := range t.NumOut() {
		b.WriteString(t.Out(i).String() + ", ")
	}
	return b.String()
}
