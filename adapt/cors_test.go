package adapt_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type corsRoute struct{ ID, Method, Path, Shape, Policy, Does string }

type corsCase struct {
	ID, Desc  string
	MuxPolicy *string
	Request   struct {
		Method, Path string
		Headers      map[string]any
	}
	Expect struct {
		Status       any
		Handler      *string
		Headers      map[string]any
		Absent       []string
		VaryIncludes []string
	}
}

// endpoint is the handler of a route of router.json, in both shapes.
func (c corsRoute) endpoint(called *string) twins {
	header, value, status, err := "", "", 200, error(nil)
	switch {
	case c.Does == "panic":
		return twins{
			reqres: func(*reqres.Request, *reqres.Response) error { *called = c.ID; panic("boom") },
			fetch:  func(*fetch.Request) (*fetch.Response, error) { *called = c.ID; panic("boom") },
		}
	case c.Does == "return an error":
		err = errors.New("boom")
	case strings.Contains(c.Does, "Vary: Accept"):
		header, value = "Vary", "Accept"
	case strings.Contains(c.Does, "Access-Control-Allow-Origin: *"):
		header, value = "Access-Control-Allow-Origin", "*"
	case strings.Contains(c.Does, "304"):
		status = 304
	case c.Does == "stream":
		stream := func(yield func(fetch.Event, error) bool) { yield(fetch.Event{Data: "x"}, nil) }
		return twins{
			reqres: func(_ *reqres.Request, res *reqres.Response) error { *called = c.ID; return res.SSE(stream) },
			fetch:  func(*fetch.Request) (*fetch.Response, error) { *called = c.ID; return fetch.SSE(stream) },
		}
	}
	return twins{
		reqres: func(_ *reqres.Request, res *reqres.Response) error {
			*called = c.ID
			if header != "" {
				res.Set(header, value)
			}
			if err != nil {
				return err
			}
			return res.Status(status).End()
		},
		fetch: func(*fetch.Request) (*fetch.Response, error) {
			*called = c.ID
			if err != nil {
				return nil, err
			}
			opts := []fetch.Option{fetch.Status(status)}
			if header != "" {
				opts = append(opts, fetch.SetHeader(header, value))
			}
			return fetch.NoContent(opts...)
		},
	}
}

// The recommended behaviour of CORS in a router, with the routes in the shapes
// that the cases give, and with all routes in each form of a handler: the
// answers are the same.
func TestCORSInTheMux(t *testing.T) {
	var file struct {
		Policies map[string]struct {
			Origins, Methods, RequestHeaders, ResponseHeaders []string
			Credentials                                       bool
			MaxAge                                            int
		}
		Routes []corsRoute
		Cases  []corsCase
	}
	b, err := os.ReadFile("../cors/testdata/router.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	policies := map[string]*cors.Policy{"off": cors.Off}
	for name, p := range file.Policies {
		policies[name], err = cors.New(cors.Config{
			Origins: p.Origins, Credentials: p.Credentials, Methods: p.Methods, RequestHeaders: p.RequestHeaders,
			ExposedHeaders: p.ResponseHeaders, MaxAge: time.Duration(p.MaxAge) * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	secure := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			return nil, &fetch.Error{Status: 401, Message: "who are you?", Header: http.Header{"Www-Authenticate": {"Bearer"}}}
		}
	}
	for _, tt := range file.Cases {
		t.Run(tt.ID+" "+tt.Desc, func(t *testing.T) {
			var first *answer
			for form := -1; form < len(forms); form++ {
				called := ""
				register := func(r *adapt.Routes) {
					for _, route := range file.Routes {
						h := route.endpoint(&called)
						r.Scope(adapt.Scope{CORS: policies[route.Policy]}, func(r *adapt.Routes) {
							switch {
							case route.ID == "secure":
								r.Fetch.Use(secure)
								r.ReqRes.GET(route.Path, h.reqres)
							case route.Shape == "http":
								r.Mount(strings.TrimSuffix(route.Path, "/*rest"), h.reqres)
							case form >= 0:
								forms[form].register(r, route.Method, route.Path, h)
							case route.Shape == "reqres":
								r.ReqRes.On(route.Method, route.Path, h.reqres)
							default:
								r.Fetch.On(route.Method, route.Path, h.fetch)
							}
						})
					}
				}
				c := adapt.Config{}
				if tt.MuxPolicy != nil {
					c.CORS = policies[*tt.MuxPolicy]
				}
				got := tt.ask(newMux(t, c, register))
				if tt.Request.Path == "*" {
					return // net/http answers it
				}
				tt.check(t, got, called)
				cors := answer{Status: got.Status, Header: http.Header{}}
				for name, values := range got.Header {
					if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
						cors.Header[name] = values
					}
				}
				if first == nil {
					first = &cors
				} else if diff := cmp.Diff(*first, cors); diff != "" {
					t.Errorf("the headers differ between the shapes, in form %q (-first +this):\n%s", forms[form].name, diff)
				}
			}
		})
	}
}

func (tt *corsCase) ask(mux http.Handler) answer {
	r := httptest.NewRequest(tt.Request.Method, "http://api.example"+strings.TrimPrefix(tt.Request.Path, "*"), nil)
	for name, value := range tt.Request.Headers {
		for _, v := range list(value) {
			r.Header.Add(name, v)
		}
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

func list(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var out []string
	for _, s := range v.([]any) {
		out = append(out, s.(string))
	}
	return out
}

// set is the members of a list-valued header.
func set(values []string) []string {
	m := map[string]bool{}
	for s := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if s = strings.TrimSpace(s); s != "" {
			m[strings.ToLower(s)] = true
		}
	}
	return slices.Sorted(maps.Keys(m))
}

func (tt *corsCase) check(t *testing.T, got answer, called string) {
	t.Helper()
	want := int(tt.Expect.Status.(float64))
	switch {
	case want == 301:
		want = 308 // this mux redirects every method alike
	case want == 200 && got.Status == 204:
		want = 204 // the endpoints of this test have no body
	}
	if got.Status != want {
		t.Errorf("status %d, want %d", got.Status, want)
	}
	if tt.Expect.Handler != nil && called != *tt.Expect.Handler || tt.Expect.Handler == nil && called != "" {
		t.Errorf("the handler %q was called", called)
	}
	for name, value := range tt.Expect.Headers {
		if !slices.Equal(set(got.Header.Values(name)), set(list(value))) {
			t.Errorf("%s is %q, want %q", name, got.Header.Values(name), value)
		}
	}
	for _, name := range tt.Expect.Absent {
		if v := got.Header.Values(name); len(v) > 0 {
			t.Errorf("%s is %q, want none", name, v)
		}
	}
	for _, name := range tt.Expect.VaryIncludes {
		if !slices.Contains(set(got.Header.Values("Vary")), strings.ToLower(name)) {
			t.Errorf("Vary is %q, want %s in it", got.Header.Values("Vary"), name)
		}
	}
}
