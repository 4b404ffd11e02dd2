package cors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/crossfade-go/crossfade/cors"
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

// A WebSocket handshake is not subject to CORS, so that its handler has to look at the origin itself.
func ExamplePolicy_AllowsOrigin() {
	policy, err := cors.New(cors.Config{Origins: []string{"https://*.example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(policy.AllowsOrigin("https://app.example.com"))
	fmt.Println(policy.AllowsOrigin("https://example.com.evil.org"))
	// Output:
	// true
	// false
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
