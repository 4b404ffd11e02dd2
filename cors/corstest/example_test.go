package corstest_test

import (
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
)

func ExampleBrowser_May() {
	policy, err := cors.New(cors.Config{
		Origins:        []string{"https://app.example"},
		Methods:        []string{"PUT"},
		RequestHeaders: []string{"Content-Type"},
		Credentials:    true,
	})
	if err != nil {
		panic(err)
	}
	server := policy.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))

	browser := corstest.Browser{Origin: "https://app.example"}
	update := corstest.Request{
		Method:      "PUT",
		URL:         "https://api.example/users/7",
		Header:      http.Header{"Content-Type": {"application/json"}},
		Credentials: true,
	}
	fmt.Println(browser.May(server, update).OK)

	update.Method = "PATCH"
	fmt.Println(browser.May(server, update).Console)
	// Output:
	// true
	// Access to fetch at 'https://api.example/users/7' from origin 'https://app.example' has been blocked by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.
}
