package corstest_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
)

// scenario is one request. It is made for "/n" of the server, n being its number, or for "/n/..."
// as handlers redirect.
type scenario struct {
	name   string
	way    string // of scenarios.html: "" is fetch
	config cors.Config
	answer http.HandlerFunc // nil answers "ok"
	req    corstest.Request

	lenient bool // Chromium allows what the model, after the standard, does not
}

// scenarios is made for a page and a third origin, which has no policy of its own but the same
// handlers.
func scenarios(page, third string) []scenario {
	policy := func(change ...func(*cors.Config)) cors.Config {
		c := cors.Config{Origins: []string{page}, Methods: []string{"PUT"}, RequestHeaders: []string{"Content-Type", "X-A"}, ExposedHeaders: []string{"X-B"}}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	credentials := func(c *cors.Config) { c.Credentials = true }
	everybody := func(c *cors.Config) { c.Origins = []string{"*"} }
	allHeaders := func(c *cors.Config) { c.RequestHeaders = []string{"*"} }
	authorization := func(c *cors.Config) { c.RequestHeaders = []string{"Authorization"} }
	anyMethod := func(c *cors.Config) { c.Methods = []string{"*"} }
	ok200 := func(c *cors.Config) { c.PreflightStatus = http.StatusOK }

	json := http.Header{"Content-Type": {"application/json"}}
	text := http.Header{"Content-Type": {"text/plain"}}
	bearer := http.Header{"Authorization": {"Bearer x"}}
	put := corstest.Request{Method: "PUT"}
	cookies := corstest.Request{Credentials: true}

	// by hand answers without a policy: a status for the preflight and pairs of names and values
	// for every answer.
	byHand := func(preflight int, pairs ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(pairs); i += 2 {
				w.Header().Add(pairs[i], pairs[i+1])
			}
			if r.Method == "OPTIONS" {
				w.WriteHeader(preflight)
			}
		}
	}
	// redirect goes on, from the number of the scenario, to a path below it, maybe of another
	// origin.
	redirect := func(status int, origin string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path[1:] != number(r) {
				fmt.Fprint(w, "ok")
				return
			}
			w.Header().Set("Location", origin+"/"+number(r)+"/end")
			w.WriteHeader(status)
		}
	}
	const acao, acam, acah = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
	return []scenario{
		{name: "simple", config: policy()},
		{name: "simple, no policy"},
		{name: "simple, the policy is for others", config: cors.Config{Origins: []string{"https://other.example"}}},
		{name: "simple, everybody", config: policy(everybody)},
		{name: "simple POST", config: policy(), req: corstest.Request{Method: "POST", Header: text, Body: "x"}},
		{name: "simple POST, refused but sent", req: corstest.Request{Method: "POST", Header: text, Body: "x"}},
		{name: "a method that is none", req: corstest.Request{Method: "P T"}},
		{name: "a forbidden method", req: corstest.Request{Method: "trace"}},
		{name: "HEAD", config: policy(), req: corstest.Request{Method: "HEAD"}},
		{name: "PUT", config: policy(), req: put},
		{name: "PUT, preflight answered with 200", config: policy(ok200), req: put},
		{name: "PUT from a stranger", config: cors.Config{Origins: []string{"https://other.example"}, Methods: []string{"PUT"}}, req: put},
		{name: "PUT, no policy", req: put},
		{name: "a method that is not allowed", config: policy(), req: corstest.Request{Method: "DELETE"}},
		{name: "a method in lower case", config: policy(func(c *cors.Config) { c.Methods = []string{"PATCH"} }), req: corstest.Request{Method: "patch"}},
		{name: "any method", config: policy(anyMethod), req: corstest.Request{Method: "PURGE"}},
		{name: "any method, credentials", config: policy(anyMethod, credentials), req: corstest.Request{Method: "PURGE", Credentials: true}},
		{name: "JSON", config: policy(), req: corstest.Request{Method: "POST", Header: json, Body: "{}"}},
		{name: "a header that is not allowed", config: policy(), req: corstest.Request{Header: http.Header{"X-A": {"1"}, "X-Z": {"1"}}}},
		{name: "any header", config: policy(allHeaders), req: corstest.Request{Header: http.Header{"X-Z": {"1"}}}},
		{name: "any header and Authorization", config: policy(func(c *cors.Config) { c.RequestHeaders = []string{"*", "Authorization"} }),
			req: corstest.Request{Header: bearer}},
		{name: "any header is not Authorization, but to Chromium it is", config: policy(allHeaders), req: corstest.Request{Header: bearer},
			lenient: true},
		{name: "any header, credentials", config: policy(allHeaders, credentials),
			req: corstest.Request{Header: http.Header{"Authorization": {"Bearer x"}, "X-Z": {"1"}}, Credentials: true}},
		{name: "a safe header with a long value", config: policy(), req: corstest.Request{Header: http.Header{"Accept": {strings.Repeat("a", 129)}}}},
		{name: "cookies", config: policy(credentials), req: cookies},
		{name: "cookies, preflighted", config: policy(credentials), req: corstest.Request{Method: "PUT", Credentials: true}},
		{name: "cookies, not allowed", config: policy(), req: cookies},
		{name: "cookies, everybody", config: policy(everybody), req: cookies},
		{name: "no cookies without asking", config: policy(credentials)},
		{name: "cookies, everybody by hand", answer: byHand(204, acao, "*", "Access-Control-Allow-Credentials", "true"), req: cookies},
		{name: "cookies, in the wrong case", answer: byHand(204, acao, page, "Access-Control-Allow-Credentials", "True"), req: cookies},
		{name: "cookies, preflight without consent", answer: byHand(204, acao, page, acam, "PUT"), req: corstest.Request{Method: "PUT", Credentials: true}},
		{name: "two layers", answer: byHand(204, acao, page, acao, page)},
		{name: "two layers, preflight", answer: byHand(204, acao, "*", acao, page), req: put},
		{name: "a list of origins", answer: byHand(204, acao, page+" https://other.example")},
		{name: "an origin with a slash", answer: byHand(204, acao, page+"/")},
		{name: "something that is not an origin", answer: byHand(204, acao, "app.example")},
		{name: "an empty origin", answer: byHand(204, acao, "")},
		{name: "the origin null", answer: byHand(204, acao, "null")},
		{name: "a hand-written origin under a policy", config: policy(), answer: byHand(204, acao, "*", acao, page)},
		{name: "a preflight that fails", answer: byHand(405, acao, page), req: put},
		{name: "a preflight that is redirected", answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(acao, page)
			http.Redirect(w, r, r.URL.Path+"/end", http.StatusTemporaryRedirect)
		}, req: put},
		{name: "methods that cannot be parsed", answer: byHand(204, acao, page, acam, "PUT; DELETE"), req: put},
		{name: "headers that cannot be parsed", answer: byHand(204, acao, page, acah, "x-a; x-b"), req: corstest.Request{Header: http.Header{"X-A": {"1"}}}},
		{name: "404", config: policy(), answer: http.NotFound},
		{name: "404, preflighted", config: policy(), answer: http.NotFound, req: put},
		{name: "404, no policy", answer: http.NotFound},
		{name: "500 of a handler", config: policy(), answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", 500) }},
		{name: "redirect", config: policy(), answer: redirect(302, "")},
		{name: "redirect that is not shared", answer: redirect(302, "")},
		{name: "redirect of a POST", config: policy(), answer: redirect(303, ""), req: corstest.Request{Method: "POST", Header: json, Body: "{}"}},
		{name: "redirect of a PUT", config: policy(), answer: redirect(308, ""), req: corstest.Request{Method: "PUT", Header: json, Body: "{}"}},
		{name: "redirect elsewhere, everybody", config: policy(everybody), answer: redirect(307, third)},
		{name: "redirect elsewhere: the origin becomes null", config: policy(), answer: redirect(307, third)},
		{name: "redirect elsewhere: Authorization stays behind", config: policy(everybody, authorization), answer: redirect(307, third), req: corstest.Request{Header: bearer}},
		{name: "redirect home: the origin is null", config: policy(), answer: redirect(307, page)},
		{name: "redirect with a user name", config: policy(), answer: redirect(302, strings.Replace(third, "://", "://user@", 1))},
		{name: "redirect to another scheme", config: policy(), answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "data:text/plain,x")
			w.WriteHeader(302)
		}},
		{name: "redirect to what is not a URL", config: policy(), answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://[")
			w.WriteHeader(302)
		}},
		{name: "redirects in a circle", config: policy(), answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}},
		{name: "upload with progress", way: "upload", config: policy(), req: corstest.Request{Method: "POST", Header: text, Body: strings.Repeat("x", 1<<16), Upload: true}},
		{name: "upload with progress, a policy without methods", way: "upload", config: cors.Config{Origins: []string{page}},
			req: corstest.Request{Method: "POST", Header: text, Body: "x", Upload: true}},
		{name: "upload with progress, no policy", way: "upload", req: corstest.Request{Method: "POST", Header: text, Body: "x", Upload: true}},
		{name: "event stream", way: "events", config: policy(), answer: events},
		{name: "event stream with cookies", way: "events", config: policy(credentials), answer: events, req: cookies},
		{name: "event stream, no policy", way: "events", answer: events},
	}
}

func events(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "data: ok\n\n")
	_ = http.NewResponseController(w).Flush()
}

// number of the scenario that a request belongs to.
func number(r *http.Request) string {
	n, _, _ := strings.Cut(r.URL.Path[1:], "/")
	return n
}
