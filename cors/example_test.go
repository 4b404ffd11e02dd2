package cors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

func ExampleNew() {
	_, err := cors.New(cors.Config{
		Origins:     []string{"https://app.example.com/", "http://staging.example.com"},
		Methods:     []string{"patch"},
		Credentials: true,
	})
	for e := range cors.Errors(err) {
		fmt.Printf("%s[%d] %s: %s\n", e.Field, e.Index, e.Kind, e.Hint)
	}
	// Output:
	// Origins[0] origin.invalid: did you mean "https://app.example.com"?
	// Origins[1] origin.credentialed-insecure: use https, or repeat the pattern in DangerouslyAllowInsecure
	// Methods[0] method.case: write "PATCH"
}

func ExamplePolicy_Handler() {
	policy, err := cors.New(cors.Config{
		Origins:        []string{"https://app.example.com"},
		Methods:        []string{"PUT"},
		RequestHeaders: []string{"Content-Type"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /users/{id}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })

	r := httptest.NewRequest("OPTIONS", "/users/7", nil)
	r.Header.Set("Origin", "https://app.example.com")
	r.Header.Set("Access-Control-Request-Method", "PUT")
	r.Header.Set("Access-Control-Request-Headers", "content-type")
	w := httptest.NewRecorder()
	policy.Handler(mux).ServeHTTP(w, r)

	fmt.Println(w.Code)
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Vary"} {
		fmt.Println(name+":", w.Header().Get(name))
	}
	// Output:
	// 204
	// Access-Control-Allow-Origin: https://app.example.com
	// Access-Control-Allow-Methods: GET,HEAD,POST,PUT
	// Access-Control-Allow-Headers: content-type
	// Vary: Origin
}

func ExamplePolicy_Fetch() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	h := policy.Fetch(func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(http.StatusNotFound, "no such user")
	})

	// As a function; on a server, http.Handle("/users/{id}", h) does.
	_, err = h(fetch.NewRequest("GET", "/users/7", fetch.RequestHeader("Origin", "https://app.example.com")))
	fmt.Println(err)

	// A script can read the failure.
	browser := corstest.Browser{Origin: "https://app.example.com"}
	verdict := browser.May(h, corstest.Request{URL: "https://api.example.com/users/7"})
	fmt.Println(verdict.Status, string(verdict.Body))
	// Output:
	// no such user
	// 404 {"error":"no such user"}
}

func ExamplePolicy_ReqRes() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example.com"}, ExposedHeaders: []string{"X-Total"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	h := policy.ReqRes(func(req *reqres.Request, res *reqres.Response) error {
		res.Set("Access-Control-Allow-Origin", "*") // of old; the policy owns it now
		return res.Set("X-Total", "1").JSON([]string{"Ada"})
	})

	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/users", nil)
	r.Header.Set("Origin", "https://app.example.com")
	h.ServeHTTP(w, r)
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary"} {
		fmt.Println(name+":", w.Header().Get(name))
	}
	fmt.Println("replaced:", policy.Replaced())
	// Output:
	// Access-Control-Allow-Origin: https://app.example.com
	// Access-Control-Expose-Headers: x-total
	// Vary: Origin
	// replaced: 1
}

// Browsers do not apply CORS to the handshake of a WebSocket, so that its handler has to look at the origin itself. This
// is the check that WebSocket libraries ask for, often under the name CheckOrigin.
func ExamplePolicy_AllowsOrigin() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://*.example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	checkOrigin := func(r *http.Request) bool {
		origin := r.Header.Get("Origin")
		return origin == "" || policy.AllowsOrigin(origin) // what is not a browser sends none
	}
	for _, origin := range []string{"https://app.example.com", "https://example.com.evil.org", ""} {
		handshake := httptest.NewRequest("GET", "/socket", nil)
		handshake.Header.Set("Connection", "Upgrade")
		handshake.Header.Set("Upgrade", "websocket")
		if origin != "" {
			handshake.Header.Set("Origin", origin)
		}
		fmt.Printf("%q %t\n", origin, checkOrigin(handshake))
	}
	// Output:
	// "https://app.example.com" true
	// "https://example.com.evil.org" false
	// "" true
}

func ExamplePolicy_CrossOriginProtection() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example.com"}, Credentials: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	protection, err := policy.CrossOriginProtection()
	if err != nil {
		fmt.Println(err)
		return
	}
	service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h := policy.Handler(protection.Handler(service)) // in this order: scripts can read the 403 then
	for _, origin := range []string{"https://app.example.com", "https://evil.org"} {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(origin, w.Code)
	}
	// Output:
	// https://app.example.com 204
	// https://evil.org 403
}
