package reqres_test

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

// call calls a handler and prints its answer.
func call(h reqres.Handler, r *http.Request, names ...string) {
	res, err := reqres.Call(h, r)
	if err != nil {
		fmt.Println(err)
	}
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(body))
	for _, name := range names {
		fmt.Printf("%s: %s\n", name, res.Header.Get(name))
	}
}

func get(target string) *http.Request { return httptest.NewRequest("GET", target, nil) }

// What ends an Express handler returns the error to return.
func Example() {
	users := map[string]string{"1": "Ada"}
	h := func(req *reqres.Request, res *reqres.Response) error {
		name, ok := users[req.Query("id")]
		if !ok {
			return res.Status(404).JSON(map[string]string{"error": "no such user"})
		}
		return res.Set("Cache-Control", "no-store").JSON(map[string]string{"name": name})
	}
	call(h, get("/?id=1"), "Content-Type", "Etag")
	call(h, get("/?id=2"))
	// Output:
	// 200 {"name":"Ada"}
	// Content-Type: application/json; charset=utf-8
	// Etag: W/"e-o8/jXHVjFPQ4cSz4TRqWpCCA1H8"
	// 404 {"error":"no such user"}
}

// Middleware wraps a handler; there is no next to forget.
func ExampleMiddleware() {
	requireUser := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			sid, ok := req.Cookie("sid")
			if !ok {
				return res.SendStatus(401)
			}
			res.Locals()["user"] = sid
			return next(req, res)
		}
	}
	h := requireUser(func(req *reqres.Request, res *reqres.Response) error {
		return res.Send("Hello, " + res.Locals()["user"].(string))
	})
	call(h, get("/"))
	r := get("/")
	r.Header.Set("Cookie", "sid=ada")
	call(h, r)
	// Output:
	// 401 Unauthorized
	// 200 Hello, ada
}

// The first answer counts. The second one says where it was made.
func ExampleResponse_Send_incorrect() {
	h := func(req *reqres.Request, res *reqres.Response) error {
		if req.Query("name") == "" {
			res.Status(400).Send("who?") // the return is missing
		}
		err := res.Send("Hello")
		fmt.Println(errors.Is(err, reqres.ErrAlreadySent))
		return nil
	}
	call(h, get("/"))
	// Output:
	// true
	// 400 who?
}

// A refused call is remembered, and nothing is sent with it.
func ExampleResponse_Set() {
	h := func(req *reqres.Request, res *reqres.Response) error {
		err := res.Set("X-Name", req.Query("name")).Send("ok")
		fmt.Println(err)
		return err
	}
	r := get("/?name=a%0d%0aSet-Cookie:%20b")
	res, _ := reqres.Call(h, r)
	fmt.Println(res.StatusCode, res.Header.Get("Set-Cookie"))
	// Output:
	// reqres: Invalid character in header content ["X-Name"]: header "X-Name", value "a\r\nSet-Cookie"…: a header value holds no control character but TAB (RFC 9110, 5.5)
	// 500
}

// A redirection has the body that the client prefers.
func ExampleResponse_Redirect() {
	h := func(req *reqres.Request, res *reqres.Response) error { return res.Redirect("/login", 303) }
	call(h, get("/"), "Location", "Vary")
	// Output:
	// 303 See Other. Redirecting to /login
	// Location: /login
	// Vary: Accept
}

// The response is an http.ResponseWriter.
func ExampleResponse_Write() {
	page := template.Must(template.New("").Parse("<h1>{{.}}</h1>"))
	h := func(req *reqres.Request, res *reqres.Response) error {
		return page.Execute(res.Type("html").Status(201), "Tom & Jerry")
	}
	call(h, get("/"), "Content-Type")
	// Output:
	// 201 <h1>Tom &amp; Jerry</h1>
	// Content-Type: text/html; charset=utf-8
}

// With the flavor of Next.js a pages/api file answers as before. In a mux:
// adapt.Config{ReqRes: settings}.New(routes).
func ExampleSettings() {
	settings := reqres.Settings{Flavor: reqres.NextJS, ETag: reqres.NoETag}
	fmt.Println(settings.Flavor == reqres.NextJS, reqres.Settings{}.Flavor == reqres.Express)
	// Output: true true
}

// FromHTTP makes an old handler of any http.Handler.
func ExampleFromHTTP() {
	h := reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no "+r.PathValue("id"), http.StatusGone)
	}))
	r := get("/")
	r.SetPathValue("id", "7")
	call(h, r)
	// Output:
	// 410 no 7
}

// Decode reads a body that was read before: the bytes are kept.
func ExampleDecode() {
	h := func(req *reqres.Request, res *reqres.Response) error {
		raw, err := req.Text()
		if err != nil {
			return err
		}
		v, err := reqres.Decode[struct{ Name string }](req)
		if err != nil {
			return err
		}
		return res.JSON([]string{raw, v.Name})
	}
	call(h, httptest.NewRequest("POST", "/", strings.NewReader(`{"name":"Ada"}`)))
	call(h, httptest.NewRequest("POST", "/", strings.NewReader(`{"name":1}`)))
	// Output:
	// 200 ["{\"name\":\"Ada\"}","Ada"]
	// 400 {"error":"field \"Name\": expected a string, got a number","fields":{"Name":"expected a string, got a number"}}
}
