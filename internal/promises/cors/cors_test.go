package cors_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/internal/reference"
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
func (c corsRoute) endpoint(called *string) served.Twins {
	header, value, status, err := "", "", 200, error(nil)
	switch {
	case c.Does == "panic":
		return served.Twins{
			ReqRes: func(*reqres.Request, *reqres.Response) error { *called = c.ID; panic("boom") },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { *called = c.ID; panic("boom") },
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
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { *called = c.ID; return res.SSE(stream) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { *called = c.ID; return fetch.SSE(stream) },
		}
	}
	return served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			*called = c.ID
			if header != "" {
				res.Set(header, value)
			}
			if err != nil {
				return err
			}
			return res.Status(status).End()
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			*called = c.ID
			if err != nil {
				return nil, err
			}
			opts := []fetch.ResponseOption{fetch.Status(status)}
			if header != "" {
				opts = append(opts, fetch.SetHeader(header, value))
			}
			return fetch.NoContent(opts...)
		},
	}
}

// The recommended behaviour of CORS in a router, with the routes in the shapes that the cases give,
// and with all routes in each form of a handler: the answers are the same.
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
	reference.Read(t, "cors/router.json", &file)
	policies := map[string]*cors.Policy{"off": cors.Off()}
	for name, p := range file.Policies {
		policy, err := cors.New(cors.Config{
			Origins: p.Origins, Credentials: p.Credentials, Methods: p.Methods, RequestHeaders: p.RequestHeaders,
			ExposedHeaders: p.ResponseHeaders, MaxAge: time.Duration(p.MaxAge) * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		policies[name] = policy
	}
	secure := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			return nil, &fetch.Error{Status: 401, Message: "who are you?", Header: http.Header{"Www-Authenticate": {"Bearer"}}}
		}
	}
	for _, tt := range file.Cases {
		t.Run(tt.ID+" "+tt.Desc, func(t *testing.T) {
			var first *served.Answer
			forms := append(slices.Clip(served.Forms), httpForms...)
			for form := -1; form < len(forms); form++ {
				called := ""
				register := func(r *adapt.Routes) {
					for _, route := range file.Routes {
						h := route.endpoint(&called)
						r.Scope(adapt.Scope{CORS: policies[route.Policy]}, func(r *adapt.Routes) {
							switch {
							case route.ID == "secure":
								r.UseFetch(secure)
								r.ReqRes.GET(route.Path, h.ReqRes)
							case route.Shape == "http":
								r.Mount(strings.TrimSuffix(route.Path, "/*rest"), h.ReqRes)
							case form >= 0:
								forms[form].Register(r, route.Method, route.Path, h)
							case route.Shape == "reqres":
								r.ReqRes.On(route.Method, route.Path, h.ReqRes)
							default:
								r.Fetch.On(route.Method, route.Path, h.Fetch)
							}
						})
					}
				}
				c := adapt.Config{}
				if tt.MuxPolicy != nil {
					c.CORS = policies[*tt.MuxPolicy]
				}
				got := tt.ask(served.NewMux(t, c, register))
				if tt.Request.Path == "*" {
					return // net/http answers it
				}
				tt.check(t, got, called)
				cors := served.Answer{Status: got.Status, Header: corsHeaders(got.Header)}
				if first == nil {
					first = &cors
				} else if diff := cmp.Diff(*first, cors); diff != "" {
					t.Errorf("the headers differ between the shapes, in form %q (-first +this):\n%s", forms[form].Name, diff)
				}
			}
		})
	}
}

// httpForms register an endpoint as an http.Handler that no conversion can see through.
var httpForms = []served.Form{
	{Name: "reqres as net/http", Register: func(r *adapt.Routes, m, p string, h served.Twins) { r.Handle(m, p, served.PassHTTP(h.ReqRes)) }},
	{Name: "fetch as net/http", Register: func(r *adapt.Routes, m, p string, h served.Twins) { r.Handle(m, p, served.PassHTTP(h.Fetch)) }},
}

func (tt *corsCase) ask(mux http.Handler) served.Answer {
	r := httptest.NewRequest(tt.Request.Method, "http://api.example"+strings.TrimPrefix(tt.Request.Path, "*"), nil)
	for name, value := range tt.Request.Headers {
		for _, v := range list(value) {
			r.Header.Add(name, v)
		}
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	return served.Answer{Status: rec.Code, Header: rec.Header(), Body: rec.Body.String()}
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

func (tt *corsCase) check(t *testing.T, got served.Answer, called string) {
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

func corsPolicy(t *testing.T, c cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// corsHeaders are those that a policy has a say in.
func corsHeaders(h http.Header) http.Header {
	own := http.Header{}
	for name, values := range h {
		if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
			own[name] = values
		}
	}
	return own
}

// The policy hangs on the route: neither the answer to a preflight nor the protocol's headers of
// any other answer depend on the side that serves, though the old one does CORS by hand, and no
// preflight reaches a side.
func TestCORSDuringAMigration(t *testing.T) {
	old := func(_ *reqres.Request, res *reqres.Response) error {
		res.Set("Access-Control-Allow-Origin", "*").Set("Access-Control-Allow-Methods", "GET,PUT,DELETE").Set("X-Side", "old")
		return res.Send("x")
	}
	next := func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Text("x", fetch.SetHeader("X-Side", "new"))
	}
	var pair *migrate.Pair
	heads := 0
	c := adapt.Config{CORS: corsPolicy(t, cors.Config{
		Origins: []string{"https://app.example"}, Credentials: true, RequestHeaders: []string{"Content-Type"},
	})}
	mux := served.NewMux(t, c, func(r *adapt.Routes) {
		r.OnHead(func(*http.Request, int, http.Header) { heads++ })
		r.ReqRes.GET("/x", served.OldSays("x"))
		byKey := migrate.Config{Key: func(r *http.Request) (string, bool) { return r.Header.Get("X-Key"), true }}
		r.Scope(adapt.Scope{Migration: byKey}, func(r *adapt.Routes) { pair = r.Migrate("PUT", "/x", old, next) })
	})
	request := func(method string, header ...string) served.Answer {
		r := httptest.NewRequest(method, "http://api.example/x", nil)
		r.Header.Set("Origin", "https://app.example")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		return served.Answer{Status: rec.Code, Header: rec.Header(), Body: rec.Body.String()}
	}
	sides := map[string]bool{}
	for _, plan := range []migrate.Plan{
		{Stage: migrate.Old}, {Stage: migrate.Shadow}, {Stage: migrate.Canary, Share: 0.5},
		{Stage: migrate.Live}, {Stage: migrate.New}, {Stage: migrate.Old},
	} {
		if err := pair.Set(plan, "test"); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			got := request("OPTIONS", "X-Key", strconv.Itoa(i), "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type")
			want := served.Answer{Status: 204, Header: served.Header("Access-Control-Allow-Origin", "https://app.example", "Access-Control-Allow-Credentials", "true",
				"Access-Control-Allow-Methods", "GET,HEAD,PUT", "Access-Control-Allow-Headers", "content-type", "Vary", "Origin"), Body: ""}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%v: the preflight (-want +got):\n%s", plan, diff)
			}
			got = request("PUT", "X-Key", strconv.Itoa(i))
			sides[got.Header.Get("X-Side")] = true
			actual := served.Header("Access-Control-Allow-Origin", "https://app.example", "Access-Control-Allow-Credentials", "true", "Vary", "Origin")
			if diff := cmp.Diff(actual, corsHeaders(got.Header)); diff != "" {
				t.Fatalf("%v: the request (-want +got):\n%s", plan, diff)
			}
		}
	}
	if !sides["old"] || !sides["new"] {
		t.Errorf("served by %v, want by both sides", sides)
	}
	if want := 6 * 20 * 2; heads != want {
		t.Errorf("the head hook saw %d answers, want all %d, preflights among them", heads, want)
	}
	if n := c.CORS.Replaced(); n == 0 {
		t.Error("the policy has counted none of the headers set by hand")
	}
}

// Where the methods of a path are not known one by one, a policy that lists none allows those in
// common use, and a script may read the 404 of a path that does not exist.
func TestPreflightsWhereMethodsAreUnknown(t *testing.T) {
	origin := []string{"https://app.example"}
	any := served.Twins{
		ReqRes: served.OldSays("any"),
		Fetch:  served.Says("any"),
	}
	register := func(r *adapt.Routes) {
		r.ReqRes.Any("/any", any.ReqRes)
		r.Fetch.Any("/both", any.Fetch)
		r.Fetch.On("PROPFIND", "/both", any.Fetch)
		r.Mount("/mount", any.ReqRes)
		r.Fetch.GET("/get", any.Fetch)
	}
	const usual = "DELETE,GET,HEAD,PATCH,POST,PUT"
	silent := adapt.Config{CORS: corsPolicy(t, cors.Config{Origins: origin})}
	listing := adapt.Config{CORS: corsPolicy(t, cors.Config{Origins: origin, Methods: []string{"PUT"}})}
	for _, tt := range []struct {
		rule, path string
		config     adapt.Config
		want       string
	}{
		{"Any", "/any", silent, usual},
		{"Any beside a method of its own", "/both", silent, "DELETE,GET,HEAD,PATCH,POST,PROPFIND,PUT"},
		{"a mount", "/mount/x", silent, usual},
		{"a path that does not exist: what exists somewhere", "/nowhere", silent, "DELETE,GET,HEAD,PATCH,POST,PROPFIND,PUT"},
		{"a path of which all is known", "/get", silent, "GET,HEAD"},
		{"Any, under a policy that lists methods", "/any", listing, "GET,HEAD,POST,PUT"},
		{"Any beside a method that the policy does not list", "/both", listing, "GET,HEAD,POST,PUT"},
		{"a mount, under a policy that lists methods", "/mount/x", listing, "GET,HEAD,POST,PUT"},
		{"a path that does not exist, under a policy that lists methods", "/nowhere", listing, "GET,HEAD,POST,PUT"},
	} {
		mux := served.NewMux(t, tt.config, register)
		r := httptest.NewRequest("OPTIONS", tt.path, nil)
		r.Header.Set("Origin", origin[0])
		r.Header.Set("Access-Control-Request-Method", "PUT")
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		if got := rec.Header().Get("Access-Control-Allow-Methods"); rec.Code != 204 || got != tt.want {
			t.Errorf("%s: %d with %q, want 204 with %q", tt.rule, rec.Code, got, tt.want)
		}
		if tt.path == "/get" {
			continue
		}
		verdict := corstest.Browser{Origin: origin[0]}.May(mux, corstest.Request{Method: "PUT", URL: "https://api.example" + tt.path})
		if want := map[bool]int{true: 404, false: 200}[tt.path == "/nowhere"]; verdict.Status != want {
			t.Errorf("%s: a script reads %d of its PUT, want %d; the console says %q", tt.rule, verdict.Status, want, verdict.Console)
		}
	}
}

// A wrapped handler may stand behind several routes, and what belongs to a route stays with it
// while requests of all of them are served at once.
func TestWrappedHandlerOnSeveralRoutes(t *testing.T) {
	policy := corsPolicy(t, cors.Config{Origins: []string{"https://app.example"}})
	h := policy.ReqRes(func(req *reqres.Request, res *reqres.Response) error {
		return res.Send(req.Param("x") + " " + req.Param("y"))
	})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.ReqRes.GET("/a/:x", h)
		r.ReqRes.GET("/b/:y", h)
	})
	var all sync.WaitGroup
	for i := range 8 {
		path, want := "/a/1", "1 "
		if i%2 == 1 {
			path, want = "/b/2", " 2"
		}
		all.Go(func() {
			for range 100 {
				r := httptest.NewRequest("GET", path, nil)
				r.Header.Set("Origin", "https://app.example")
				rec := httptest.NewRecorder()
				mux.ServeHTTP(rec, r)
				if got := rec.Header().Values("Access-Control-Allow-Origin"); rec.Body.String() != want || len(got) != 1 {
					t.Errorf("%s: %q with Access-Control-Allow-Origin %q, want %q with one", path, rec.Body, got, want)
				}
			}
		})
	}
	all.Wait()
}
