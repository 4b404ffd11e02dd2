package fetch_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
)

// serve asks a handler over HTTP and prints what a client sees.
func serve(h fetch.Handler, r *http.Request, names ...string) {
	s := httptest.NewServer(h)
	defer s.Close()
	r.URL.Scheme, r.URL.Host, r.RequestURI = "http", strings.TrimPrefix(s.URL, "http://"), ""
	res, err := s.Client().Transport.RoundTrip(r)
	if err != nil {
		fmt.Println("the connection broke")
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	fmt.Println(strings.TrimSpace(fmt.Sprint(res.StatusCode, " ", string(body))))
	for _, name := range names {
		fmt.Printf("%s: %s\n", name, res.Header.Get(name))
	}
	if err != nil {
		fmt.Println("the answer broke off")
	}
}

// A handler is a function, and a test calls it as one.
func Example() {
	hello := func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text("Hello, " + req.Query("name") + " of " + req.Param("city"))
	}
	res, err := hello(fetch.NewRequest("GET", "/?name=Ada").WithParam("city", "London"))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := res.Text()
	fmt.Println(res.Status(), text)
	// Output: 200 Hello, Ada of London
}

// A handler is an http.Handler, and needs no mux.
func ExampleHandler_ServeHTTP() {
	mux := http.NewServeMux()
	mux.Handle("GET /users/{id}", fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(map[string]string{"id": req.Param("id")})
	}))
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", "/users/7", nil))
	fmt.Println(rec.Code, rec.Body)
	// Output: 200 {"id":"7"}
}

// With… returns a copy; the original is what it was. So a response may be a
// package variable.
func ExampleResponse_WithHeader() {
	gone := fetch.Must(fetch.Text("gone", fetch.Status(410)))
	logged := gone.WithHeader("X-Trace", "abc").WithCookie("seen", "1", fetch.CookieOptions{})
	fmt.Printf("%q %q\n", gone.Header("X-Trace"), logged.Header("X-Trace"))
	fmt.Println(logged.Headers().Get("Set-Cookie"))
	// Output:
	// "" "abc"
	// seen=1; Path=/
}

// A refused change is remembered: nothing is sent with it, and no header is
// ever split or dropped in silence.
func ExampleResponse_Err() {
	_, err := fetch.Text("x", fetch.SetHeader("X-Name", "a\r\nSet-Cookie: b"))
	fmt.Println(err)
	res := fetch.Must(fetch.Text("x")).WithStatus(42)
	fmt.Println(res.Err())
	// Output:
	// header "X-Name", value "a\r\nSet-Cookie"…: a header value holds no control character but TAB (RFC 9110, 5.5)
	// the status 42 is out of range: a response has 200 to 599
}

// An error has a status. The message of a 4xx is for the client.
func ExampleErrorf() {
	serve(func(*fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(404, "no such cocktail")
	}, httptest.NewRequest("GET", "/", nil), "Content-Type")
	// Output:
	// 404 {"error":"no such cocktail"}
	// Content-Type: application/json
}

type signUp struct {
	Name string
	Age  int
}

func (s signUp) Validate() error {
	fields := map[string]string{}
	if s.Name == "" {
		fields["name"] = "is missing"
	}
	if s.Age < 18 {
		fields["age"] = "must be 18 or more"
	}
	return fetch.Invalid(fields)
}

// Decode reads JSON into a type and lets the type check itself.
func ExampleDecode() {
	h := fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
		s, err := fetch.Decode[signUp](req)
		if err != nil {
			return nil, err
		}
		return fetch.JSON(s, fetch.Status(201))
	})
	serve(h, httptest.NewRequest("POST", "/", strings.NewReader(`{"Name":"Ada","Age":36}`)))
	serve(h, httptest.NewRequest("POST", "/", strings.NewReader(`{"Age":7}`)))
	serve(h, httptest.NewRequest("POST", "/", strings.NewReader(`{"Age":`)))
	// Output:
	// 201 {"Name":"Ada","Age":36}
	// 400 {"error":"invalid input: age: must be 18 or more; name: is missing","fields":{"age":"must be 18 or more","name":"is missing"}}
	// 400 {"error":"invalid JSON at line 1, column 8: expected a value, got the end of the text"}
}

// A body is read once, unless it is buffered first.
func ExampleRequest_Buffer() {
	req := fetch.NewRequest("POST", "/", fetch.Body([]byte("once")))
	_, err := req.Text()
	fmt.Println(err)
	_, err = req.Text()
	fmt.Println(errors.Is(err, fetch.ErrBodyUsed))

	req = fetch.NewRequest("POST", "/", fetch.Body([]byte("again")))
	if err := req.Buffer(); err != nil {
		fmt.Println(err)
	}
	req.Text()
	again, err := req.Text()
	fmt.Println(again, err)
	// Output:
	// <nil>
	// true
	// again <nil>
}

// An echo reads the request while it answers.
func ExampleStream() {
	serve(func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Stream(req.Reader(), fetch.SetHeader("Content-Type", "text/plain"))
	}, httptest.NewRequest("POST", "/", strings.NewReader("echo")))
	// Output: 200 echo
}

// An error before the first byte is an error response; one after it cuts the
// connection, so that a broken answer never looks complete.
func ExampleStreamFunc() {
	early := func(*fetch.Request) (*fetch.Response, error) {
		return fetch.StreamFunc(func(w *fetch.Writer) error { return fetch.Errorf(503, "no database") })
	}
	late := func(*fetch.Request) (*fetch.Response, error) {
		return fetch.StreamFunc(func(w *fetch.Writer) error {
			w.WriteString("first")
			w.Flush()
			return errors.New("disk full")
		})
	}
	quiet := httptest.NewRequest("GET", "/", nil)
	serve(early, quiet)
	serve(late, httptest.NewRequest("GET", "/", nil))
	// Output:
	// 503 {"error":"Service Unavailable"}
	// 200 first
	// the answer broke off
}

func ticks(n int) iter.Seq2[fetch.Event, error] {
	return func(yield func(fetch.Event, error) bool) {
		for i := range n {
			if !yield(fetch.Event{ID: fmt.Sprint(i), Name: "tick", Data: "line one\nline two"}, nil) {
				return // the client has left
			}
		}
	}
}

// An event stream is an iterator of events.
func ExampleSSE() {
	res, err := fetch.SSE(ticks(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := res.Text()
	fmt.Println(res.Header("Content-Type"))
	fmt.Print(text)
	// Output:
	// text/event-stream
	// id: 0
	// event: tick
	// data: line one
	// data: line two
	//
	// id: 1
	// event: tick
	// data: line one
	// data: line two
}

// ETag is middleware, where the mutable shape does it by itself.
func ExampleETag() {
	h := fetch.ETag(func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("hello") })
	serve(h, httptest.NewRequest("GET", "/", nil), "Etag")
	again := httptest.NewRequest("GET", "/", nil)
	again.Header.Set("If-None-Match", `W/"5-qvTGHdzF6KLavt4PO0gs2a6pQ00"`)
	serve(h, again)
	// Output:
	// 200 hello
	// Etag: W/"5-qvTGHdzF6KLavt4PO0gs2a6pQ00"
	// 304
}

// A response as an error ends a handler from any depth, as redirect() does in Next.js.
func ExampleAsError() {
	requireUser := func(req *fetch.Request) error {
		if _, ok := req.Cookie("sid"); !ok {
			return fetch.AsError(fetch.Redirect("/login", fetch.Status(303)))
		}
		return nil
	}
	serve(func(req *fetch.Request) (*fetch.Response, error) {
		if err := requireUser(req); err != nil {
			return nil, fmt.Errorf("list: %w", err)
		}
		return fetch.Text("secret")
	}, httptest.NewRequest("GET", "/", nil), "Location")
	// Output:
	// 303
	// Location: /login
}

// FromHTTP takes in any http.Handler.
func ExampleFromHTTP() {
	old := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Old", "1")
		fmt.Fprint(w, "user ", r.PathValue("id"))
	})
	res, err := fetch.FromHTTP(old)(fetch.NewRequest("GET", "/").WithParam("id", "7"))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := res.Text()
	fmt.Println(res.Status(), res.Header("X-Old"), text)
	// Output: 200 1 user 7
}

// The wrong way: what WithHeader returns is thrown away. The response is
// immutable, so nothing has changed.
func ExampleResponse_incorrect() {
	res := fetch.Must(fetch.Text("x"))
	res.WithHeader("Cache-Control", "no-store")
	fmt.Printf("%q\n", res.Header("Cache-Control"))

	res = res.WithHeader("Cache-Control", "no-store") // this is the right way
	fmt.Printf("%q\n", res.Header("Cache-Control"))
	// Output:
	// ""
	// "no-store"
}
