package cors_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
)

// The property: whatever the policy and whatever the request, a browser shares the response if, and
// only if, a reader of the configuration would say so. The reader is the function permits, as naive
// as can be; the browser is corstest.Browser, which knows nothing of this package.

func permits(c *cors.Config, origin string, req *corstest.Request) bool {
	if !slices.ContainsFunc(c.Origins, func(pattern string) bool { return matchesNaively(pattern, origin) }) {
		return false
	}
	if req.Credentials && !c.Credentials {
		return false
	}
	if !slices.Contains([]string{"GET", "HEAD", "POST"}, req.Method) && !slices.Contains(c.Methods, "*") && !slices.Contains(c.Methods, req.Method) {
		return false
	}
	for name, values := range req.Header {
		if name == "Content-Type" && values[0] == "text/plain" {
			continue // needs no permission
		}
		listed := slices.ContainsFunc(c.RequestHeaders, func(n string) bool { return strings.EqualFold(n, name) })
		any := slices.Contains(c.RequestHeaders, "*") && (name != "Authorization" || c.Credentials)
		if !listed && !any {
			return false
		}
	}
	return true
}

func matchesNaively(pattern, origin string) bool {
	if pattern == "*" || pattern == origin {
		return true
	}
	if pattern, any := strings.CutSuffix(pattern, ":*"); any {
		cut := strings.LastIndex(origin, ":")
		return matchesNaively(pattern, origin) || cut > len("https:") && matchesNaively(pattern, origin[:cut])
	}
	scheme, domain, sub := strings.Cut(pattern, "*.")
	return sub && strings.HasPrefix(origin, scheme) && strings.HasSuffix(origin, "."+domain) && len(origin) > len(scheme)+len("."+domain)
}

var (
	somePatterns = []string{
		"https://a.example", "https://b.example", "https://*.a.example", "https://*.example", "https://a.example:*", "https://*.b.example:*",
		"https://a.example:8443", "http://localhost", "http://localhost:*", "http://*.localhost:*", "http://[::1]:*", "https://127.0.0.1", "capacitor://localhost", "*",
	}
	someOrigins = []string{
		"https://a.example", "https://b.example", "https://x.a.example", "https://x.y.a.example", "https://xa.example", "https://example", "https://x.b.example:1",
		"https://a.example:8443", "http://a.example", "http://localhost", "http://localhost:3000", "http://x.localhost", "http://[::1]", "http://[::1]:80", "https://127.0.0.1",
		"capacitor://localhost", "null",
	}
	someMethods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY", "Egg"}
	someHeaders = []string{"Content-Type", "Authorization", "X-A", "X-B"}
)

func sample(r *rand.Rand, from []string, most int) []string {
	list := make([]string, r.IntN(most+1))
	for i := range list {
		list[i] = from[r.IntN(len(from))]
	}
	return list
}

func randomConfig(r *rand.Rand) cors.Config {
	c := cors.Config{
		Origins:         append(sample(r, somePatterns, 3), somePatterns[r.IntN(len(somePatterns))]),
		Methods:         sample(r, append(someMethods, "*"), 3),
		RequestHeaders:  sample(r, append(someHeaders, "*"), 3),
		ExposedHeaders:  sample(r, someHeaders, 2),
		Credentials:     r.IntN(2) == 0,
		PublicSuffixes:  suffixes{},
		PreflightStatus: []int{0, 200}[r.IntN(2)],
	}
	if c.Credentials {
		c.Origins = slices.DeleteFunc(c.Origins, func(o string) bool { return o == "*" })
		c.Origins = append(c.Origins, "https://b.example")
		c.DangerouslyAllowPublicSuffix = []string{"https://*.example"}
	}
	return c
}

func TestBrowsersShareWhatThePolicyAllows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	shared := 0
	const policies, requests = 400, 40
	for range policies {
		c := randomConfig(r)
		p := mustPolicy(t, c)
		server := p.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Access-Control-Allow-Origin"] = []string{"*", "null"} // what a handler does must not matter
			w.WriteHeader(http.StatusTeapot)
		}))
		for range requests {
			origin := someOrigins[r.IntN(len(someOrigins))]
			req := corstest.Request{
				Method: someMethods[r.IntN(len(someMethods))], URL: "https://api.test/", Header: make(http.Header),
				Credentials: r.IntN(2) == 0, Upload: r.IntN(4) == 0,
			}
			for _, name := range sample(r, someHeaders, 2) {
				req.Header.Set(name, []string{"text/plain", "application/json"}[r.IntN(2)])
			}
			want := permits(&c, origin, &req)
			verdict := corstest.Browser{Origin: origin}.May(server, req)
			if verdict.OK != want {
				t.Fatalf("policy %+v\norigin %s, request %+v: shared = %t, want %t; console: %s", c, origin, req, verdict.OK, want, verdict.Console)
			}
			if verdict.OK {
				shared++
			}
		}
	}
	if total := policies * requests; shared < total/20 || shared > total*19/20 {
		t.Errorf("%d of %d requests were shared: the sample says little", shared, total)
	}
}

// A path in a mux: the browser may use a method if it is registered and the policy does not exclude
// it. GET, HEAD and POST cannot be excluded by a preflight.
func TestBrowsersUseRegisteredMethods(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		c := randomConfig(r)
		p := mustPolicy(t, c)
		registered := append(sample(r, someMethods, 3), someMethods[r.IntN(len(someMethods))])
		pre := p.Preflight(registered...)
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			req := cors.RequestOf(r.Method, r.Header)
			if req.IsPreflight() {
				w.WriteHeader(pre.Answer(w.Header(), req))
				return
			}
			p.Apply(w.Header(), req)
		})
		for _, method := range someMethods {
			safelisted := slices.Contains([]string{"GET", "HEAD", "POST"}, method)
			listed := len(c.Methods) == 0 || method == "OPTIONS" || slices.Contains(c.Methods, "*") || slices.Contains(c.Methods, method)
			want := safelisted || listed && slices.Contains(registered, method)
			origin := "https://b.example"
			if !p.AllowsOrigin(origin) {
				want = false
			}
			verdict := corstest.Browser{Origin: origin}.May(server, corstest.Request{Method: method, URL: "https://api.test/", Upload: r.IntN(2) == 0})
			if verdict.OK != want {
				t.Fatalf("policy %+v, registered %q: %s shared = %t, want %t; console: %s", c, registered, method, verdict.OK, want, verdict.Console)
			}
		}
	}
}
