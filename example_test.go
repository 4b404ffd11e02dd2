package crossfade_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type problem struct {
	Error string `json:"error"`
}

var accounts = map[string]account{"1": {"1", "Ada"}}

// oldAccount is the endpoint as it was: write into res, and return what the
// last call returns.
func oldAccount(req *reqres.Request, res *reqres.Response) error {
	acct, ok := accounts[req.Param("id")]
	if !ok {
		return res.Status(404).JSON(problem{"no such account"})
	}
	return res.Set("Cache-Control", "no-store").JSON(acct)
}

// newAccount is the same endpoint in the new shape: return a response or an
// error.
func newAccount(req *fetch.Request) (*fetch.Response, error) {
	acct, ok := accounts[req.Param("id")]
	if !ok {
		return nil, fetch.Errorf(404, "no such account")
	}
	return fetch.JSON(acct, fetch.SetHeader("Cache-Control", "no-store"))
}

func openAccount(req *reqres.Request, res *reqres.Response) error { return res.SendStatus(201) }

func closeAccount(req *fetch.Request) (*fetch.Response, error) { return fetch.NoContent() }

func healthz(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok\n") }

// get asks a handler and prints its answer.
func get(h http.Handler, method, target string) {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, target, nil))
	fmt.Println(method, target, rec.Code, rec.Body)
}

// A half-migrated service: one endpoint is old, one is new, one is on its way,
// and one is plain net/http. They share one mux.
func Example() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.POST("/accounts", openAccount)
		r.Fetch.DELETE("/accounts/:id", closeAccount)
		r.Migrate("GET", "/accounts/:id", oldAccount, newAccount)
		r.Handle("GET", "/healthz", http.HandlerFunc(healthz))
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for route := range mux.Routes() {
		fmt.Printf("%-6s %-6s %s\n", route.Shape, route.Method, route.Pattern)
	}
	get(mux, "POST", "/accounts")
	get(mux, "GET", "/accounts/1")
	get(mux, "GET", "/accounts/2")
	get(mux, "PUT", "/accounts/1")
	// Output:
	// reqres POST   /accounts
	// fetch  DELETE /accounts/:id
	// fetch  GET    /accounts/:id
	// http   GET    /healthz
	// POST /accounts 201 Created
	// GET /accounts/1 200 {"id":"1","name":"Ada"}
	// GET /accounts/2 404 {"error":"no such account"}
	// PUT /accounts/1 405 {"error":"PUT is not supported here, but DELETE, GET, HEAD, OPTIONS"}
}

// Each step of a migration is one call at run time, and so is the way back.
func Example_migrate() {
	var pair *migrate.Pair
	mux, err := adapt.New(func(r *adapt.Routes) {
		old := func(_ *reqres.Request, res *reqres.Response) error { return res.Send("by old") }
		next := func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("by new") }
		pair = r.Migrate("GET", "/accounts/:id", old, next)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	served := func() {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest("GET", "/accounts/1", nil))
		fmt.Printf("%v: %s\n", pair.Plan(), rec.Body)
	}
	served()
	if err := pair.Set(migrate.Plan{Stage: migrate.New}, "ada"); err != nil {
		fmt.Println(err)
	}
	served()
	pair.Kill("the new side forgets the history", "ada")
	served()
	// Output:
	// old: by old
	// new: by new
	// old: by old
}

// Both handlers match the same requests, so New refuses the table, names both
// lines, and prints the line that makes a migration of the two.
func Example_collision() {
	_, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/accounts/:id", oldAccount)
		r.Fetch.GET("/accounts/[account]", newAccount)
	})
	fmt.Println(err)
	// Output:
	// adapt: 1 route collision
	//
	// 1. GET /accounts/:id and GET /accounts/[account] are one route with two handlers
	//      reqres  GET /accounts/:id        crossfade_test.oldAccount  example_test.go:125
	//      fetch   GET /accounts/[account]  crossfade_test.newAccount  example_test.go:126
	//    Both match the same requests, such as GET /accounts/x.
	//    Moving it from reqres to fetch? Register both at once:
	//      r.Migrate("GET", "/accounts/[account]", crossfade_test.oldAccount, crossfade_test.newAccount)
}

// A conversion makes a handler of the other shape. There and back is the
// original function.
func Example_convert() {
	asFetch := adapt.ToFetch(oldAccount)
	res, err := asFetch(fetch.NewRequest("GET", "/accounts/1").WithParam("id", "1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := res.Text()
	fmt.Println(res.Status(), res.Header("Content-Type"), body)

	asReqRes := adapt.ToReqRes(newAccount)
	r := httptest.NewRequest("GET", "/accounts/2", nil)
	r.SetPathValue("id", "2")
	answer, err := reqres.Call(asReqRes, r)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, string(text))
	// Output:
	// 200 application/json; charset=utf-8 {"id":"1","name":"Ada"}
	// 404 {"error":"no such account"}
}

// A handler of the new shape is a function from a request to a response, and a
// test calls it as one.
func Example_call() {
	res, err := newAccount(fetch.NewRequest("GET", "/accounts/1").WithParam("id", "1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	var acct account
	if err := res.JSON(&acct); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(res.Status(), acct.Name)

	_, err = newAccount(fetch.NewRequest("GET", "/accounts/2").WithParam("id", "2"))
	fmt.Println(err)
	// Output:
	// 200 Ada
	// no such account
}

// A whole service answers in process: no socket, no recorder.
func Example_fetch() {
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/accounts/:id", oldAccount)
		r.Fetch.GET("/boom", func(*fetch.Request) (*fetch.Response, error) { panic("boom") })
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, target := range []string{"/accounts/1", "/boom", "/nowhere"} {
		res, err := mux.Fetch(fetch.NewRequest("GET", target))
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := res.Text()
		fmt.Println(res.Status(), body)
	}
	// Output:
	// 200 {"id":"1","name":"Ada"}
	// 500 {"error":"Internal Server Error"}
	// 404 {"error":"Not Found"}
}
