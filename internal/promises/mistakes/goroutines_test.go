package mistakes_test

// What handlers do with goroutines, and what clients do to answers: writes from several goroutines,
// runtime.Goexit, connections that are lost.

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Two goroutines of a handler may write at once: every write arrives in one piece.
func TestConcurrentWrites(t *testing.T) {
	const each = 200
	line := strings.Repeat("x", 99) + "\n"
	both := func(w io.Writer, flush func() error) error {
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				var err error
				for range each {
					_, e := io.WriteString(w, line)
					err = errors.Join(err, e, flush())
				}
				errs <- err
			}()
		}
		return errors.Join(<-errs, <-errs)
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return both(res, res.Flush) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error { return both(w, w.Flush) })
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		if got, err := served.ClientSees(s, "GET", "/"); err != nil || got.Body != strings.Repeat(line, 2*each) {
			t.Errorf("%d bytes, %v", len(got.Body), err)
		}
	})
}

// A handler that ends its goroutine has not answered, or not to the end.
func TestGoexit(t *testing.T) {
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("late") != "" {
				io.WriteString(res, "chunk")
				res.Flush()
			}
			runtime.Goexit()
			return nil
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("late") == "" {
				runtime.Goexit()
			}
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				w.WriteString("chunk")
				w.Flush()
				runtime.Goexit()
				return nil
			})
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?late=1"} {
			if got, err := served.ClientSees(s, "GET", target); err == nil && got.Status < 500 {
				t.Errorf("%s: a complete %+v", target, got)
			}
		}
	})
}

// broken is the writer of a client that has left, which net/http knows from the write before its
// context says so.
type broken struct{ *httptest.ResponseRecorder }

func (broken) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func (broken) WriteString(string) (int, error) { return 0, syscall.EPIPE }

func (broken) FlushError() error { return syscall.EPIPE }

// That a client has left is not a failure of the handler, and nobody's error.
func TestALostClientIsNotLogged(t *testing.T) {
	for name := range served.Producers(nil, nil) {
		for _, form := range served.Forms {
			t.Run(name+"/"+form.Name, func(t *testing.T) {
				served.LeavesNothing(t)
				h := served.Producers(func(int) error { return nil }, make(chan error, 16))[name]
				var l served.Logs
				mux := served.NewMux(t, adapt.Config{Logger: l.Logger()}, func(r *adapt.Routes) { form.Register(r, "GET", "/", h) })
				func() {
					defer func() {
						if v := recover(); v != http.ErrAbortHandler {
							t.Errorf("the answer is not cut off: %v", v)
						}
					}()
					server := context.WithValue(t.Context(), http.ServerContextKey, new(http.Server)) // else nothing cuts it
					mux.ServeHTTP(broken{httptest.NewRecorder()}, httptest.NewRequest("GET", "/", nil).WithContext(server))
				}()
				if l.String() != "" {
					t.Errorf("logged: %s", l.String())
				}
			})
		}
	}
}
