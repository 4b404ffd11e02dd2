package reqres_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/reqres"
)

// The commit asks the header map nothing that the exchange knows; whoever else has the map in hand,
// what goes out is what is in it.
func TestTheHeadIsWhatTheMapHolds(t *testing.T) {
	outer := func(set func(h http.Header)) func(next http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				set(w.Header())
				next.ServeHTTP(w, r)
			})
		}
	}
	pass := func(next http.Handler) http.Handler { return next }
	tests := []struct {
		rule string
		wrap func(next http.Handler) http.Handler
		h    reqres.Handler
		want http.Header
	}{
		{"a header taken out of the map is not sent, and the type is not guessed", pass, func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("Content-Type", "text/plain; charset=utf-8").Set("X-A", "1")
			delete(res.Header(), "Content-Type")
			_, err := io.WriteString(res, "<p>body")
			return err
		}, http.Header{"X-A": {"1"}, "Content-Length": {"7"}}},
		{"one removed by Remove, and another put in its place", pass, func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("Content-Type", "text/plain; charset=utf-8").Remove("Content-Type").Set("X-A", "1")
			_, err := io.WriteString(res, "<p>body")
			return err
		}, http.Header{"X-A": {"1"}, "Content-Length": {"7"}}},
		{"a wrong Content-Length put into the map", pass, func(_ *reqres.Request, res *reqres.Response) error {
			res.Header()["Content-Length"] = []string{"99"}
			return res.Type("txt").Send("body")
		}, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}},
		{"a wrong Content-Length that was set", pass, func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Length", "99").Type("txt").Send("body")
		}, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}},
		{"a Transfer-Encoding", pass, func(_ *reqres.Request, res *reqres.Response) error {
			res.Header()["Transfer-Encoding"] = []string{"gzip"}
			return res.Type("txt").Send("body")
		}, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}},
		{"a type that net/http middleware has set", outer(func(h http.Header) { h.Set("Content-Type", "text/css"); h.Set("X-B", "2") }),
			func(_ *reqres.Request, res *reqres.Response) error {
				_, err := io.WriteString(res.Set("X-A", "1"), "body")
				return err
			}, http.Header{"Content-Type": {"text/css"}, "X-A": {"1"}, "X-B": {"2"}, "Content-Length": {"4"}}},
		{"a length that net/http middleware has set", outer(func(h http.Header) { h.Set("Content-Length", "99") }),
			func(_ *reqres.Request, res *reqres.Response) error { return res.Type("txt").Send("body") },
			http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}},
		{"more headers than the slab holds", pass, func(_ *reqres.Request, res *reqres.Response) error {
			for _, name := range []string{"A", "B", "C", "D", "E", "F"} {
				res.Set(name, name)
			}
			return res.Type("txt").Send("body")
		}, http.Header{"A": {"A"}, "B": {"B"}, "C": {"C"}, "D": {"D"}, "E": {"E"}, "F": {"F"}, "Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			s := httptest.NewServer(tt.wrap(tt.h))
			defer s.Close()
			res, err := s.Client().Get(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if _, err := io.ReadAll(res.Body); err != nil {
				t.Fatal(err)
			}
			res.Header.Del("Date")
			res.Header.Del("Etag")
			if diff := cmp.Diff(tt.want, res.Header); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
