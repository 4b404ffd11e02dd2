package cors_test

import (
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
)

// The policy is INSIDE a router that routes by method. A preflight is an OPTIONS request, the
// router has no OPTIONS route, and its 405 never gets to see the policy. Wrap the router instead:
// policy.Handler(mux).
func Example_incorrectInsideMethodRoute() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example.com"}, Methods: []string{"PUT"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	update := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})

	incorrect := http.NewServeMux()
	incorrect.Handle("PUT /users/{id}", policy.Handler(update))

	mux := http.NewServeMux()
	mux.Handle("PUT /users/{id}", update)
	correct := policy.Handler(mux)

	browser := corstest.Browser{Origin: "https://app.example.com"}
	request := corstest.Request{Method: "PUT", URL: "https://api.example.com/users/7"}
	fmt.Println(browser.May(incorrect, request).Console)
	fmt.Println(browser.May(correct, request).OK)
	// Output:
	// Access to fetch at 'https://api.example.com/users/7' from origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.
	// true
}
