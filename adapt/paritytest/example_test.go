package paritytest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// printer is a testing.TB that prints, so that an example shows what a test
// would say.
type printer struct{ testing.TB }

func (printer) Helper() {}
func (printer) Errorf(format string, args ...any) {
	fmt.Println(strings.TrimRight(fmt.Sprintf(format, args...), "\n"))
}
func (p printer) Fatalf(format string, args ...any) { p.Errorf(format, args...) }
func (p printer) Logf(format string, args ...any)   { p.Errorf(format, args...) }

type account struct {
	ID   string   `json:"id"`
	Tags []string `json:"tags"`
}

func oldAccount(req *reqres.Request, res *reqres.Response) error {
	if req.Param("id") != "1" {
		return res.Status(404).JSON(map[string]string{"error": "no such account"})
	}
	return res.JSON(account{ID: "1", Tags: []string{}})
}

func newAccount(req *fetch.Request) (*fetch.Response, error) {
	if req.Param("id") != "1" {
		return nil, fetch.Errorf(404, "no such account")
	}
	return fetch.JSON(account{ID: "1"}) // a nil slice is null in JSON
}

// The failure names the place, and the request as something to paste.
func ExampleTest() {
	var t printer // *testing.T in a test
	paritytest.Test{
		Method: "GET", Pattern: "/accounts/:id",
		Old: oldAccount, Next: newAccount,
		Requests: []*fetch.Request{
			fetch.NewRequest("GET", "/accounts/1", fetch.RequestHeader("Accept", "application/json")),
			fetch.NewRequest("GET", "/accounts/none"),
		},
	}.Run(t)
	// Output:
	// paritytest: GET /accounts/1 is answered differently by the new handler
	// 1 difference
	//   body.tags  null-vs-empty  - []  + null
	//              a nil slice in Go marshals to null, an empty one to []
	// curl -i -X GET -H 'Accept: application/json' 'http://localhost:8080/accounts/1'
	// fetch.NewRequest("GET", "/accounts/1", fetch.RequestHeader("Accept", "application/json"))
}

// A difference that is meant is demanded: the test fails when it is gone.
func ExampleTest_expected() {
	var t printer
	paritytest.Test{
		Method: "GET", Pattern: "/accounts/:id",
		Old: oldAccount, Next: newAccount,
		Requests: []*fetch.Request{fetch.NewRequest("GET", "/accounts/1")},
		Rules: parity.Rules{
			Expect: []parity.Expectation{{Path: "body.tags", Kind: parity.KindNullVsEmpty, Why: "issue 7"}},
		},
	}.Run(t)
	fmt.Println("done")
	// Output:
	// done
}

// A rule that matches nothing is a mistake, and so is a test that both sides
// pass by failing.
func ExampleTest_proof() {
	var t printer
	paritytest.Test{
		Method: "GET", Pattern: "/broken",
		Old:      func(*reqres.Request, *reqres.Response) error { panic("no database") },
		Next:     func(*fetch.Request) (*fetch.Response, error) { panic("no database") },
		Requests: []*fetch.Request{fetch.NewRequest("GET", "/broken")},
		Rules:    parity.Rules{Ignore: []string{"body.debug"}},
	}.Run(t)
	// Output:
	// paritytest: GET /broken fails on both sides, old panic: no database, new panic: no database, which proves nothing
	// curl -i -X GET 'http://localhost:8080/broken'
	// fetch.NewRequest("GET", "/broken")
	// paritytest: the rule Ignore "body.debug" matches nothing in any answer: delete it, or add the request that it is for
	// paritytest: every request to GET /broken was refused with 400 or above, which handlers that do nothing would answer alike: add one that is served, or say in Want or Meant that this is meant
}

// What the old handler does not answer twice alike is noise, and compared by
// shape: the identifier may differ, but must be one.
func ExampleTest_noise() {
	n := 0
	id := func() string { n++; return fmt.Sprintf("0190a8c2-0000-7000-8000-%012d", n) }
	var t printer
	paritytest.Test{
		Method: "GET", Pattern: "/ticket",
		Old: func(_ *reqres.Request, res *reqres.Response) error {
			return res.JSON(map[string]string{"id": id()})
		},
		Next: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(map[string]string{"id": "?"}, fetch.SetHeader("Etag", `W/"1"`), fetch.SetHeader("Content-Type", "application/json; charset=utf-8"))
		},
		Requests: []*fetch.Request{fetch.NewRequest("GET", "/ticket")},
	}.Run(t)
	// Output:
	// paritytest: GET /ticket is answered differently by the new handler
	// 1 difference
	//   body.id  shape  - "0190a8c2-0000-7000-8000-000000000001"  + "?"
	//            uuid became text
	// curl -i -X GET 'http://localhost:8080/ticket'
	// fetch.NewRequest("GET", "/ticket")
	// paritytest: the old handler differs from itself; these Rules say so:
	// Shape: []string{
	// 	"body.id",
	// },
}

// Reset makes the state new before each call, so that one side does not see
// what the other has done.
func ExampleTest_reset() {
	count := 0
	var t printer
	paritytest.Test{
		Method: "POST", Pattern: "/counter",
		Old: func(_ *reqres.Request, res *reqres.Response) error {
			count++
			return res.Type("txt").Send(fmt.Sprint(count))
		},
		Next: func(*fetch.Request) (*fetch.Response, error) {
			count++
			return fetch.Text(fmt.Sprint(count))
		},
		Requests: []*fetch.Request{fetch.NewRequest("POST", "/counter", fetch.Body([]byte("x")))},
		Reset:    func(testing.TB) { count = 0 },
	}.Run(t)
	fmt.Println("done")
	// Output:
	// done
}

// Real traffic as the requests of a test.
func ExampleHAR() {
	var t printer // *testing.T in a test
	paritytest.Test{
		Method: "GET", Pattern: "/accounts/:id",
		Old: oldAccount, Next: newAccount,
		Requests: paritytest.HAR(t, "testdata/traffic/firefox.har", paritytest.Traffic{
			Only: []string{"GET /accounts/:id"},
			IDs:  map[string]string{"7": "1"},
			Edit: func(req *fetch.Request) *fetch.Request { return req.WithHeader("Authorization", "Bearer test") },
		}),
	}.Run(t)
	// Output:
	// paritytest: testdata/traffic/firefox.har: left out: line 19, entry 2: PUT /accounts/7 is not an endpoint of Only
	// paritytest: testdata/traffic/firefox.har: left out: line 29, entry 3: its request has no method or no url
	// paritytest: testdata/traffic/firefox.har: 1 requests, 1 left out, 1 unreadable
	// paritytest: GET /accounts/1 is answered differently by the new handler
	// 1 difference
	//   body.tags  null-vs-empty  - []  + null
	//              a nil slice in Go marshals to null, an empty one to []
	// curl -i -X GET -H 'Accept: */*' -H 'Authorization: Bearer test' -H 'Cookie: sid=s1' 'http://localhost:8080/accounts/1'
	// fetch.NewRequest("GET", "/accounts/1", fetch.RequestHeader("Accept", "*/*"), fetch.RequestHeader("Authorization", "Bearer test"), fetch.RequestHeader("Cookie", "sid=s1"))
}
