package corstest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors/corstest"
)

var page = corstest.Browser{Origin: "https://app.test"}

// open answers everything to everybody, and notes what it was asked.
func open(log *[]string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.Host + r.URL.Path + " origin=" + r.Header.Get("Origin")
		for _, name := range []string{"Authorization", "Content-Type", "Cookie"} {
			if v := r.Header.Get(name); v != "" {
				line += " " + strings.ToLower(name) + "=" + v
			}
		}
		*log = append(*log, line)
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		if r.Method == "OPTIONS" {
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type")
			return
		}
		next(w, r)
	})
}

func redirectTo(status int, target string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/end") {
			w.WriteHeader(http.StatusOK)
			return
		}
		w.Header().Set("Location", target)
		w.WriteHeader(status)
	}
}

func TestRedirects(t *testing.T) {
	auth := http.Header{"Authorization": {"Bearer x"}}
	json := http.Header{"Content-Type": {"application/json"}}
	tests := []struct {
		rule   string
		status int
		target string
		req    corstest.Request
		want   []string
	}{
		{
			"each hop gets a preflight of its own", 308, "/end",
			corstest.Request{Method: "PUT", URL: "https://api.test/a"},
			[]string{"OPTIONS api.test/a origin=https://app.test", "PUT api.test/a origin=https://app.test",
				"OPTIONS api.test/end origin=https://app.test", "PUT api.test/end origin=https://app.test"},
		},
		{
			"Authorization does not follow to another origin; the origin becomes null", 307, "https://other.test/end",
			corstest.Request{URL: "https://api.test/a", Header: auth},
			[]string{"OPTIONS api.test/a origin=https://app.test", "GET api.test/a origin=https://app.test authorization=Bearer x",
				"GET other.test/end origin=null"},
		},
		{
			"302 turns POST into GET and drops the body's headers", 302, "/end",
			corstest.Request{Method: "POST", URL: "https://api.test/a", Header: json, Body: "{}"},
			[]string{"OPTIONS api.test/a origin=https://app.test", "POST api.test/a origin=https://app.test content-type=application/json",
				"GET api.test/end origin=https://app.test"},
		},
		{
			"303 turns PUT into GET", 303, "/end",
			corstest.Request{Method: "PUT", URL: "https://api.test/a"},
			[]string{"OPTIONS api.test/a origin=https://app.test", "PUT api.test/a origin=https://app.test",
				"GET api.test/end origin=https://app.test"},
		},
		{
			"302 leaves PUT alone", 302, "/end",
			corstest.Request{Method: "PUT", URL: "https://api.test/a"},
			[]string{"OPTIONS api.test/a origin=https://app.test", "PUT api.test/a origin=https://app.test",
				"OPTIONS api.test/end origin=https://app.test", "PUT api.test/end origin=https://app.test"},
		},
		{
			"from the page's own origin to another, the origin stays", 307, "https://api.test/end",
			corstest.Request{URL: "https://app.test/a"},
			[]string{"GET app.test/a origin=", "GET api.test/end origin=https://app.test"},
		},
		{
			"back to the page's own origin, the origin is null and CORS applies", 307, "https://app.test/end",
			corstest.Request{URL: "https://api.test/a"},
			[]string{"GET api.test/a origin=https://app.test", "GET app.test/end origin=null"},
		},
	}
	for _, test := range tests {
		var log []string
		verdict := page.May(open(&log, redirectTo(test.status, test.target)), test.req)
		if !verdict.OK {
			t.Errorf("%s: %s", test.rule, verdict.Console)
		}
		if diff := cmp.Diff(test.want, log); diff != "" {
			t.Errorf("%s: the server saw (-want +got):\n%s", test.rule, diff)
		}
	}
}

func TestCredentials(t *testing.T) {
	cookie := http.Header{"Cookie": {"id=1"}}
	tests := []struct {
		rule string
		req  corstest.Request
		want []string
	}{
		{"no cookies across origins by default", corstest.Request{URL: "https://api.test/a", Header: cookie},
			[]string{"GET api.test/a origin=https://app.test"}},
		{"cookies across origins with credentials, but not on the preflight",
			corstest.Request{Method: "PUT", URL: "https://api.test/a", Header: cookie, Credentials: true},
			[]string{"OPTIONS api.test/a origin=https://app.test", "PUT api.test/a origin=https://app.test cookie=id=1"}},
		{"cookies to the own origin", corstest.Request{URL: "https://app.test/a", Header: cookie},
			[]string{"GET app.test/a origin= cookie=id=1"}},
	}
	for _, test := range tests {
		var log []string
		page.May(open(&log, func(http.ResponseWriter, *http.Request) {}), test.req)
		if diff := cmp.Diff(test.want, log); diff != "" {
			t.Errorf("%s: the server saw (-want +got):\n%s", test.rule, diff)
		}
	}
}

func TestRedirectsThatBrowsersRefuse(t *testing.T) {
	tests := []struct{ rule, target, want string }{
		{"a user name in the target", "https://user@other.test/end", "contains a username and password"},
		{"another scheme", "data:text/plain,x", "net::ERR_UNSAFE_REDIRECT"},
		{"no URL", "http://[", "net::ERR_INVALID_REDIRECT"},
		{"a circle", "https://api.test/a", "net::ERR_TOO_MANY_REDIRECTS"},
	}
	for _, test := range tests {
		var log []string
		verdict := page.May(open(&log, redirectTo(http.StatusFound, test.target)), corstest.Request{URL: "https://api.test/a"})
		if verdict.OK || !strings.Contains(verdict.Console, test.want) {
			t.Errorf("%s: shared = %t, console %q; want %q", test.rule, verdict.OK, verdict.Console, test.want)
		}
	}
	var log []string
	verdict := page.May(open(&log, redirectTo(http.StatusFound, "https://other.test/no\x00")), corstest.Request{URL: "https://api.test/a"})
	if verdict.OK {
		t.Error("a target that is not a URL is followed")
	}
	verdict = page.May(http.NotFoundHandler(), corstest.Request{URL: "https://api.test/a"})
	const plain = "Access to fetch at 'https://api.test/a' from origin"
	if !strings.HasPrefix(verdict.Console, plain) {
		t.Errorf("console %q, want %q", verdict.Console, plain)
	}
	verdict = page.May(http.RedirectHandler("https://api.test/b", http.StatusFound), corstest.Request{URL: "https://app.test:443/a"})
	const redirected = "Access to fetch at 'https://api.test/b' (redirected from 'https://app.test:443/a') from origin"
	if !strings.HasPrefix(verdict.Console, redirected) {
		t.Errorf("console %q, want %q", verdict.Console, redirected)
	}
}

// Fetch, "forbidden request-header": a script that sets one of these is ignored, so that no
// preflight asks for it.
func TestHeadersThatScriptsCannotSet(t *testing.T) {
	for header, value := range map[string]string{
		"Host": "evil.test", "Origin": "https://evil.test", "Proxy-Authorization": "x", "Sec-Fetch-Site": "same-origin",
		"X-Http-Method-Override": "GET, trace", "X-Method-Override": "CONNECT",
	} {
		if r, preflight := page.Preflight(corstest.Request{URL: "https://api.test/a", Header: http.Header{header: {value}}}); preflight {
			t.Errorf("%s: %s causes a preflight: %v", header, value, r.Header)
		}
	}
	if _, preflight := page.Preflight(corstest.Request{URL: "https://api.test/a", Header: http.Header{"X-Http-Method-Override": {"PUT"}}}); !preflight {
		t.Error("X-HTTP-Method-Override: PUT causes no preflight")
	}
}

// Fetch, "CORS-unsafe request-header names": 1024 bytes of safe values are no longer safe.
func TestManySafeValues(t *testing.T) {
	value := strings.Repeat("a", 128)
	header := http.Header{"Accept": {value, value, value, value}, "Accept-Language": {value, value, value, value}}
	if _, preflight := page.Preflight(corstest.Request{URL: "https://api.test/a", Header: header}); preflight {
		t.Error("1024 bytes cause a preflight")
	}
	header.Set("Content-Language", "e")
	r, preflight := page.Preflight(corstest.Request{URL: "https://api.test/a", Header: header})
	if !preflight || r.Header.Get("Access-Control-Request-Headers") != "accept,accept-language,content-language" {
		t.Errorf("1025 bytes: preflight = %t, %v", preflight, r)
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	for want, verdict := range map[string]corstest.Verdict{
		"Browser.Origin is empty":     corstest.Browser{}.May(nil, corstest.Request{}),
		"Request.URL":                 page.May(nil, corstest.Request{URL: "https://\x00"}),
		"is not a valid HTTP method.": page.May(nil, corstest.Request{Method: "P T"}),
		"HTTP method is unsupported.": page.May(nil, corstest.Request{Method: "Track"}),
	} {
		if verdict.OK || verdict.Sent || !strings.Contains(verdict.Console, want) {
			t.Errorf("verdict %+v, want a console with %q", verdict, want)
		}
	}
}

// Within one origin there is no CORS: no preflight, and all headers but cookies can be read.
func TestSameOrigin(t *testing.T) {
	verdict := page.May(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Origin"); got != "https://app.test" {
			t.Errorf("PUT is sent with Origin %q", got)
		}
		w.Header().Set("X-A", "1")
		w.Header().Set("Set-Cookie", "a=b")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("short"))
	}), corstest.Request{Method: "PUT", URL: "https://app.test/a", Header: http.Header{"X-B": {"1"}}})
	want := corstest.Verdict{OK: true, Sent: true, Status: http.StatusTeapot, Header: http.Header{"X-A": {"1"}}, Body: []byte("short")}
	if diff := cmp.Diff(want, verdict); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A recorder keeps what a handler writes for HEAD; a connection does not.
func TestHeadHasNoBody(t *testing.T) {
	verdict := page.May(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("body"))
	}), corstest.Request{Method: "HEAD", URL: "https://app.test/a"})
	if !verdict.OK || len(verdict.Body) > 0 {
		t.Errorf("OK = %t, body %q; want true and none", verdict.OK, verdict.Body)
	}
}

func TestConsole(t *testing.T) {
	const at = "Access to fetch at 'https://api.test/a' from origin 'https://app.test' has been blocked by CORS policy: "
	const preflight = at + "Response to preflight request doesn't pass access control check: "
	type headers = map[string]string
	put := corstest.Request{Method: "PUT", URL: "https://api.test/a", Header: http.Header{"X-A": {"1"}}}
	cookies := corstest.Request{URL: "https://api.test/a", Credentials: true}
	tests := []struct {
		req     corstest.Request
		status  int
		headers headers
		want    string
	}{
		{corstest.Request{Method: "trace"}, 200, nil, "Failed to execute 'fetch' on 'Window': 'trace' HTTP method is unsupported."},
		{put, 204, nil, preflight + "No 'Access-Control-Allow-Origin' header is present on the requested resource."},
		{put, 403, headers{"Access-Control-Allow-Origin": "*"}, preflight + "It does not have HTTP ok status."},
		{put, 307, headers{"Access-Control-Allow-Origin": "*", "Location": "/b"}, preflight + "Redirect is not allowed for a preflight request."},
		{put, 204, headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET"},
			at + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."},
		{put, 204, headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "P U T"},
			at + "Cannot parse Access-Control-Allow-Methods response header field in preflight response."},
		{put, 204, headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "*", "Access-Control-Allow-Headers": "x-b"},
			at + "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response."},
		{put, 204, headers{"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "x(a"},
			at + "Cannot parse Access-Control-Allow-Headers response header field in preflight response."},
		{cookies, 200, headers{"Access-Control-Allow-Origin": "*"},
			at + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'."},
		{cookies, 200, headers{"Access-Control-Allow-Origin": "https://app.test"},
			at + "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'."},
		{cookies, 200, headers{"Access-Control-Allow-Origin": "https://app.test, https://app.test"},
			at + "The 'Access-Control-Allow-Origin' header contains multiple values 'https://app.test, https://app.test', but only one is allowed. Have the server send the header with a valid value."},
		{cookies, 200, headers{"Access-Control-Allow-Origin": "https://other.test"},
			at + "The 'Access-Control-Allow-Origin' header has a value 'https://other.test' that is not equal to the supplied origin. Have the server send the header with a valid value."},
		{cookies, 200, headers{"Access-Control-Allow-Origin": "app.test"},
			at + "The 'Access-Control-Allow-Origin' header contains the invalid value 'app.test'. Have the server send the header with a valid value."},
	}
	for _, test := range tests {
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range test.headers {
				w.Header().Set(name, value)
			}
			w.WriteHeader(test.status)
		})
		verdict := page.May(server, test.req)
		if verdict.Console != test.want || verdict.OK {
			t.Errorf("status %d, %v:\ngot  %s\nwant %s", test.status, test.headers, verdict.Console, test.want)
		}
		if verdict.Preflight && verdict.Sent {
			t.Errorf("status %d, %v: the request was sent although the preflight failed", test.status, test.headers)
		}
	}
}

// What a browser withholds from a script it has sent all the same.
func TestSentThoughNotShared(t *testing.T) {
	called := false
	verdict := page.May(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }),
		corstest.Request{Method: "POST", URL: "https://api.test/a"})
	if verdict.OK || !verdict.Sent || !called {
		t.Errorf("OK = %t, Sent = %t, handler called = %t; want a POST that is made but not shared", verdict.OK, verdict.Sent, called)
	}
}
