package cors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/cors"
)

func TestCrossOriginProtection(t *testing.T) {
	post := func(h http.Handler, origin string) int {
		r := httptest.NewRequest("POST", "https://api.example/x", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if allowed := w.Header().Get("Access-Control-Allow-Origin") != ""; allowed != (origin == app) {
			t.Errorf("POST from %s: shared = %t", origin, allowed)
		}
		return w.Code
	}
	policy := mustPolicy(t, cors.Config{Origins: []string{app, "http://localhost:3000"}, Credentials: true})
	if got := post(policy.Handler(http.NewCrossOriginProtection().Handler(nothing)), app); got != http.StatusForbidden {
		t.Errorf("on its own, Go's protection answers %d to an allowed origin; this test assumes 403", got)
	}
	protection, err := policy.CrossOriginProtection()
	if err != nil {
		t.Fatal(err)
	}
	protected := policy.Handler(protection.Handler(nothing))
	if got := post(protected, app); got != http.StatusOK {
		t.Errorf("POST from an allowed origin: %d, want 200", got)
	}
	if got := post(protected, "https://evil.org"); got != http.StatusForbidden {
		t.Errorf("POST from elsewhere: %d, want 403", got)
	}
}

func TestCrossOriginProtectionTrustsNobodyElse(t *testing.T) {
	for rule, test := range map[string]struct {
		config cors.Config
		want   string
	}{
		"without credentials nobody may act as the user": {cors.Config{Origins: []string{app}}, "no credentials"},
		"everybody":   {cors.Config{Origins: []string{"*"}}, "no credentials"},
		"a subdomain": {cors.Config{Origins: []string{app, "http://*.localhost"}, Credentials: true}, `"http://*.localhost"`},
		"any port":    {cors.Config{Origins: []string{"http://localhost:*"}, Credentials: true}, `"http://localhost:*"`},
	} {
		protection, err := mustPolicy(t, test.config).CrossOriginProtection()
		if protection != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: protection %v, error %v; want none and an error with %s", rule, protection, err, test.want)
		}
	}
	protection, err := cors.Off().CrossOriginProtection()
	if err != nil {
		t.Fatal(err)
	}
	r := fromApp("POST")
	if protection.Check(r) == nil {
		t.Error("the protection of a policy that is off trusts somebody")
	}
}
