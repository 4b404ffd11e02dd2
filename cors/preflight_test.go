package cors_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
)

func TestPreflightMethods(t *testing.T) {
	none := cors.Config{Origins: []string{app}}
	some := cors.Config{Origins: []string{app}, Methods: []string{"PUT", "DELETE"}}
	safe := cors.Config{Origins: []string{app}, Methods: []string{"GET"}}
	any := cors.Config{Origins: []string{app}, Methods: []string{"*"}}
	anyCredentialed := cors.Config{Origins: []string{app}, Methods: []string{"*"}, Credentials: true}
	tests := []struct {
		rule       string
		config     cors.Config
		registered []string
		want       string
	}{
		{"nothing known, nothing listed: what browsers allow anyway", none, nil, "GET,HEAD,POST"},
		{"nothing known: the policy's own list", some, nil, "DELETE,GET,HEAD,POST,PUT"},
		{"nothing known, any method: the wildcard", any, nil, "*"},
		{"nothing known, any method, credentials: what was asked for", anyCredentialed, nil, "PATCH"},
		{"GET implies HEAD", none, []string{"GET"}, "GET,HEAD"},
		{"registered twice, listed once", none, []string{"GET", "HEAD", "POST", "GET"}, "GET,HEAD,POST"},
		{"nothing listed in the policy: whatever is registered", none, []string{"PATCH", "GET"}, "GET,HEAD,PATCH"},
		{"any method: whatever is registered", any, []string{"PATCH"}, "PATCH"},
		{"any method with credentials: whatever is registered", anyCredentialed, []string{"PUT"}, "PUT"},
		{"registered but not in the policy's list: left out", some, []string{"GET", "PUT", "PATCH"}, "GET,HEAD,PUT"},
		{"in the policy's list but not registered: left out", some, []string{"POST"}, "POST"},
		{"a policy that lists only what needs no listing still lists", safe, []string{"GET", "PUT"}, "GET,HEAD"},
		{"OPTIONS registered on its own is a method", some, []string{"GET", "OPTIONS"}, "GET,HEAD,OPTIONS"},
		{"a handler of any method, nothing listed: the verbs in common use", none, []string{"*"}, "DELETE,GET,HEAD,PATCH,POST,PUT"},
		{"a handler of any method: the policy's own list", some, []string{"*"}, "DELETE,GET,HEAD,POST,PUT"},
		{"a handler of any method, and only safe ones are listed", safe, []string{"*"}, "GET,HEAD,POST"},
		{"a handler of any method, any is allowed: the wildcard", any, []string{"*"}, "*"},
		{"a handler of any method, any is allowed, credentials: what was asked for", anyCredentialed, []string{"*"}, "PATCH"},
		{"methods of their own beside a handler of any method", none, []string{"GET", "*", "PURGE", "OPTIONS"},
			"DELETE,GET,HEAD,OPTIONS,PATCH,POST,PURGE,PUT"},
		{"those too have to be in the policy's list", some, []string{"*", "PURGE", "PUT"}, "DELETE,GET,HEAD,POST,PUT"},
		{"none left: an empty list, not none", some, []string{"PATCH"}, ""},
	}
	req := cors.Request{Origin: []string{app}, RequestMethod: []string{"PATCH"}}
	for _, test := range tests {
		h := make(http.Header)
		if status := mustPolicy(t, test.config).Preflight(test.registered...).Answer(h, req); status != http.StatusNoContent {
			t.Errorf("%s: status %d, want 204", test.rule, status)
		}
		if diff := cmp.Diff([]string{test.want}, h["Access-Control-Allow-Methods"]); diff != "" {
			t.Errorf("%s: Access-Control-Allow-Methods (-want +got):\n%s", test.rule, diff)
		}
	}
}

func TestIsPreflight(t *testing.T) {
	all := http.Header{"Origin": {app}, "Access-Control-Request-Method": {"PUT"}}
	tests := []struct {
		rule   string
		method string
		header http.Header
		want   bool
	}{
		{"OPTIONS, Origin and Access-Control-Request-Method", "OPTIONS", all, true},
		{"Access-Control-Request-Headers is not a condition (aws-powertools#5263)", "OPTIONS",
			http.Header{"Origin": {app}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"x-a"}}, true},
		{"another method", "GET", all, false},
		{"methods are case-sensitive (RFC 9110, section 9.1)", "options", all, false},
		{"without Origin", "OPTIONS", http.Header{"Access-Control-Request-Method": {"PUT"}}, false},
		{"without Access-Control-Request-Method (labstack/echo#2534)", "OPTIONS", http.Header{"Origin": {app}}, false},
	}
	for _, test := range tests {
		if got := cors.RequestOf(test.method, test.header).IsPreflight(); got != test.want {
			t.Errorf("%s: IsPreflight = %t, want %t", test.rule, got, test.want)
		}
	}
}

// A middleware outside may have spoken CORS already. Whatever it said about the protocol goes; what
// it said about caching stays.
func TestPreflightOwnsItsHeaders(t *testing.T) {
	p := mustPolicy(t, cors.Config{Origins: []string{app}, Credentials: true, RequestHeaders: []string{"*"}, Methods: []string{"*"}})
	outside := func() http.Header {
		return http.Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Headers": {"*"}, "Vary": {"Accept, access-control-request-headers"}, "X-Id": {"1"}}
	}
	vary := []string{"Accept, access-control-request-headers", "Access-Control-Request-Method", "Origin"}
	h := outside()
	status := p.Preflight().Answer(h, cors.Request{Origin: []string{app}, RequestMethod: []string{"PUT"}, RequestHeaders: []string{"x-a", "x-b"}})
	want := http.Header{
		"Access-Control-Allow-Origin": {app}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Allow-Methods": {"PUT"},
		"Access-Control-Allow-Headers": {"x-a", "x-b"}, "Vary": vary, "X-Id": {"1"},
	}
	if diff := cmp.Diff(want, h); diff != "" || status != http.StatusNoContent {
		t.Errorf("allowed: status %d, headers (-want +got):\n%s", status, diff)
	}
	h = outside()
	status = p.Preflight().Answer(h, cors.Request{Origin: []string{"https://evil.org"}, RequestMethod: []string{"PUT"}})
	if diff := cmp.Diff(http.Header{"Vary": vary, "X-Id": {"1"}}, h); diff != "" || status != http.StatusForbidden {
		t.Errorf("refused: status %d, headers (-want +got):\n%s", status, diff)
	}
	if n := p.Replaced(); n != 4 {
		t.Errorf("Replaced() = %d, want 4", n)
	}
}
