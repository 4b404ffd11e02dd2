package paritytest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// D6: what a handler had set before it failed is compared as it goes on the wire.
func TestD6ComparesTheWire(t *testing.T) {
	test := paritytest.Test{
		Method: "GET", Pattern: "/x", Requests: get("/x"), Want: []int{429},
		Old: func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("Retry-After", "7").Cookie("a", "1", reqres.CookieOptions{})
			return reqres.Errorf(429, "slow down")
		},
		Next: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(429, "slow down") },
	}
	r := &recorder{TB: t}
	test.Run(r)
	if len(r.errors) != 1 {
		t.Errorf("reports %q, want the lost header and cookie", r.errors)
	}
	test.Next = func(*fetch.Request) (*fetch.Response, error) {
		return nil, crossfade.WithHeader(crossfade.WithHeader(fetch.Errorf(429, "slow down"), "Retry-After", "7"), "Set-Cookie", "a=1; Path=/")
	}
	test.Run(t)
}

// D10: both sides stand in a mux of the test's configuration, behind its middleware.
func TestD10ConfigAndUse(t *testing.T) {
	test := paritytest.Test{
		Method: "GET", Pattern: "/x", Requests: get("/x"), Want: []int{503},
		Config: adapt.Config{ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
			return fetch.Must(fetch.Text("rendered: "+err.Error(), fetch.Status(503)))
		}},
		Use: func(r *adapt.Routes) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Seen", "1")
					next.ServeHTTP(w, r)
				})
			})
		},
		Old:  func(*reqres.Request, *reqres.Response) error { return reqres.Errorf(404, "one") },
		Next: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(403, "one") },
	}
	test.Run(t)
	test.Config = adapt.Config{}
	r := &recorder{TB: t}
	test.Run(r)
	if len(r.errors) == 0 {
		t.Error("without the Config they differ, and nothing is reported")
	}
}

// D10: two whole services have Rules, Want and Reset too, and a 5xx can be meant.
func TestD10Servers(t *testing.T) {
	resets := 0
	answer := func(by string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-By", by)
			w.WriteHeader(503)
		})
	}
	test := paritytest.Servers{
		Old: answer("old"), Next: answer("new"), Requests: get("/x"), Want: []int{503},
		Rules: parity.Rules{Ignore: []string{"header.x-by"}}, Reset: func(testing.TB) { resets++ },
	}
	test.Run(t)
	if resets != 3 {
		t.Errorf("%d resets, want one before each of the three calls", resets)
	}
	for name, wrong := range map[string]func(s *paritytest.Servers){
		"no Want":         func(s *paritytest.Servers) { s.Want = nil },
		"a rule too many": func(s *paritytest.Servers) { s.Rules.Ignore = append(s.Rules.Ignore, "header.x-none") },
		"no Rules":        func(s *paritytest.Servers) { s.Rules = parity.Rules{} },
	} {
		changed, r := test, &recorder{TB: t}
		wrong(&changed)
		if changed.Run(r); len(r.errors) != 1 {
			t.Errorf("%s: reports %q", name, r.errors)
		}
	}
}

// D10: a 5xx that is meant, for requests that nobody has written one by one.
func TestD10Meant(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		meant  []int
		want   string
	}{
		"not said":                   {503, nil, "fails on both sides"},
		"said":                       {503, []int{501, 503}, ""},
		"another one":                {500, []int{503}, "fails on both sides"},
		"a refusal that is not said": {401, nil, "every request"},
		"a refusal that is said":     {401, []int{401}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			test := paritytest.Test{
				Method: "GET", Pattern: "/x", Requests: get("/x"), Meant: c.meant,
				Old: old(says(c.status, "x")), Next: next(says(c.status, "x")),
			}
			test.Run(r)
			if len(r.errors) > 0 != (c.want != "") || !strings.Contains(strings.Join(r.errors, "\n"), c.want) {
				t.Errorf("reports %q, want %q", r.errors, c.want)
			}
			if r.errors = nil; c.status < 500 {
				return
			}
			same := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status) })
			paritytest.Servers{Old: same, Next: same, Requests: get("/x"), Meant: c.meant}.Run(r)
			if len(r.errors) > 0 != (c.want != "") {
				t.Errorf("Servers reports %q, want %q", r.errors, c.want)
			}
		})
	}
}
