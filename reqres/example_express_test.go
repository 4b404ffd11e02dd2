package reqres_test

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

func printCall(h reqres.Handler, method, contentType, body string) {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("Accept", "text/html")
	res, err := reqres.Call(h, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(b))
}

// express.json(), and an error handler that knows its errors by their type.
func ExampleParseJSON() {
	parse := reqres.ParseJSON(reqres.JSONOptions{BodyOptions: reqres.BodyOptions{Limit: 1 << 10}})
	catch := reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
		if e, ok := errors.AsType[*reqres.BodyError](err); ok {
			return res.Status(400).Send(e.Type + ": " + err.Error())
		}
		return err
	})
	h := catch(parse(func(req *reqres.Request, res *reqres.Response) error {
		body, err := req.Body()
		if err != nil {
			return err
		}
		return res.JSON(body)
	}))
	printCall(h, "POST", "application/json", `{"name":"Ada"}`)
	printCall(h, "POST", "application/json", `{name:"Ada"}`)
	// Output:
	// 200 {"name":"Ada"}
	// 400 entity.parse.failed: invalid JSON at line 1, column 2: expected a key in double quotes, got 'n'
}

func ExampleResponse_Format() {
	printCall(func(req *reqres.Request, res *reqres.Response) error {
		return res.Format(
			reqres.Offer{Type: "json", Handler: func(req *reqres.Request, res *reqres.Response) error {
				return res.JSON(map[string]string{"hello": "world"})
			}},
			reqres.Offer{Type: "html", Handler: func(req *reqres.Request, res *reqres.Response) error {
				return res.Send("<p>hello</p>")
			}},
		)
	}, "GET", "", "")
	// Output: 200 <p>hello</p>
}

func ExampleResponse_SendFile() {
	printCall(func(req *reqres.Request, res *reqres.Response) error {
		return res.SendFile("../etc/passwd", reqres.FileOptions{Root: "testdata"})
	}, "GET", "", "")
	// Output: 403 {"error":"Forbidden"}
}

func ExampleResponse_TakeErr() {
	printCall(func(req *reqres.Request, res *reqres.Response) error {
		err := res.Status(1000).TakeErr() // try { res.status(1000) } catch (err) {
		return res.Send(err.Error())
	}, "GET", "", "")
	// Output: 200 reqres: Invalid status code: 1000. Status code must be greater than 99 and less than 1000.
}
