package migrations_test

// What is around a pair, and what new does on purpose, is not held against new: both sides of a
// comparison are what the side itself has answered.

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestShadowsAreBlameless(t *testing.T) {
	same := func(_ *reqres.Request, res *reqres.Response) error {
		return res.Type("text/plain; charset=utf-8").Set("ETag", `"1"`).Send("same")
	}
	alike := func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Text("same", fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"), fetch.SetHeader("ETag", `"1"`))
	}
	for _, c := range []struct {
		rule string
		use  func(*adapt.Routes)
		next fetch.Handler

		declines bool
	}{
		{rule: "the headers that net/http middleware has set before", next: alike, use: func(r *adapt.Routes) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Around", "1")
					next.ServeHTTP(w, r)
				})
			})
		}},
		{rule: "those that reqres middleware has set before", next: alike, use: func(r *adapt.Routes) {
			r.UseReqRes(func(next reqres.Handler) reqres.Handler {
				return func(req *reqres.Request, res *reqres.Response) error { return next(req, res.Set("X-Around", "1")) }
			})
		}},
		{rule: "what a head hook adds", next: alike, use: func(r *adapt.Routes) {
			r.OnHead(func(_ *http.Request, _ int, h http.Header) { h.Set("X-Around", "1") })
		}},
		{rule: "a decline, for old would have answered", use: func(*adapt.Routes) {}, declines: true,
			next: func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline }},
	} {
		for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Live} {
			if stage == migrate.Live && c.declines {
				continue // old has answered, and there is nothing to compare
			}
			t.Run(c.rule+" at "+stage.String(), func(t *testing.T) {
				mux, pair := migration(t, served.Patient(stage), "GET", c.use, same, c.next)
				if got := send(t, mux, "GET", "/p/1", ""); got.Status != 200 || got.Body != "same" {
					t.Errorf("answered %+v", got)
				}
				s := drained(t, pair)
				want := map[migrate.Result]uint64{migrate.ResultEqual: 1}
				if diff := cmp.Diff(want, served.Counted(s.Shadows.Results)); diff != "" || s.Mismatch != 0 {
					t.Errorf("%d mismatches %+v, results (-want +got):\n%s", s.Mismatch, pair.Mismatches(), diff)
				}
			})
		}
	}
}
