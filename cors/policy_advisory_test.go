package cors_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
)

// One test for each vulnerability and bug of CORS libraries that has been published, named after
// it. Most are one of five: convenience that turns an error into reflection, sloppy matching of
// origins, work in proportion to what the client sends, header values shared between responses,
// Vary overwritten.

func refuses(t *testing.T, kind cors.Kind, c cors.Config) {
	t.Helper()
	_, err := cors.New(c)
	for e := range cors.Errors(err) {
		if e.Kind == kind {
			return
		}
	}
	t.Errorf("New(%+v) = %v, want an error of kind %s", c, err, kind)
}

func allowsOnly(t *testing.T, patterns, allowed, refused []string) {
	t.Helper()
	p := mustPolicy(t, cors.Config{Origins: patterns})
	for _, origin := range allowed {
		if !p.AllowsOrigin(origin) {
			t.Errorf("%q refuses %q", patterns, origin)
		}
	}
	for _, origin := range refused {
		if p.AllowsOrigin(origin) {
			t.Errorf("%q allows %q", patterns, origin)
		}
	}
}

// Everybody, with credentials: again and again a wildcard was turned into the caller's origin to
// "make it work".
func TestEverybodyWithCredentials(t *testing.T) {
	for _, id := range []string{
		"CVE-2018-20744 rs/cors", "CVE-2024-25124 fiber", "CVE-2017-20146 gorilla/handlers", "CVE-2018-8014 Tomcat",
		"GHSA-972r-f3fv-whm3 RESTEasy", "CVE-2026-44184", "CVE-2025-34291",
	} {
		t.Run(id, func(t *testing.T) {
			refuses(t, cors.KindOriginCredentialedWildcard, cors.Config{Origins: []string{"*"}, Credentials: true})
			refuses(t, cors.KindOriginCredentialedWildcard, cors.Config{Origins: []string{"https://a.example", "*"}, Credentials: true})
		})
	}
	t.Run("CVE-2026-54290 hono: credentials and the default origins", func(t *testing.T) {
		refuses(t, cors.KindOriginMissing, cors.Config{Credentials: true})
	})
	t.Run("rs/cors#197: h* with credentials allows every http(s) origin", func(t *testing.T) {
		refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"h*"}, Credentials: true})
		refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"https://*"}, Credentials: true})
	})
}

func TestSloppyMatching(t *testing.T) {
	t.Run("GHSA-vhxv-fg4m-p2w8 jub0bs/cors: foo.com and bar.com allowed barfoo.com", func(t *testing.T) {
		allowsOnly(t, []string{"https://foo.com", "https://bar.com"}, []string{"https://foo.com", "https://bar.com"},
			[]string{"https://barfoo.com", "https://foobar.com", "https://o.com", "https://com"})
	})
	t.Run("CVE-2019-25211 gin-contrib/cors: example.com/* allowed example.community", func(t *testing.T) {
		refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"https://example.com/*"}})
		refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"https://example.com*"}})
		allowsOnly(t, []string{"https://example.com", "https://*.example.com"}, nil,
			[]string{"https://example.community", "https://a.example.community", "https://example.com.evil.org"})
	})
	t.Run("fiber#3690: *. matched the domain itself; later: empty labels and userinfo", func(t *testing.T) {
		allowsOnly(t, []string{"https://*.example.com"}, []string{"https://a.example.com", "https://a.b.example.com"},
			append(notHosts, "https://example.com", "https://.example.com", "https://xexample.com", "https://a:b@c.example.com",
				"https://a.example.com:443@evil.org", "https://a\x00.example.com", "https://a\n.example.com", "https://[a].example.com"))
	})
	t.Run("jub0bs/cors#12: a tree of common suffixes lost origins", func(t *testing.T) {
		hosts := []string{"bat", "cat", "fat", "hat", "meerkat", "mat", "oat", "pat", "rat", "sat"}
		origins := make([]string, len(hosts))
		for i, h := range hosts {
			origins[i] = "https://" + h
		}
		allowsOnly(t, origins, origins, []string{"https://at", "https://t", "https://hazmat", "https://eerkat"})
	})
	t.Run("labstack/echo, rs/cors: an origin in another case is another origin", func(t *testing.T) {
		allowsOnly(t, []string{"https://example.com", "https://*.example.com"}, nil,
			[]string{"HTTPS://example.com", "https://Example.com", "https://A.example.com", "https://a.EXAMPLE.com"})
	})
	t.Run("expressjs/cors: an origin string was sent whatever the request's", func(t *testing.T) {
		p := mustPolicy(t, cors.Config{Origins: []string{"https://example.com"}})
		if got := ask(p, "GET", http.Header{"Origin": {"https://evil.org"}}).Headers["Access-Control-Allow-Origin"]; got != nil {
			t.Errorf("a foreign origin gets Access-Control-Allow-Origin %q", got)
		}
	})
}

// What a client sends must not decide how much we do. TestUnread shows that such headers are not
// even looked at.
func TestClientSizedWork(t *testing.T) {
	const origin = "https://example.com"
	p := mustPolicy(t, cors.Config{Origins: []string{origin}, RequestHeaders: []string{"X-A"}})
	reflecting := mustPolicy(t, cors.Config{Origins: []string{origin}, RequestHeaders: []string{"*"}, Methods: []string{"*"}, Credentials: true})
	preflight := func(names ...string) http.Header {
		return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": names}
	}
	want := ask(p, "OPTIONS", preflight("x-a"))
	for id, names := range map[string][]string{
		"GO-2024-2883 rs/cors: 1 MiB of commas":                     {strings.Repeat(",", 1<<20)},
		"go-chi/cors#36: 1 MiB of names":                            {strings.Repeat("x-a,", 1<<18)},
		"CVE-2026-69207 GHSA-8j4g-w8fx-2239 hono: 1 MiB of blanks":  {"x-a" + strings.Repeat(" ", 1<<20) + ",x-a"},
		"1024 lines of 1024 commas":                                 slices.Repeat([]string{strings.Repeat(",", 1<<10)}, 1<<10),
		"jub0bs/cors#15: names in any order":                        {"x-b,x-a"},
		"rs/cors#184, awslabs/aws-lambda-go-api-proxy#171: by line": {"x-a", "x-b"},
	} {
		t.Run(id, func(t *testing.T) {
			if diff := cmp.Diff(want, ask(p, "OPTIONS", preflight(names...))); diff != "" {
				t.Errorf("the answer depends on what was asked for (-want +got):\n%s", diff)
			}
			compiled, req, h := p.Preflight(), cors.RequestOf("OPTIONS", preflight(names...)), make(http.Header)
			if allocs := testing.AllocsPerRun(10, func() { clear(h); compiled.Answer(h, req) }); allocs > 1 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
	t.Run("jub0bs/cors, hono: with credentials and any header, 1 MiB in was 1 MiB out", func(t *testing.T) {
		for _, names := range []string{strings.Repeat("x-a,", 1<<18), "x-a, x b", "x-a\r\nX-Evil: 1", strings.Repeat("a", 5000)} {
			a := ask(reflecting, "OPTIONS", preflight(names))
			if a.Status != http.StatusForbidden || len(a.Headers) != 1 {
				t.Errorf("%.20q: status %d, headers %v; want 403 with nothing but Vary", names, a.Status, a.Headers)
			}
		}
		for _, method := range []string{strings.Repeat("A", 5000), "P T", "PUT\r\nX-Evil: 1", ""} {
			h := preflight("x-a")
			h["Access-Control-Request-Method"] = []string{method}
			if a := ask(reflecting, "OPTIONS", h); a.Status != http.StatusForbidden || len(a.Headers) != 1 {
				t.Errorf("method %.20q: status %d, headers %v; want 403 with nothing but Vary", method, a.Status, a.Headers)
			}
		}
	})
	t.Run("rs/cors, go-chi/cors: Origin was lower-cased whatever its length", func(t *testing.T) {
		req := cors.Request{Origin: []string{strings.Repeat("HTTPS://EXAMPLE.COM", 1<<16)}}
		h := make(http.Header)
		if allocs := testing.AllocsPerRun(10, func() { clear(h); p.Apply(h, req) }); allocs > 1 {
			t.Errorf("%v allocations", allocs)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Error("the origin is allowed")
		}
	})
}

// jub0bs/cors#14, rs/cors#198: a handler, or a middleware outside, could write to header values
// that all later responses shared.
func TestSharedHeaderValues(t *testing.T) {
	p := mustPolicy(t, cors.Config{
		Origins: []string{"https://example.com"}, Credentials: true, Methods: []string{"PUT", "*"}[:1], MaxAge: cors.NoCache,
		RequestHeaders: []string{"X-A"}, ExposedHeaders: []string{"X-B"},
	})
	public := mustPolicy(t, cors.Config{Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, ExposedHeaders: []string{"*"}})
	reflecting := mustPolicy(t, cors.Config{Origins: []string{"https://example.com"}, Credentials: true, RequestHeaders: []string{"*"}, MaxAge: cors.NoCache})
	handlersVary := []string{"Accept", "untouched"}
	for name, respond := range map[string]func() http.Header{
		"actual":          func() http.Header { h := http.Header{}; p.Apply(h, asking); return h },
		"actual, *":       func() http.Header { h := http.Header{}; public.Apply(h, asking); return h },
		"actual, refused": func() http.Header { h := http.Header{}; p.Apply(h, cors.Request{}); return h },
		"actual, the handler's Vary is a slice with room": func() http.Header {
			h := http.Header{"Vary": handlersVary[:1]}
			p.Apply(h, asking)
			return h
		},
		"preflight":                    func() http.Header { h := http.Header{}; p.Preflight().Answer(h, asking); return h },
		"preflight, headers sent back": func() http.Header { h := http.Header{}; reflecting.Preflight().Answer(h, asking); return h },
		"preflight, *":                 func() http.Header { h := http.Header{}; public.Preflight().Answer(h, asking); return h },
	} {
		want := respond().Clone()
		for _, values := range respond() {
			for i := range values {
				values[i] = "evil"
			}
			_ = append(values, "evil", "evil")
		}
		h := respond()
		for name := range h {
			h[name] = append(h[name], "evil") // must not run into the value of another header
			h[name] = h[name][:len(h[name])-1]
		}
		if diff := cmp.Diff(want, h); diff != "" {
			t.Errorf("%s: after a handler wrote to an earlier response (-want +got):\n%s", name, diff)
		}
	}
	if handlersVary[1] != "untouched" {
		t.Error("the policy wrote into the handler's own slice")
	}
}

var asking = cors.Request{
	Origin: []string{"https://example.com"}, RequestMethod: []string{"PUT"}, RequestHeaders: []string{"x-a"},
}

func TestVaryIsMerged(t *testing.T) {
	p := mustPolicy(t, cors.Config{Origins: []string{"https://example.com"}})
	vary := func(req cors.Request, lines ...string) []string {
		h := http.Header{}
		if lines != nil {
			h["Vary"] = lines
		}
		p.Apply(h, req)
		return h["Vary"]
	}
	for _, test := range []struct {
		rule        string
		lines, want []string
	}{
		{"rs/cors#10, expressjs/cors#106, gin, vertx#2880, hono#4471: set whether or not there is an origin", nil, []string{"Origin"}},
		{"hono#2932: kept beside the handler's", []string{"Accept"}, []string{"Accept", "Origin"}},
		{"two CORS layers: not twice", []string{"Accept, Origin"}, []string{"Accept, Origin"}},
		{"expressjs/cors: names compare without case", []string{"Accept", "origin"}, []string{"Accept", "origin"}},
		{"RFC 9110, section 12.5.5: * stands for all", []string{"*"}, []string{"*"}},
		{"a longer name is another name", []string{"X-Origin, Origin-X"}, []string{"X-Origin, Origin-X", "Origin"}},
	} {
		for _, origin := range [][]string{nil, {"https://example.com"}, {"https://evil.org"}, {"https://example.com", "https://evil.org"}} {
			if diff := cmp.Diff(test.want, vary(cors.Request{Origin: origin}, test.lines...)); diff != "" {
				t.Errorf("%s: origin %q (-want +got):\n%s", test.rule, origin, diff)
			}
		}
	}
	t.Run("GHSA-q7jf-gf43-6x6p hono: the request's Vary went into the response", func(t *testing.T) {
		a := ask(p, "OPTIONS", http.Header{"Origin": {"https://example.com"}, "Access-Control-Request-Method": {"PUT"}, "Vary": {"X-Evil"}})
		if diff := cmp.Diff([]string{"origin"}, a.Headers["Vary"]); diff != "" {
			t.Errorf("Vary (-want +got):\n%s", diff)
		}
	})
}

// rs/cors copies all lines of Origin and Access-Control-Request-Method into its answer.
func TestSeveralLines(t *testing.T) {
	p := mustPolicy(t, cors.Config{Origins: []string{"https://a.example", "https://b.example"}, Methods: []string{"*"}, Credentials: true})
	two := []string{"https://a.example", "https://b.example"}
	for method, h := range map[string]http.Header{
		"GET":     {"Origin": two},
		"OPTIONS": {"Origin": two, "Access-Control-Request-Method": {"PUT"}},
	} {
		if got := ask(p, method, h).Headers["Access-Control-Allow-Origin"]; got != nil {
			t.Errorf("%s with two Origin lines: Access-Control-Allow-Origin %q, want none", method, got)
		}
	}
	a := ask(p, "OPTIONS", http.Header{"Origin": two[:1], "Access-Control-Request-Method": {"PUT", "DELETE"}})
	if a.Status != http.StatusForbidden {
		t.Errorf("two Access-Control-Request-Method lines where one is to be sent back: status %d, want 403", a.Status)
	}
}
