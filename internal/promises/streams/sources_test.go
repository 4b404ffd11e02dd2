package streams_test

// What the sources of answers and the trailers of uploads do at their ends.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// sends is an endpoint that answers with a reader.
func sends(src func() io.Reader) served.Twins {
	return served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send(src()) },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Stream(src()) },
	}
}

// A source that has no more to give for now is closed when its client leaves, which is what wakes
// the read that it is blocked in.
func TestBlockedSourcesAreClosed(t *testing.T) {
	ended := make(chan error, 1)
	h := sends(func() io.Reader {
		closed := make(chan error, 1)
		return served.NewSource(func(i int) error {
			if i > 0 {
				ended <- <-closed
				return errors.New("closed while it was read")
			}
			return nil
		}, []byte("chunk\n"), closed)
	})
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		served.LeaveAfter(t, s, 6)
		served.Soon(t, "the close of the source", ended)
	})
}

// failing is a reader whose last bytes come with an error.
type failing struct {
	rest string
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), len("chunk\n"))], f.rest)
	if f.rest = f.rest[n:]; f.rest == "" {
		return n, f.err
	}
	return n, nil
}

// An error that comes together with bytes is an error, and the end that does is the end.
func TestErrorsThatComeWithBytes(t *testing.T) {
	type source struct {
		chunks int
		fail   error
	}
	var sources []source
	var twins []served.Twins
	for _, chunks := range []int{1, 2, 100} {
		for _, fail := range []error{io.EOF, errors.New("boom"), io.ErrUnexpectedEOF} {
			sources = append(sources, source{chunks, fail})
			twins = append(twins, sends(func() io.Reader { return &failing{strings.Repeat("chunk\n", chunks), fail} }))
		}
	}
	nth := func(s string) int { n, _ := strconv.Atoi(s); return n }
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			return twins[nth(req.Query("n"))].ReqRes(req, res)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) { return twins[nth(req.Query("n"))].Fetch(req) },
	}
	served.Matrix(t, full.Size(served.Protocols[:2], served.Protocols), "GET", "/", h, adapt.Config{}, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for n, source := range sources {
			got, err := served.ClientSees(s, "GET", fmt.Sprint("/?n=", n))
			if whole := err == nil && got.Status == 200 && got.Body == strings.Repeat("chunk\n", source.chunks); whole != (source.fail == io.EOF) {
				t.Errorf("%v with chunk %d: %d with %d bytes, and then %v", source.fail, source.chunks, got.Status, len(got.Body), err)
			} else if !whole && err == nil && got.Status < 500 {
				t.Errorf("%v with chunk %d: %d with %d bytes looks complete", source.fail, source.chunks, got.Status, len(got.Body))
			}
		}
	})
}

// The trailers of an upload are there when its body has been read.
func TestTrailersOfUploads(t *testing.T) {
	trailer := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprint(w, string(body), " ", r.Trailer.Get("X-Sum"), " ", err)
	}
	std := http.HandlerFunc(trailer)
	mux := served.NewMux(t, adapt.Config{},
		func(r *adapt.Routes) {
			r.Handle("POST", "/http", std)
			r.ReqRes.POST("/reqres", func(req *reqres.Request, res *reqres.Response) error { trailer(res, req.HTTP()); return nil })
			r.ReqRes.POST("/reqres-from", reqres.FromHTTP(std))
			r.Fetch.POST("/fetch-from", fetch.FromHTTP(std))
		},
		func(r *adapt.Routes) {
			r.UseFetch(served.PassFetch)
			r.Use(served.PassHTTP)
			r.Handle("POST", "/behind", std)
		})
	for _, protocol := range served.Protocols {
		s := served.ServeOver(t, mux, protocol, func(*http.Server) {})
		for _, path := range []string{"/http", "/reqres", "/reqres-from", "/fetch-from", "/behind"} {
			req, _ := http.NewRequest("POST", s.URL+path, io.MultiReader(strings.NewReader("body")))
			req.Trailer = http.Header{"X-Sum": {"42"}}
			if got := served.Do(t, s.Client(), req); got.Body != "body 42 <nil>" {
				t.Errorf("%s, %s: %q", protocol, path, got.Body)
			}
		}
	}
}
