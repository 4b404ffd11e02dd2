package dashboard_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// The page stands in the mux that it is about. A controller of rollouts asks it before each step.
func Example() {
	who := func(r *http.Request) (string, dashboard.Level) {
		if r.Header.Get("Authorization") != "Bearer of the controller" {
			return "", dashboard.None
		}
		return "the controller", dashboard.Read
	}
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Mount("/admin/migrations", dashboard.New(dashboard.Config{Authorize: who}))
		pair := r.Migrate("GET", "/users/:id",
			func(req *reqres.Request, res *reqres.Response) error { return res.JSON(req.Param("id")) },
			func(req *fetch.Request) (*fetch.Response, error) { return fetch.JSON(req.Param("id")) })
		pair.Kill("wrong names", "ada")
	})
	if err != nil {
		log.Fatal(err)
	}
	defer mux.Shutdown(context.Background())

	ask := func(opts ...fetch.RequestOption) {
		res, err := mux.Fetch(fetch.NewRequest("GET", "/admin/migrations/v1/verdict?pair=GET+/users/:id", opts...))
		if err != nil {
			log.Fatal(err)
		}
		text, _ := res.Text()
		fmt.Print(res.Status(), " ", text)
	}
	ask()
	ask(fetch.RequestHeader("Authorization", "Bearer of the controller"))
	// Output:
	// 404 {"error":"Not Found"}
	// 409 {"version":1,"pair":"GET /users/:id","ok":false,"plan":{"stage":"old"},"reasons":[{"code":"killed","text":"killed by ada: wrong names"}]}
}
