package deadlines_test

// The server's WriteTimeout and Limits.WriteTimeout: no stream that makes progress is ended by
// them, and a client that does not read always is.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// withWriteTimeout is a server that takes d for a whole answer.
func withWriteTimeout(d time.Duration) func(*http.Server) {
	return func(s *http.Server) { s.WriteTimeout = d }
}

// together runs a test in every form over every protocol, all at the same time, and beside the
// other tests: what takes long here is the waiting.
func together(t *testing.T, h served.Twins, c adapt.Config, test func(t *testing.T, name string, s *httptest.Server)) {
	t.Helper()
	t.Parallel()
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, form := range served.Forms {
		for _, protocol := range served.Protocols {
			mux := served.NewMux(t, c, func(r *adapt.Routes) { form.Register(r, "GET", "/", h) })
			s := served.ServeOver(t, mux, protocol, func(*http.Server) {})
			wg.Go(func() { test(t, form.Name+"/"+protocol, s) })
		}
	}
}

// The limit of a write is none on a stream. writetime_test.go shows it for every way to set the
// limit; this is the same once more over sockets, with a limit that does not depend on how busy the
// machine is.
func TestStreamsOutliveWriteTimeouts(t *testing.T) {
	const timeout = 1500 * time.Millisecond
	const pause = timeout * 11 / 10
	h := streams(func() *paced { return &paced{n: 1, chunk: []byte("chunk"), pause: pause} })
	together(t, h, adapt.Config{Limits: adapt.Limits{WriteTimeout: timeout}}, func(t *testing.T, name string, s *httptest.Server) {
		var wg sync.WaitGroup
		for _, kind := range kinds {
			wg.Go(func() {
				res, err := s.Client().Get(s.URL + "/?kind=" + kind)
				if err != nil {
					t.Errorf("%s, %s: %v", name, kind, err)
					return
				}
				defer res.Body.Close()
				body, err := io.ReadAll(res.Body)
				if n := strings.Count(string(body), "chunk"); n != 1 || err != nil {
					t.Errorf("%s, %s: %q, and then %v", name, kind, body, err)
				}
			})
		}
		wg.Wait()
	})
}

// A client that does not read is cut off. It is the route that says when, since the server's
// time-out is for TLS handshakes too, which take as long as the machine likes.
func TestClientsThatDoNotReadAreCutOff(t *testing.T) {
	chunk := make([]byte, 32<<10)
	var ended atomic.Int64
	all := make(chan struct{}) // closed when the last producer has ended
	endless := func(write func([]byte) (int, error), flush func() error) error {
		for {
			_, err := write(chunk)
			if err == nil {
				err = flush()
			}
			if err != nil {
				if int(ended.Add(1)) == len(served.Forms)*len(served.Protocols) {
					close(all)
				}
				return err
			}
		}
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return endless(res.Write, res.Flush) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error { return endless(w.Write, w.Flush) })
		},
	}
	together(t, h, adapt.Config{Limits: adapt.Limits{WriteTimeout: 500 * time.Millisecond}}, func(t *testing.T, name string, s *httptest.Server) {
		res, err := s.Client().Get(s.URL) // an error: cut off before the head arrived
		if err == nil {
			defer res.Body.Close()
		}
		select {
		case <-all:
		case <-time.After(20 * time.Second):
			t.Errorf("%s: %d producers have ended", name, ended.Load())
			return
		}
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, res.Body); err == nil {
			t.Errorf("%s: an endless answer looks complete", name)
		}
	})
}

// A client of HTTP/2 that makes room for more than it reads stops the connection, which no limit of
// one answer can end; WriteByteTimeout does.
func TestConnectionsThatAreNotReadAreCutOff(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	mux := served.NewMux(t, adapt.Config{Limits: adapt.Limits{WriteTimeout: 500 * time.Millisecond}}, func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(_ *reqres.Request, res *reqres.Response) error {
			for {
				if _, err := res.Write(make([]byte, 64<<10)); err != nil {
					ended <- err
					return err
				}
			}
		})
	})
	s := served.ServeOver(t, mux, "h2c", func(s *http.Server) { s.HTTP2 = &http.HTTP2Config{WriteByteTimeout: 500 * time.Millisecond} })
	c := served.NewFrames(t, s)
	const most = "\x7f\xff\x00\x00"
	c.Send(served.SettingsFrame, 0, []byte("\x00\x04"+most))
	io.WriteString(c.Conn, "\x00\x00\x04\x08\x00\x00\x00\x00\x00"+most) // the connection's window
	c.Send(served.HeadersFrame, served.EndHeaders|served.EndStream, []byte("\x82\x86\x84\x01\x01h"))
	served.Soon(t, "the end of the producer", ended)
}

// A handler that waits for something that does not come ends with its deadline, and so does the
// request.
func TestHandlersWithADeadline(t *testing.T) {
	wait := func(ctx context.Context) error {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error { return wait(req.Context()) },
		Fetch:  func(req *fetch.Request) (*fetch.Response, error) { return nil, wait(req.Context()) },
	}
	for _, form := range served.Forms {
		for _, shape := range []string{"fetch", "reqres"} {
			t.Run(fmt.Sprintf("%s, the deadline set in %s", form.Name, shape), func(t *testing.T) {
				served.LeavesNothing(t)
				got := make(chan error, 2)
				mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
					if shape == "fetch" {
						r.UseFetch(func(next fetch.Handler) fetch.Handler {
							return func(req *fetch.Request) (*fetch.Response, error) {
								ctx, cancel := context.WithTimeout(req.Context(), 10*time.Millisecond)
								defer cancel()
								res, err := next(req.WithContext(ctx))
								got <- err
								return res, err
							}
						})
					} else {
						r.UseReqRes(func(next reqres.Handler) reqres.Handler {
							return func(req *reqres.Request, res *reqres.Response) error {
								ctx, cancel := context.WithTimeout(req.Context(), 10*time.Millisecond)
								defer cancel()
								req.SetContext(ctx)
								err := next(req, res)
								got <- err
								return err
							}
						})
					}
					form.Register(r, "GET", "/", h)
				})
				s := served.Serve(t, mux, false)
				req, _ := http.NewRequest("GET", s.URL, nil)
				if a := served.Do(t, s.Client(), req); a.Status != 500 {
					t.Errorf("%+v", a)
				}
				// net/http's middleware has no errors: what it wraps has answered.
				if err := served.Soon(t, "the handler's end", got); err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("the handler ended with %v", err)
				}
			})
		}
	}
}
