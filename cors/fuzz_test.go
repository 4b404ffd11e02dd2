package cors_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
)

// bound is more than any answer of the policies below: their own lists, an origin, and what is sent
// back at most.
const bound = 1<<10 + 4<<10

var fuzzed = map[string]cors.Config{
	"exact":      {Origins: []string{"https://example.com"}, RequestHeaders: []string{"X-A"}, ExposedHeaders: []string{"X-B"}},
	"wild":       {Origins: []string{"https://*.example.com", "http://localhost:*", "http://[::1]:*", "app://-"}, Methods: []string{"PUT"}},
	"everybody":  {Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}, ExposedHeaders: []string{"*"}},
	"reflecting": {Origins: []string{"https://example.com"}, Credentials: true, Methods: []string{"*"}, RequestHeaders: []string{"*"}, MaxAge: cors.NoCache},
}

// Whatever the headers of a request are made of: no panic, one allocation at most, an answer of
// bounded size, and Access-Control-Allow-Origin exactly if AllowsOrigin says so.
func FuzzAnswer(f *testing.F) {
	policies, answers := make(map[string]*cors.Policy), make(map[string]*cors.Preflight)
	for name, c := range fuzzed {
		policies[name] = mustPolicy(f, c)
		answers[name] = policies[name].Preflight()
	}
	for _, origin := range append(notHosts, "https://example.com", "https://a.example.com:1", "http://localhost:65536", "http://[::1]:1", "app://-", "null", "") {
		f.Add(origin, "PUT", "x-a,x-b", "Accept")
		f.Add(origin, "p t", " ,x-a\n, , ", "origin\nAccept,*")
	}
	f.Add("https://example.com", "PUT", strings.Repeat("x,", 3000), strings.Repeat("\n", 200))
	h := make(http.Header)
	f.Fuzz(func(t *testing.T, origin, method, names, vary string) {
		req := cors.Request{Origin: []string{origin}, RequestMethod: []string{method}, RequestHeaders: strings.Split(names, "\n")}
		handlers := strings.Split(vary, "\n")
		for name, p := range policies {
			start := func() {
				clear(h)
				h["Vary"] = handlers
			}
			for what, answer := range map[string]func() int{
				"actual":    func() int { return p.Apply(h, req) },
				"preflight": func() int { return answers[name].Answer(h, req) },
			} {
				if allocs := testing.AllocsPerRun(1, func() { start(); answer() }); allocs > 1 {
					t.Errorf("%s, %s: %v allocations", name, what, allocs)
				}
				start()
				status := answer()
				size := -len(vary)
				for name, values := range h {
					for _, value := range values {
						size += len(name) + len(": \r\n") + len(value)
					}
				}
				if own := len(handlers) * len("Vary: \r\n"); size > bound+own {
					t.Errorf("%s, %s: the answer has %d bytes", name, what, size)
				}
				refused := what == "preflight" && status == http.StatusForbidden
				if shared := h["Access-Control-Allow-Origin"] != nil; shared != (p.AllowsOrigin(origin) && !refused) {
					t.Errorf("%s, %s: origin %q: shared = %t, AllowsOrigin = %t, status %d", name, what, origin, shared, p.AllowsOrigin(origin), status)
				}
			}
		}
	})
}

// A pattern without wildcards that New accepts is an origin: it allows itself and nothing that
// differs in one byte. With wildcards, it does not allow itself.
func FuzzPattern(f *testing.F) {
	for _, c := range fuzzed {
		for _, pattern := range c.Origins {
			f.Add(pattern, uint(9), byte('x'))
		}
	}
	f.Add("https://xn--rsum-bpad.example", uint(12), byte('a'))
	f.Add("http://[2001:db8::1]:8080", uint(3), byte(':'))
	f.Fuzz(func(t *testing.T, pattern string, at uint, with byte) {
		p, err := cors.New(cors.Config{Origins: []string{pattern}})
		if err != nil {
			for e := range cors.Errors(err) {
				if e.Value != pattern || e.Index != 0 || e.Field != "Origins" {
					t.Errorf("the error is about %s[%d] %q", e.Field, e.Index, e.Value)
				}
				if _, meant, ok := strings.Cut(e.Hint, "did you mean "); ok {
					meant = strings.TrimSuffix(meant, "?")
					if _, err := cors.New(cors.Config{Origins: []string{meant[1 : len(meant)-1]}}); err != nil {
						t.Errorf("%q: the hint proposes %s, but %v", pattern, meant, err)
					}
				}
			}
			return
		}
		if pattern == "*" {
			return
		}
		if got, want := p.AllowsOrigin(pattern), !strings.Contains(pattern, "*"); got != want {
			t.Errorf("%q allows itself: %t, want %t", pattern, got, want)
		}
		other := []byte(pattern)
		other[at%uint(len(other))] = with
		if string(other) != pattern && !strings.Contains(pattern, "*") && p.AllowsOrigin(string(other)) {
			t.Errorf("%q allows %q", pattern, other)
		}
	})
}

// The order of the elements and their repetition mean nothing.
func TestOrderDoesNotMatter(t *testing.T) {
	a := mustPolicy(t, cors.Config{Origins: []string{"https://a.example", "https://b.example"}, Methods: []string{"PUT", "DELETE", "PUT"}, RequestHeaders: []string{"X-A", "x-b"}, ExposedHeaders: []string{"X-C", "X-D"}})
	b := mustPolicy(t, cors.Config{Origins: []string{"https://b.example", "https://a.example"}, Methods: []string{"DELETE", "PUT"}, RequestHeaders: []string{"X-B", "X-A", "X-a"}, ExposedHeaders: []string{"x-d", "x-c"}})
	for _, method := range []string{"GET", "OPTIONS"} {
		h := http.Header{"Origin": {"https://a.example"}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"x-a"}}
		if diff := cmp.Diff(ask(a, method, h), ask(b, method, h)); diff != "" {
			t.Errorf("%s (-one order +other):\n%s", method, diff)
		}
	}
}
