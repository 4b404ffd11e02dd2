package migrations_test

// Answers that are flushed on the way. A proxy flushes what has no length, so a flush does not make
// an answer incomparable: what ends within the bounds is compared, whoever made it and in whatever
// shape.

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

// inPieces answers with text, of which each byte is flushed, in a form of its own.
var inPieces = []struct {
	name string
	by   func(text string) served.Twins
}{
	{"net/http", func(text string) served.Twins {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			for i := range text {
				fmt.Fprint(w, text[i:i+1])
				_ = http.NewResponseController(w).Flush()
			}
		})
		return served.Twins{ReqRes: reqres.FromHTTP(h), Fetch: fetch.FromHTTP(h)}
	}},
	{"a handler of the shape", func(text string) served.Twins {
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				res.Set("Content-Type", "application/octet-stream")
				for i := range text {
					if _, err := io.WriteString(res, text[i:i+1]); err != nil {
						return err
					}
					if err := res.Flush(); err != nil {
						return err
					}
				}
				return nil
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.StreamFunc(func(w *fetch.Writer) error {
					for i := range text {
						if _, err := w.WriteString(text[i : i+1]); err != nil {
							return err
						}
						if err := w.Flush(); err != nil {
							return err
						}
					}
					return nil
				}, fetch.SetHeader("Content-Type", "application/octet-stream"))
			},
		}
	}},
	{"a reader", func(text string) served.Twins {
		stream := func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader(text), fetch.SetHeader("Content-Type", "application/octet-stream"))
		}
		return served.Twins{ReqRes: adapt.ToReqRes(stream), Fetch: stream}
	}},
}

// passedOn is middleware that has read the response: what goes out is its own stream.
func passedOn(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		res, err := next(req)
		if err != nil {
			return nil, err
		}
		return fetch.Stream(res.Reader(), fetch.SetHeader("Content-Type", "application/octet-stream"))
	}
}

func TestD7FlushedAnswersAreCompared(t *testing.T) {
	reading := struct {
		name string
		use  func(*adapt.Routes)
	}{"fetch middleware that reads", func(r *adapt.Routes) { r.UseFetch(passedOn) }}
	for _, stage := range watched {
		for _, a := range append(around[:len(around):len(around)], reading) {
			for i, live := range inPieces {
				candidate := inPieces[(i+1)%len(inPieces)]
				for _, says := range []struct {
					text string
					want migrate.Result
				}{{"flushed", migrate.ResultEqual}, {"fluuhed", migrate.ResultDifferent}} {
					t.Run(fmt.Sprint(stage, "/", live.name, " behind ", a.name, "/", says.want), func(t *testing.T) {
						d := newDuel(t, "HTTP/1.1", served.Patient(stage), a.use, live.by("flushed"), candidate.by(says.text))
						got, err := d.with.Client().Get(d.with.URL + "/p/1")
						if err != nil {
							t.Fatal(err)
						}
						defer got.Body.Close()
						if b, err := io.ReadAll(got.Body); string(b) != "flushed" || err != nil {
							t.Errorf("answered %q, %v", b, err)
						}
						s := drained(t, d.pair)
						if s.Shadows.Results[says.want] != 1 {
							t.Errorf("counted %+v, differing at %v", s.Shadows, s.Places)
						}
					})
				}
			}
		}
	}
}
