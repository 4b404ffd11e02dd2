package crossfade_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// withdraw is the layer behind the handlers: it imports package crossfade alone, and knows no shape.
func withdraw(account string, amount int) (left int, err error) {
	switch {
	case account != "7":
		return 0, crossfade.Errorf(404, "no account %s", account)
	case amount <= 0:
		return 0, crossfade.Invalid(map[string]string{"amount": "must be above 0"})
	case amount > 1000:
		return 0, crossfade.WithHeader(crossfade.Errorf(429, "more than 1000 a day"), "Retry-After", "86400")
	}
	return 1000 - amount, nil
}

// An error of the layer behind the handlers is the same answer in both shapes.
func Example_domain() {
	old := reqres.Handler(func(req *reqres.Request, res *reqres.Response) error {
		left, err := withdraw(req.Query("account"), len(req.Query("coins")))
		if err != nil {
			return err
		}
		return res.JSON(left)
	})
	next := fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
		left, err := withdraw(req.Query("account"), len(req.Query("coins")))
		if err != nil {
			return nil, err
		}
		return fetch.JSON(left)
	})
	for _, target := range []string{"/?account=8", "/?account=7", "/?account=7&coins=ooo"} {
		for _, h := range []http.Handler{old, next} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("POST", target, nil))
			fmt.Println(w.Code, w.Body)
		}
	}
	// Output:
	// 404 {"error":"no account 8"}
	// 404 {"error":"no account 8"}
	// 400 {"error":"invalid input: amount: must be above 0","fields":{"amount":"must be above 0"}}
	// 400 {"error":"invalid input: amount: must be above 0","fields":{"amount":"must be above 0"}}
	// 200 997
	// 200 997
}
