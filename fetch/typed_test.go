package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

type page struct {
	Limit int  `query:"limit" default:"20"`
	After *int `query:"after"`
}

type color string

func (c *color) UnmarshalText(b []byte) error {
	if s := string(b); s != "red" && s != "blue" {
		return errors.New("expected red or blue")
	}
	*c = color(b)
	return nil
}

type part struct {
	Name   string   `json:"name" required:"true"`
	Amount float64  `json:"amount"`
	Notes  []string `json:"notes,omitempty"`
}

// everything has a member of every kind.
type everything struct {
	page
	ID      string         `path:"id"`
	Rest    []string       `path:"rest"`
	Q       string         `query:"q"`
	Tags    []string       `query:"tag"`
	IDs     []int8         `query:"id"`
	Since   *time.Time     `query:"since"`
	Wait    time.Duration  `query:"wait"`
	Exact   bool           `query:"exact"`
	Min     float32        `query:"min"`
	Color   color          `query:"color"`
	From    netip.Addr     `query:"from"`
	Agent   string         `header:"User-Agent"`
	Accept  []string       `header:"accept"`
	Session string         `cookie:"session"`
	Visits  int            `cookie:"visits" default:"1"`
	Name    string         `json:"name"`
	Parts   []part         `json:"parts"`
	Main    *part          `json:"main"`
	At      time.Time      `json:"at"`
	Paint   color          `json:"paint"`
	Size    int64          `json:"size" default:"3"`
	Extra   map[string]int `json:"extra"`
	Hidden  string         `json:"-"`
}

type form struct {
	Q     string     `query:"q" required:"true"`
	Name  string     `json:"name" required:"true"`
	Ages  []int      `json:"ages"`
	Since *time.Time `json:"since"`
	Agree bool       `json:"agree"`
	Rank  int        `json:"rank" default:"7"`
}

func (f *form) Validate() error {
	fields := map[string]string{}
	if f.Name == "nobody" {
		fields["name"] = "is nobody"
	}
	if f.Rank > 9 {
		fields["rank"] = "is above 9"
	}
	if f.Since != nil && f.Since.Year() < 2000 { // panics where since was not a time and is required
		fields["since"] = "is long ago"
	}
	return fetch.Invalid(fields)
}

// told returns what f was called with, or the error.
func told[In any](req *fetch.Request) any {
	var got any
	_, err := fetch.Typed(func(_ context.Context, in In) (struct{}, error) {
		got = in
		return struct{}{}, nil
	})(req)
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		if e.Fields != nil {
			return e.Fields
		}
		return fmt.Sprint(e.Status, " ", e.Message)
	}
	if err != nil {
		return err
	}
	return got
}

func get(target string, opts ...fetch.RequestOption) *fetch.Request {
	return fetch.NewRequest("GET", target, opts...)
}

func post(body string, opts ...fetch.RequestOption) *fetch.Request {
	return fetch.NewRequest("POST", "/?q=x", append(opts, fetch.BlobBody([]byte(body), "application/json"))...)
}

func urlencoded(body string) *fetch.Request {
	return fetch.NewRequest("POST", "/?q=x", fetch.BlobBody([]byte(body), "application/x-www-form-urlencoded"))
}

func TestTypedReads(t *testing.T) {
	since := time.Date(2026, 11, 28, 17, 30, 0, 0, time.UTC)
	plain := everything{page: page{Limit: 20}, Visits: 1}
	with := func(change func(e *everything)) everything {
		e := plain
		change(&e)
		return e
	}
	body := func(change func(e *everything)) everything {
		return with(func(e *everything) {
			e.Q, e.Size = "x", 3
			change(e)
		})
	}
	type wrong = map[string]string
	for _, c := range []struct {
		rule      string
		got, want any
	}{
		{"a request that says nothing", told[everything](get("/")), plain},
		{"a path parameter", told[everything](get("/").WithParam("id", "a/b")), with(func(e *everything) { e.ID = "a/b" })},
		{"a catch-all", told[everything](get("/").WithParam("rest", "c/d")), with(func(e *everything) { e.Rest = []string{"c", "d"} })},
		{"the query", told[everything](get("/?q=a+b&limit=5&after=0&wait=1m&exact=on&min=-1.5&color=red&from=::1&since=2026-11-28T17:30:00Z")), with(func(e *everything) {
			e.Q, e.Limit, e.After, e.Wait, e.Exact, e.Min, e.Color, e.From, e.Since = "a b", 5, new(0), time.Minute, true, -1.5, "red", netip.MustParseAddr("::1"), &since
		})},
		{"of several values the first counts", told[everything](get("/?limit=5&limit=x")), with(func(e *everything) { e.Limit = 5 })},
		{"but for lists", told[everything](get("/?tag=a&tag=&tag=b&id=1&id=&id=2")), with(func(e *everything) { e.Tags, e.IDs = []string{"a", "", "b"}, []int8{1, 2} })},
		{"an empty value is as good as none", told[everything](get("/?limit=&after=&since=&exact=&color=")), plain},
		{"headers", told[everything](get("/", fetch.RequestHeader("User-Agent", "me"), fetch.RequestHeader("Accept", "a, b"), fetch.RequestHeader("Accept", "c"))), with(func(e *everything) {
			e.Agent, e.Accept = "me", []string{"a", "b", "c"}
		})},
		{"cookies", told[everything](get("/", fetch.RequestHeader("Cookie", "session=a%20b; visits=3"))), with(func(e *everything) { e.Session, e.Visits = "a b", 3 })},
		{"the body", told[everything](post(`{"name":"n","parts":[{"name":"a","amount":1.5}],"main":{"name":"m"},"at":"2026-11-28T17:30:00Z","paint":"blue","size":4,"extra":{"a":1}}`)), body(func(e *everything) {
			e.Name, e.Parts, e.Main, e.At, e.Paint, e.Size, e.Extra = "n", []part{{"a", 1.5, nil}}, &part{Name: "m"}, since, "blue", 4, map[string]int{"a": 1}
		})},
		{"the body says nothing of the rest", told[everything](post(`{"ID":"evil","id":"evil","Session":"evil","Q":"evil","Limit":1,"Hidden":"evil","Visits":9,"private":1}`)), body(func(*everything) {})},
		{"of whatever type", told[everything](post(`{"ID":1,"limit":"evil","name":"n"}`)), body(func(e *everything) { e.Name = "n" })},
		{"unknown members, and names in another case", told[everything](post(`{"NAME":"n","unknown":[1]}`)), body(func(e *everything) { e.Name = "n" })},
		{"the exact name counts most", told[everything](post(`{"name":"n","Name":"other","main":{}}`)), wrong{"main.name": "is missing"}},
		{"null is nothing", told[everything](post(`{"name":null,"size":null,"main":null}`)), body(func(*everything) {})},
		{"a GET has no body", told[form](get("/?q=x")), form{Q: "x"}},

		{"every mistake in the query at once", told[everything](get("/?limit=x&after=1.5&wait=1&exact=maybe&min=Inf&color=green&id=1&id=256&since=today&from=here")), wrong{
			"limit": `expected a whole number, got "x"`, "after": `expected a whole number, got "1.5"`, "wait": `expected a duration such as 1m30s, got "1"`,
			"exact": `expected true or false, got "maybe"`, "min": `expected a number, got "Inf"`, "color": "expected red or blue",
			"id.1": `expected a whole number from -128 to 127, got "256"`, "since": `expected a time such as 2006-01-02T15:04:05Z, got "today"`,
			"from": `ParseAddr("here"): unable to parse IP`,
		}},
		{"every mistake in the body at once", told[everything](post(`{"name":1,"parts":[{"name":"a","amount":"much"},{"amount":2},3,{"name":"b","notes":[1,"x",null]}],"main":[],"at":"now","paint":"green","size":1e9999,"extra":{"a":"b"}}`)), wrong{
			"name": "expected a string, got a number", "parts.0.amount": "expected a number, got a string", "parts.1.name": "is missing",
			"parts.2": "expected an object, got a number", "parts.3.notes.0": "expected a string, got a number", "main": "expected an object, got an array",
			"at": `expected a time such as 2006-01-02T15:04:05Z, got "now"`, "paint": "expected red or blue",
			"size": "expected a whole number from -9223372036854775808 to 9223372036854775807, got 1e9999", "extra.a": "expected a number, got a string",
		}},
		{"and in both", told[everything](fetch.NewRequest("POST", "/?limit=x", fetch.JSONBody(map[string]any{"size": "big"}))), wrong{
			"limit": `expected a whole number, got "x"`, "size": "expected a number, got a string",
		}},
		{"a broken body beside others", told[everything](fetch.NewRequest("POST", "/?limit=x", fetch.BlobBody([]byte(`{`), "application/json"))), wrong{
			"limit": `expected a whole number, got "x"`, "body": "invalid JSON at line 1, column 2: expected a key in double quotes, got the end of the text",
		}},
		{"a broken body by itself", told[everything](post(`{"a"`)), "400 invalid JSON at line 1, column 5: expected ':' after the key, got the end of the text"},
		{"not an object", told[everything](post(`[1]`)), "400 line 1, column 1: expected an object, got an array"},
		{"null", told[everything](post(` null `)), "400 the body must not be null"},
		{"no body", told[everything](fetch.NewRequest("POST", "/")), "400 the body is missing"},
		{"another media type", told[everything](fetch.NewRequest("PUT", "/", fetch.BlobBody([]byte("{}"), "text/plain;charset=UTF-8"))), `415 the body must be of the type application/json, not "text/plain;charset=UTF-8"`},
		{"a form that cannot say it", told[everything](urlencoded("name=n")), `415 the body must be of the type application/json, not "application/x-www-form-urlencoded"`},
		{"none of DELETE", told[everything](fetch.NewRequest("DELETE", "/?q=x")), body(func(*everything) {})},

		{"a form", told[form](urlencoded("name=n&ages=1&ages=2&since=2026-11-28T17:30:00Z&agree=on&rank=")), form{"x", "n", []int{1, 2}, &since, true, 7}},
		{"in parts", told[form](fetch.NewRequest("POST", "/?q=x", fetch.FormBody(crossfade.NewForm(crossfade.FormEntry{Name: "name", Value: "n"}, crossfade.FormEntry{Name: "rank", Value: "1"})))), form{Q: "x", Name: "n", Rank: 1}},
		{"says nothing of the rest", told[form](urlencoded("name=n&Q=evil&q=evil")), form{Q: "x", Name: "n", Rank: 7}},
		{"every mistake in a form", told[form](urlencoded("ages=1&ages=x&since=now&agree=yes&rank=high")), wrong{
			"name": "is missing", "ages.1": `expected a whole number, got "x"`, "since": `expected a time such as 2006-01-02T15:04:05Z, got "now"`,
			"agree": `expected true or false, got "yes"`, "rank": `expected a whole number, got "high"`,
		}},
		{"the same as JSON", told[form](post(`{"name":"n","ages":[1,2],"agree":true}`)), form{Q: "x", Name: "n", Ages: []int{1, 2}, Agree: true, Rank: 7}},
		{"an empty text is a text", told[form](post(`{"name":""}`)), form{Q: "x", Rank: 7}},
		{"what is required is not null", told[form](post(`{"name":null}`)), wrong{"name": "is missing"}},
		{"what is required of DELETE", told[form](fetch.NewRequest("DELETE", "/")), wrong{"name": "is missing", "q": "is missing"}},

		{"Validate", told[form](post(`{"name":"nobody","rank":10}`)), wrong{"name": "is nobody", "rank": "is above 9"}},
		{"is heard about what is not wrong yet", told[form](fetch.NewRequest("POST", "/", fetch.JSONBody(map[string]any{"name": "nobody", "rank": "high"}))), wrong{
			"q": "is missing", "name": "is nobody", "rank": "expected a number, got a string",
		}},

		{"a pointer to a struct", told[*part](post(`{"name":"a"}`)), &part{Name: "a"}},
		{"a list", told[[]part](post(`[{"name":"a"},{"name":"b"}]`)), []part{{Name: "a"}, {Name: "b"}}},
		{"and every mistake in it", told[[]part](post(`[{"name":1},{},"x"]`)), wrong{"0.name": "expected a string, got a number", "1.name": "is missing", "2": "expected an object, got a string"}},
		{"a list is not an object", told[[]part](post(`{}`)), "400 line 1, column 1: expected an array, got an object"},
		{"a map", told[map[string]int](post(`{"a":1}`)), map[string]int{"a": 1}},
		{"and every mistake in it", told[map[string]part](post(`{"a":{"name":"n"},"b":{},"c":{"name":1},"d":null}`)), wrong{"b.name": "is missing", "c.name": "expected a string, got a number"}},
		{"what is required in a map of maps, in an array, and behind pointers", told[map[int8]*[2]map[string]**part](post(`{"1":[{"a":{}},{"b":{"name":"n"}}],"-2":[{"c":{"amount":1}}],"128":[]}`)), wrong{
			"1.0.a.name": "is missing", "-2.0.c.name": "is missing", "128": "expected a whole number from -128 to 127, got 128",
		}},
		{"anything", told[any](post(`[null]`)), []any{nil}},
		{"what reads itself", told[time.Time](post(`"2026-11-28T17:30:00Z"`)), since},
		{"nothing", told[struct{}](post(`not JSON`)), struct{}{}},
		{"a request that is wrong itself", told[struct{}](fetch.NewRequest("GET", "nowhere")).(error).Error(), `fetch.NewRequest: the target "nowhere" must begin with / or be an absolute http or https URL`},
	} {
		if diff := cmp.Diff(c.want, c.got, cmp.AllowUnexported(everything{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rule, diff)
		}
	}
}

// A Validate that relies on what could not be read is not a reason for a 500.
type careless struct {
	IDs []int `query:"id" required:"true"`
}

func (c careless) Validate() error {
	_ = c.IDs[0]
	return nil
}

func TestTypedCarelessValidate(t *testing.T) {
	if diff := cmp.Diff(map[string]string{"id": "is missing"}, told[careless](get("/?id="))); diff != "" {
		t.Error(diff)
	}
}

// A client cannot make the answer to its mistakes large, nor the work to find them.
func TestTypedBounds(t *testing.T) {
	type tree struct {
		Leaves []int  `json:"leaves"`
		Down   []tree `json:"down"`
		Name   string `json:"name" required:"true"`
	}
	got := told[tree](post(`{"name":"n","leaves":[` + strings.Repeat(`"x",`, 5000) + `0]}`))
	if fields, ok := got.(map[string]string); !ok || len(fields) != 100 {
		t.Errorf("5,000 mistakes: %d are told", len(fields))
	}
	got = told[map[string]int](post(`{"` + strings.Repeat("k", 1000) + `":"x"}`))
	if fields, ok := got.(map[string]string); !ok || fields[strings.Repeat("k", 64)+"…"] == "" {
		t.Errorf("a key of 1,000 bytes: %v", got)
	}
	got = told[tree](post(strings.Repeat(`{"name":"n","down":[`, 2000) + strings.Repeat(`]}`, 2000)))
	if fields, ok := got.(map[string]string); !ok || fields["down.0.down.0.down.0.down.0.down.0"] != "is nested too deeply" {
		t.Errorf("2,000 levels: %.200v", got)
	}
}

func TestTypedAnswers(t *testing.T) {
	type out struct {
		N int `json:"n"`
	}
	answer := func(h fetch.Handler) string {
		res, err := h(get("/"))
		if err != nil {
			return "error: " + err.Error()
		}
		text, _ := res.Text()
		return fmt.Sprint(res.Status(), " ", res.Header("Content-Type"), " ", res.Header("X-A"), " ", text)
	}
	one := func(context.Context, struct{}) (out, error) { return out{1}, nil }
	none := func(context.Context, struct{}) (struct{}, error) { return struct{}{}, nil }
	for _, c := range []struct{ rule, got, want string }{
		{"JSON", answer(fetch.Typed(one)), `200 application/json  {"n":1}`},
		{"with options", answer(fetch.Typed(one, fetch.Status(201), fetch.SetHeader("X-A", "b"), fetch.Fails(404, 409))), `201 application/json b {"n":1}`},
		{"nothing is 204", answer(fetch.Typed(none)), `204   `},
		{"or another status without a body", answer(fetch.Typed(none, fetch.Status(202))), `202   `},
		{"a response as it is", answer(fetch.Typed(func(context.Context, struct{}) (*fetch.Response, error) { return fetch.Redirect("/x") })), `302   `},
		{"an error", answer(fetch.Typed(func(context.Context, struct{}) (out, error) { return out{}, fetch.Errorf(404, "no such thing") })), `error: no such thing`},
		{"what JSON cannot say", answer(fetch.Typed(func(context.Context, struct{}) (chan int, error) { return nil, nil })), `error: fetch.JSON: cannot write chan int as JSON: json: unsupported type: chan int`},
		{"a status that is not success", answer(fetch.Typed(one, fetch.Status(302))), "error: the status 302 of Typed is not one of success: return an Error, or a *fetch.Response"},
		{"a body where there is none", answer(fetch.Typed(one, fetch.Status(204))), "error: an option of Typed: status 204 cannot carry a body: use NoContent with Status(204)"},
		{"a bad option", answer(fetch.Typed(one, fetch.Fails(200))), "error: an option of Typed: 200 is not the status of an error, 400 to 599"},
		{"a mistake in a tag, without a mux", answer(fetch.Typed(func(context.Context, struct {
			N int `query:""`
		}) (out, error) {
			return out{}, nil
		})), `error: struct { N int "query:\"\"" }.N has the tag query:"", which is not a name`},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s\nwant %s", c.rule, c.got, c.want)
		}
	}
}

func ExampleTyped() {
	type search struct {
		Shelf string     `path:"shelf"`
		Limit int        `query:"limit" default:"20"`
		Since *time.Time `query:"since"`
	}
	type book struct {
		Title string `json:"title"`
	}
	find := fetch.Typed(func(ctx context.Context, in search) ([]book, error) {
		return []book{{fmt.Sprintf("the best %d of %s", in.Limit, in.Shelf)}}, nil
	})

	res, _ := find(fetch.NewRequest("GET", "/shelves/poetry").WithParam("shelf", "poetry"))
	fmt.Println(res.Text())
	_, err := find(fetch.NewRequest("GET", "/shelves/poetry?limit=many&since=ever").WithParam("shelf", "poetry"))
	fmt.Println(err)
	// Output:
	// [{"title":"the best 20 of poetry"}] <nil>
	// invalid input: limit: expected a whole number, got "many"; since: expected a time such as 2006-01-02T15:04:05Z, got "ever"
}
