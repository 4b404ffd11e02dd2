package migrations_test

// Headers that stand around a pair. The candidate runs without the chain; what that gives to both
// sides is not a difference between them.

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// frames are chains that set a header on every answer, after the handler.
var frames = []struct {
	name string
	use  func(r *adapt.Routes)
}{
	{"fetch middleware", func(r *adapt.Routes) {
		r.UseFetch(func(next fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) {
				res, err := next(req)
				if err == nil {
					res = res.WithHeader("X-Frame-Options", "DENY")
				}
				return res, err
			}
		})
	}},
	{"net/http middleware", func(r *adapt.Routes) {
		r.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(framing{w}, r) })
		})
	}},
	{"a hook", func(r *adapt.Routes) {
		r.OnHead(func(_ *http.Request, _ int, h http.Header) { h.Set("X-Frame-Options", "DENY") })
	}},
}

// framing sets its header when the head goes out.
type framing struct{ http.ResponseWriter }

func (f framing) WriteHeader(code int) {
	f.Header().Set("X-Frame-Options", "DENY")
	f.ResponseWriter.WriteHeader(code)
}

func (f framing) Unwrap() http.ResponseWriter { return f.ResponseWriter }

func TestD5WhatTheChainGivesBothSides(t *testing.T) {
	const name = "X-Frame-Options"
	says := func(text string, set ...string) served.Twins {
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				if set != nil {
					res.Set(name, set[0])
				}
				return res.JSON(text)
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				var opts []fetch.ResponseOption
				if set != nil {
					opts = append(opts, fetch.SetHeader(name, set[0]))
				}
				return fetch.JSON(text, opts...)
			},
		}
	}
	type test struct {
		rule            string
		use             func(*adapt.Routes)
		live, candidate served.Twins
		want            migrate.Result
	}
	var tests []test
	for _, f := range frames {
		tests = append(tests,
			test{f.name + " and the candidate set the same", f.use, says("x"), says("x", "DENY"), migrate.ResultEqual},
			test{f.name + " sets another value than the candidate", f.use, says("x"), says("x", "SAMEORIGIN"), migrate.ResultDifferent},
			// As DIFFERENCES.md says: that it would have it shows only once it serves.
			test{f.name + " would give the candidate what the live side sets itself", f.use, says("x", "DENY"), says("x"), migrate.ResultDifferent},
			test{f.name + " gives it to both", f.use, says("x"), says("x"), migrate.ResultEqual})
	}
	nothing := func(*adapt.Routes) {}
	tests = append(tests,
		test{"nobody gives it to the side that serves", nothing, says("x"), says("x", "DENY"), migrate.ResultDifferent},
		test{"nobody gives it to the candidate", nothing, says("x", "DENY"), says("x"), migrate.ResultDifferent})
	for _, stage := range watched {
		for _, c := range tests {
			t.Run(fmt.Sprint(stage, "/", c.rule), func(t *testing.T) {
				config := served.Patient(stage)
				config.Rules.Ignore = []string{"header.etag", "header.content-type"}
				ask(t, newDuel(t, "HTTP/1.1", config, c.use, c.live, c.candidate), c.want)
			})
		}
	}
}

// The mutable shape tags by itself; with adapt.Standard the other one has its tag from fetch.ETag.
func TestD5ETagAroundAPair(t *testing.T) {
	tagged := func(r *adapt.Routes) { r.UseFetch(fetch.ETag) }
	inner := func(r *adapt.Routes) { r.UseFetch(fetch.ETag); r.Use(served.PassHTTP) }
	text := func(s string) served.Twins {
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				return res.Type("application/x-test").Send([]byte(s))
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Bytes([]byte(s), fetch.SetHeader("Content-Type", "application/x-test"))
			},
		}
	}
	streamed := served.Twins{
		ReqRes: adapt.ToReqRes(func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader("x"), fetch.SetHeader("Content-Type", "application/x-test"))
		}),
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader("x"), fetch.SetHeader("Content-Type", "application/x-test"))
		},
	}
	for _, c := range []struct {
		rule            string
		use             func(*adapt.Routes)
		live, candidate served.Twins
		want            migrate.Result
	}{
		{"both get it", tagged, text("x"), text("x"), migrate.ResultEqual},
		{"also through other middleware", inner, text("x"), text("x"), migrate.ResultEqual},
		{"without it there is a difference", func(*adapt.Routes) {}, text("x"), text("x"), migrate.ResultDifferent},
		{"a stream gets none", tagged, text("x"), streamed, migrate.ResultDifferent},
	} {
		for _, stage := range watched {
			t.Run(fmt.Sprint(stage, "/", c.rule), func(t *testing.T) {
				ask(t, newDuel(t, "HTTP/1.1", served.Patient(stage), c.use, c.live, c.candidate), c.want)
			})
		}
	}
}

// ask sends a request, and says what the comparison is to come to.
func ask(t *testing.T, d *duel, want migrate.Result) {
	t.Helper()
	got, err := d.with.Client().Get(d.with.URL + "/p/1")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if _, err := io.Copy(io.Discard, got.Body); err != nil {
		t.Error(err)
	}
	if s := drained(t, d.pair); s.Shadows.Results[want] != 1 {
		t.Errorf("not %s: %v, differing at %v", want, served.Counted(s.Shadows.Results), s.Places)
	}
}
