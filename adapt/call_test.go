package adapt_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type callSaid struct {
	Limit int        `query:"limit" default:"20"`
	Tags  []string   `query:"tag"`
	Since *time.Time `query:"since"`
	Lang  string     `header:"Accept-Language"`
	Cart  string     `cookie:"cart"`
	User  string     `cookie:"user"`
	Token string     `header:"Authorization"`
	Name  string     `json:"name"`
	Notes []int      `json:"notes,omitempty"`
}

type callByID struct {
	ID string `path:"id" json:"-"`
	callSaid
}

type callRest struct {
	Rest []string `path:"rest"`
	callSaid
}

// calling serves f behind GET /call, beside the routes, and returns what f makes of its call.
func calling(t *testing.T, routes func(*adapt.Routes), f func(ctx context.Context) (any, error), headers ...string) string {
	t.Helper()
	mux, err := adapt.Config{RequestID: "X-Request-Id", Logger: slog.New(slog.DiscardHandler)}.New(routes, func(r *adapt.Routes) {
		r.Fetch.GET("/call", fetch.Typed(func(ctx context.Context, _ struct{}) (string, error) {
			out, err := f(ctx)
			return fmt.Sprintf("%+v", out), err
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	req, _ := http.NewRequest("GET", s.URL+"/call", nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	head := ""
	if v := res.Header.Get("Retry-After"); v != "" {
		head = " Retry-After " + v
	}
	return fmt.Sprint(res.StatusCode, " ", string(b), head)
}

// What a value says is what a handler reads: Call is the inverse of Typed, in every place of a
// handler.
func TestCallSays(t *testing.T) {
	var got any
	byID := fetch.Typed(func(_ context.Context, in callByID) (struct{}, error) {
		got = in
		return struct{}{}, nil
	})
	rest := fetch.Typed(func(_ context.Context, in callRest) (struct{}, error) {
		got = in
		return struct{}{}, nil
	})
	routes := func(r *adapt.Routes) {
		r.Fetch.PUT("/native/:id", byID)
		r.ReqRes.PUT("/converted/:id", adapt.ToReqRes(byID))
		r.With(func(h http.Handler) http.Handler { return h }).Fetch.PUT("/behind/:id", byID)
		r.Migrate("PUT", "/migrated/:id", adapt.ToReqRes(byID), byID)
		r.Fetch.Any("/any/[id]", byID)
		r.Scope(adapt.Scope{Prefix: "/scope"}, func(r *adapt.Routes) { r.Fetch.PUT("/rest/*rest", rest) })
		r.Fetch.PUT("/optional/[[...rest]]", rest)
	}
	since := time.Date(2026, 11, 28, 17, 30, 0, 0, time.UTC)
	full := callByID{"a/b?#\\%2e", callSaid{5, []string{"x&y", "", "z"}, &since, "de", "a b;c", "eve", "mine", "n", []int{1, 2}}}
	few := func(rest ...string) callRest { return callRest{rest, callSaid{Name: "n"}} }
	told := func(rest ...string) callRest { // the rest is of the caller's request, and the default
		return callRest{rest, callSaid{Limit: 20, Cart: "old", User: "ada", Token: "theirs", Name: "n"}}
	}
	for _, c := range []struct {
		route    string
		in, want any
	}{
		{"PUT /native/:id", full, full}, {"PUT /native/[id]", full, full}, {"PUT /converted/:id", full, full},
		{"PUT /behind/:id", full, full}, {"PUT /migrated/:id", full, full}, {"PUT /any/:id", &full, full},
		{"PUT /scope/rest/*rest", few("a/b", "c"), told("a/b", "c")}, {"PUT /optional/[[...rest]]", few(), told()},
		{"PUT /optional/[[...rest]]", few("a"), told("a")},
	} {
		got = nil
		answer := calling(t, routes, func(ctx context.Context) (any, error) { return adapt.Call[struct{}](ctx, c.route, c.in) }, "Cookie", "cart=old; user=ada", "Authorization", "theirs")
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(callByID{}, callRest{})); diff != "" || answer != `200 "{}"` {
			t.Errorf("%s: %s (-want +got)\n%s", c.route, answer, diff)
		}
	}
}

type callKey struct{}

func TestCallErrors(t *testing.T) {
	type byID struct {
		ID string `path:"id"`
	}
	answer := func(status int, opts ...fetch.ResponseOption) fetch.Handler {
		return func(*fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(map[string]any{"error": "told", "fields": map[string]string{"a": "b"}}, append(opts, fetch.Status(status))...)
		}
	}
	routes := func(r *adapt.Routes) {
		r.Guard(func(r *http.Request) (context.Context, error) {
			if r.URL.Path == "/guarded" && r.Header.Get("Cookie") != "user=ada" {
				return nil, fetch.Errorf(401, "who are you?")
			}
			return context.WithValue(r.Context(), callKey{}, "of the callee"), nil
		})
		r.Fetch.GET("/guarded", fetch.Typed(func(ctx context.Context, _ struct{}) (string, error) { return ctx.Value(callKey{}).(string), nil }))
		r.Fetch.GET("/things/:id", answer(200))
		r.Fetch.GET("/things/me", func(*fetch.Request) (*fetch.Response, error) {
			return nil, errors.New("the caller has named another route")
		})
		r.Fetch.GET("/told", answer(404))
		r.Fetch.GET("/later", answer(429, fetch.SetHeader("Retry-After", "7"), fetch.SetHeader("Etag", `"x"`)))
		r.Fetch.GET("/ours", answer(503))
		r.Fetch.GET("/moved", func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/x") })
		r.Fetch.GET("/html", func(*fetch.Request) (*fetch.Response, error) { return fetch.HTML("<p>", fetch.Status(404)) })
		r.Fetch.GET("/text", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("hi") })
		r.Fetch.GET("/number", func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(1) })
		r.Fetch.GET("/empty", func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() })
		r.Fetch.GET("/panic", func(*fetch.Request) (*fetch.Response, error) { panic("secret") })
		r.Handle("GET", "/http", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, `{"error":"plain"}`, http.StatusConflict) }))
		r.ReqRes.GET("/old", func(req *reqres.Request, res *reqres.Response) error {
			return res.Status(422).JSON(map[string]string{"error": "old"})
		})
		r.Mount("/mounted", http.NotFoundHandler())
		r.Scope(adapt.Scope{Limits: adapt.Limits{Body: 10}}, func(r *adapt.Routes) {
			r.Fetch.POST("/small", fetch.Typed(func(_ context.Context, in struct{ Text string }) (string, error) { return in.Text, nil }))
		})
	}
	get := func(route string, in any) func(ctx context.Context) (any, error) {
		return func(ctx context.Context) (any, error) { return adapt.Call[string](ctx, route, in) }
	}
	const told = `{"error":"told","fields":{"a":"b"}}`
	const failed = `500 {"error":"Internal Server Error"}`
	for _, c := range []struct {
		rule string
		call func(ctx context.Context) (any, error)
		want string
	}{
		{"behind the guard of the callee", get("GET /guarded", nil), `401 {"error":"who are you?"}`},
		{"the route that is named, not the most specific one", func(ctx context.Context) (any, error) {
			return adapt.Call[struct{}](ctx, "GET /things/:id", byID{"me"})
		}, `200 "{}"`},
		{"a 4xx with its fields", get("GET /told", nil), "404 " + told},
		{"and when to come back", get("GET /later", nil), "429 " + told + " Retry-After 7"},
		{"a 5xx says nothing to clients", get("GET /ours", nil), `503 {"error":"Service Unavailable"}`},
		{"a redirection is not an answer", get("GET /moved", nil), failed},
		{"a 4xx that is not JSON", get("GET /html", nil), `404 {"error":"Not Found"}`},
		{"of an http.Handler", get("GET /http", nil), `409 {"error":"plain"}`},
		{"of the old shape", get("GET /old", nil), `422 {"error":"old"}`},
		{"a mount", get("DELETE /mounted/[[...mounted]]", nil), `404 {"error":"Not Found"}`},
		{"what is not JSON", get("GET /text", nil), failed},
		{"other JSON", get("GET /number", nil), failed},
		{"no JSON", get("GET /empty", nil), failed},
		{"but nothing is fine for nothing", func(ctx context.Context) (any, error) { return adapt.Call[struct{}](ctx, "GET /empty", nil) }, `200 "{}"`},
		{"a panic", get("GET /panic", nil), failed},
		{"an unknown route", get("GET /thing/:id", byID{"1"}), failed},
		{"another method", get("PATCH /told", nil), failed},
		{"ANY is not a method", get("ANY /mounted/[[...mounted]]", nil), failed},
		{"too little", get("GET /things/:id", nil), failed},
		{"too much", get("GET /told", byID{"1"}), failed},
		{"a body where there is none", get("GET /told", struct{ A int }{1}), failed},
		{"no value", get("GET /things/:id", (*byID)(nil)), failed},
		{"a value that cannot stand in a path", get("GET /things/:id", byID{".."}), `400 {"error":"invalid input: id: \"..\" cannot stand in a path","fields":{"id":"\"..\" cannot stand in a path"}}`},
		{"nor can nothing", get("GET /things/:id", byID{}), `400 {"error":"invalid input: id: \"\" cannot stand in a path","fields":{"id":"\"\" cannot stand in a path"}}`},
		{"the limits of the callee", get("POST /small", struct{ Text string }{"0123456789"}), `413 {"error":"the request body is larger than 10 bytes"}`},
		{"a type that no request has", get("POST /small", make(chan int)), failed},
		{"an end of the caller's", func(ctx context.Context) (any, error) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			_, err := adapt.Call[string](ctx, "GET /told", nil)
			return errors.Is(err, context.Canceled), nil
		}, `200 "true"`},
	} {
		if got := calling(t, routes, c.call); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.rule, got, c.want)
		}
	}
	if got, want := calling(t, routes, get("GET /guarded", nil), "Cookie", "user=ada"), `200 "of the callee"`; got != want {
		t.Errorf("with the caller's cookies: %s, want %s", got, want)
	}
	for rule, ctx := range map[string]context.Context{"no mux": context.Background(), "a handler without one": fetch.NewRequest("GET", "/").Context()} {
		if _, err := adapt.Call[string](ctx, "GET /told", nil); err == nil || err.Error() != "this needs a mux: the handler was called without one" {
			t.Errorf("%s: %v", rule, err)
		}
	}
}

// The texts for the log.
func TestCallMistakes(t *testing.T) {
	routes := func(r *adapt.Routes) {
		r.Fetch.GET("/things/:id", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("hi") })
		r.Migrate("POST", "/things", func(*reqres.Request, *reqres.Response) error { return nil }, func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline })
	}
	for route, want := range map[string]string{
		"GET /thing/:id":  `adapt: Call: no route is "GET /thing/:id", the nearest is GET /things/:id`,
		"POST /things":    `adapt: Call POST /things was answered with 500 Internal Server Error`,
		"things":          `adapt: Call: no route is "things", the nearest is POST /things`,
		"GET /things/:id": `adapt: Call GET /things/:id: the input has no member with the tag path:"id"`,
	} {
		calling(t, routes, func(ctx context.Context) (any, error) {
			if _, err := adapt.Call[string](ctx, route, nil); err == nil || err.Error() != want {
				t.Errorf("%s: %v\nwant %s", route, err, want)
			}
			return nil, nil
		})
	}
}

// Endpoints that call each other without an end are stopped, and one that streams is an answer too.
func TestCallWithin(t *testing.T) {
	calls := 0
	routes := func(r *adapt.Routes) {
		r.Fetch.GET("/again", fetch.Typed(func(ctx context.Context, _ struct{}) (string, error) {
			calls++
			return adapt.Call[string](ctx, "GET /again", nil)
		}))
		r.Fetch.GET("/stream", func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				_, err := io.WriteString(w, "a stream")
				return err
			})
		})
		r.Fetch.GET("/id", fetch.Typed(func(ctx context.Context, _ struct{}) (string, error) { return adapt.RequestID(ctx), nil }))
	}
	got := calling(t, routes, func(ctx context.Context) (any, error) { return adapt.Call[string](ctx, "GET /again", nil) })
	if got != `508 {"error":"Loop Detected"}` || calls != 16 {
		t.Errorf("%s after %d calls", got, calls)
	}
	got = calling(t, routes, func(ctx context.Context) (any, error) {
		res, err := adapt.Call[*fetch.Response](ctx, "GET /stream", nil)
		if err != nil {
			return nil, err
		}
		return res.Text()
	})
	if got != `200 "a stream"` {
		t.Errorf("a stream: %s", got)
	}
	got = calling(t, routes, func(ctx context.Context) (any, error) { return adapt.Call[string](ctx, "GET /id", nil) }, "X-Request-Id", "r-1")
	if got != `200 "r-1"` {
		t.Errorf("the request's id: %s", got)
	}
}

func ExampleCall() {
	type byID struct {
		ID string `path:"id"`
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/stock/:id", func(req *reqres.Request, res *reqres.Response) error {
			return res.JSON(map[string]int{"left": len(req.Param("id"))})
		})
		r.Fetch.GET("/offer/:id", fetch.Typed(func(ctx context.Context, in byID) (string, error) {
			stock, err := adapt.Call[struct{ Left int }](ctx, "GET /stock/:id", in)
			return fmt.Sprintf("%d left of %s", stock.Left, in.ID), err
		}))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	res, _ := mux.Fetch(fetch.NewRequest("GET", "/offer/gin"))
	fmt.Println(res.Text())
	// Output: "3 left of gin" <nil>
}
