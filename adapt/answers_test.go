package adapt_test

// What the wire must show of an answer, in whatever form the handler is served:
// its length, what belongs to the connection, HEAD, the statuses without a body,
// and writes that come too late or from several goroutines.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// clientSees asks for a target and returns what a client sees, an error where the
// answer is broken.
func clientSees(s *httptest.Server, method, target string) (answer, error) {
	req, err := http.NewRequest(method, s.URL+target, nil)
	if err != nil {
		return answer{}, err
	}
	res, err := s.Client().Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	res.Header.Del("Date")
	return answer{res.StatusCode, res.Header, string(body)}, err
}

// Hop-by-hop headers belong to the connection (RFC 9110, 7.6.1); the handler's
// own ones would break it, or leak what they say about another one.
func TestHopByHopHeaders(t *testing.T) {
	set := map[string]string{
		"Connection": "X-Internal, keep-alive", "Keep-Alive": "timeout=5", "Proxy-Connection": "keep-alive",
		"Te": "trailers", "Upgrade": "h2c", "Transfer-Encoding": "gzip", "X-Internal": "1", "X-Kept": "1",
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			for name, value := range set {
				res.Set(name, value)
			}
			if req.Query("stream") != "" {
				return res.Send(io.Reader(strings.NewReader("body")))
			}
			return res.Type("text/plain").Send("body")
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			var opts []fetch.Option
			for name, value := range set {
				opts = append(opts, fetch.SetHeader(name, value))
			}
			if req.Query("stream") != "" {
				return fetch.Stream(strings.NewReader("body"), opts...)
			}
			return fetch.Text("body", opts...)
		},
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?stream=1"} {
			got, err := clientSees(s, "GET", target)
			if err != nil || got.Body != "body" {
				t.Fatalf("%s: %+v %v", target, got, err)
			}
			for name := range set {
				want := ""
				if name == "X-Kept" {
					want = "1"
				}
				if v := got.Header.Get(name); v != want {
					t.Errorf("%s: %s is %q, want %q", target, name, v, want)
				}
			}
		}
	})
}

// "Connection: close" is the one thing that a handler may say of its connection,
// and 426 the one answer that has to offer an upgrade (RFC 9110, 15.5.22).
func TestConnectionHeadersThatStay(t *testing.T) {
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("close") != "" {
				return res.Set("Connection", "close").Send("bye")
			}
			return res.Status(426).Set("Connection", "Upgrade").Set("Upgrade", "websocket").End()
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("close") != "" {
				return fetch.Text("bye", fetch.SetHeader("Connection", "close"))
			}
			return fetch.Bytes(nil, fetch.Status(426), fetch.SetHeader("Connection", "Upgrade"), fetch.SetHeader("Upgrade", "websocket"))
		},
	}
	http1(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := dial(t, s)
		r := bufio.NewReader(conn)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		if got := readAnswer(t, r); got.Status != 426 || got.Header.Get("Upgrade") != "websocket" || got.Header.Get("Connection") != "Upgrade" {
			t.Errorf("%+v", got)
		}
		fmt.Fprint(conn, "GET /?close=1 HTTP/1.1\r\nHost: h\r\n\r\n")
		readAnswer(t, r)
		if n, err := r.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the connection goes on: %d %v", n, err)
		}
	})
}

// A head that promises a length is kept, or the answer is visibly broken.
func TestContentLength(t *testing.T) {
	const body = "0123456789"
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			res.Set("Content-Length", req.Query("promise"))
			switch req.Query("kind") {
			case "reader":
				return res.Send(io.Reader(strings.NewReader(body)))
			case "flushed":
				res.Flush()
			}
			for _, piece := range []string{body[:5], body[5:]} {
				if _, err := io.WriteString(res, piece); err != nil {
					return err
				}
			}
			return nil
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			promise := fetch.SetHeader("Content-Length", req.Query("promise"))
			if req.Query("kind") == "reader" {
				return fetch.Stream(strings.NewReader(body), promise)
			}
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				if req.Query("kind") == "flushed" {
					w.Flush()
				}
				for _, piece := range []string{body[:5], body[5:]} {
					if _, err := w.WriteString(piece); err != nil {
						return err
					}
				}
				return nil
			}, promise)
		},
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, kind := range []string{"reader", "flushed", "written"} {
			for promise, whole := range map[int]bool{10: true, 7: false, 5: false, 11: false, 10_000: false} {
				got, err := clientSees(s, "GET", fmt.Sprintf("/?kind=%s&promise=%d", kind, promise))
				switch {
				case whole && (err != nil || got.Body != body || got.Header.Get("Content-Length") != "10"):
					t.Errorf("%s, as promised: %+v %v", kind, got, err)
				case !whole && err == nil && got.Status < 500:
					t.Errorf("%s: %d bytes were promised and 10 written, and the client reads a complete %+v", kind, promise, got)
				}
			}
		}
	})
}

// A status without a body never starts a stream, closes its source, and is a
// complete answer.
func TestStatusesWithoutABody(t *testing.T) {
	ended := make(chan error, 1)
	step := func(int) error { t.Error("the source was read"); return io.EOF }
	code := func(query string) int { n, _ := strconv.Atoi(query); return n }
	old := func(req *reqres.Request, res *reqres.Response) error {
		return res.Status(code(req.Query("status"))).Send(newSource(step, nil, ended))
	}
	next := func(req *fetch.Request) (*fetch.Response, error) {
		res, err := fetch.Stream(newSource(step, nil, ended))
		return res.WithStatus(code(req.Query("status"))), err
	}
	for rule, tt := range map[string]struct {
		h    twins
		want func(status int) int
	}{
		"the mutable shape drops the body":                                     {twins{old, adapt.ToFetch(old)}, func(status int) int { return status }},
		"the immutable one refuses it (Fetch Standard, initialize a response)": {twins{adapt.ToReqRes(next), next}, func(int) int { return 500 }},
	} {
		t.Run(rule, func(t *testing.T) {
			everywhere(t, "GET", "/", tt.h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
				for _, status := range []int{204, 304} {
					got, err := clientSees(s, "GET", fmt.Sprint("/?status=", status))
					if err != nil || got.Status != tt.want(status) || got.Status != 500 && got.Body != "" {
						t.Errorf("%+v %v", got, err)
					}
					soon(t, "the close of the source", ended)
				}
			})
		})
	}
}

// HEAD of an endless stream has its answer and its end: also where the handler
// writes by itself, which net/http would let it do for ever.
func TestHEADOfAnEndlessStream(t *testing.T) {
	for name := range producers(nil, nil) {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 1024)
			h := producers(func(int) error { return nil }, ended)[name]
			everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
				for range 2 { // the connection is fit for another one
					if got, err := clientSees(s, "HEAD", "/"); err != nil || got.Status != 200 || got.Body != "" {
						t.Errorf("%+v %v", got, err)
					}
				}
			})
		})
	}
	t.Run("waiting", func(t *testing.T) {
		old := func(req *reqres.Request, res *reqres.Response) error {
			if err := res.Flush(); err != nil {
				return err
			}
			<-req.Context().Done()
			return req.Context().Err()
		}
		everywhere(t, "GET", "/", twins{reqres: old, fetch: adapt.ToFetch(old)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			for range 2 {
				if got, err := clientSees(s, "HEAD", "/"); err != nil || got.Status != 200 {
					t.Errorf("%+v %v", got, err)
				}
			}
		})
	})
	t.Run("never flushing", func(t *testing.T) {
		old := func(req *reqres.Request, res *reqres.Response) error {
			for {
				if _, err := res.Write(make([]byte, 1000)); err != nil {
					return err
				}
			}
		}
		everywhere(t, "GET", "/", twins{reqres: old, fetch: adapt.ToFetch(old)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			if got, err := clientSees(s, "HEAD", "/"); err != nil || got.Status != 200 {
				t.Errorf("%+v %v", got, err)
			}
		})
	})
}

// What is answered after the answer is refused, and is not in it.
func TestTrailingWrites(t *testing.T) {
	late := make(chan error, 8)
	h := twins{
		reqres: func(_ *reqres.Request, res *reqres.Response) error {
			err := res.JSON("whole")
			_, write := res.Write([]byte("more"))
			late <- write
			late <- res.Send("again")
			late <- res.Flush()
			return err
		},
		fetch: func(*fetch.Request) (*fetch.Response, error) {
			var kept *fetch.Writer
			r, err := fetch.StreamFunc(func(w *fetch.Writer) error {
				kept = w
				_, err := w.WriteString(`"whole"`)
				return err
			})
			if err != nil {
				return nil, err
			}
			b, err := r.Bytes()
			_, write := kept.WriteString("more")
			late <- write
			return must(fetch.Bytes(b)), err
		},
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		if got, err := clientSees(s, "GET", "/"); err != nil || got.Body != `"whole"` {
			t.Errorf("%+v %v", got, err)
		}
		for len(late) > 0 {
			if err := <-late; err == nil {
				t.Error("a call after the answer succeeded")
			}
		}
	})
}

func must(res *fetch.Response, err error) *fetch.Response { return fetch.Must(res, err) }

// Two goroutines of a handler may write at once: every write arrives in one
// piece.
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
	h := twins{
		reqres: func(_ *reqres.Request, res *reqres.Response) error { return both(res, res.Flush) },
		fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error { return both(w, w.Flush) })
		},
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		if got, err := clientSees(s, "GET", "/"); err != nil || got.Body != strings.Repeat(line, 2*each) {
			t.Errorf("%d bytes, %v", len(got.Body), err)
		}
	})
}

// A handler that ends its goroutine has not answered, or not to the end.
func TestGoexit(t *testing.T) {
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("late") != "" {
				io.WriteString(res, "chunk")
				res.Flush()
			}
			runtime.Goexit()
			return nil
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
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
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?late=1"} {
			if got, err := clientSees(s, "GET", target); err == nil && got.Status < 500 {
				t.Errorf("%s: a complete %+v", target, got)
			}
		}
	})
}

// A client that comes back says what it has seen last.
func TestLastEventID(t *testing.T) {
	from := func(last string) iter.Seq2[fetch.Event, error] {
		n, _ := strconv.Atoi(last)
		return func(yield func(fetch.Event, error) bool) {
			for i := n + 1; i <= 3; i++ {
				if !yield(fetch.Event{ID: strconv.Itoa(i), Data: "a\nb"}, nil) {
					return
				}
			}
		}
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			return res.SSE(from(req.Header("Last-Event-ID")))
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) { return fetch.SSE(from(req.Header("Last-Event-ID"))) },
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		req, _ := http.NewRequest("GET", s.URL, nil)
		req.Header.Set("Last-Event-ID", "1")
		got := do(t, s.Client(), req)
		want := "id: 2\ndata: a\ndata: b\n\nid: 3\ndata: a\ndata: b\n\n"
		if got.Body != want || got.Header.Get("Content-Type") != "text/event-stream" || got.Header.Get("Content-Length") != "" {
			t.Errorf("%+v", got)
		}
	})
}

// Lines of JSON arrive one by one: each is sent before the next one is made.
func TestNDJSON(t *testing.T) {
	const lines = 3
	var next chan struct{}
	values := func(yield func(int, error) bool) {
		for i := range lines {
			if _, ok := <-next; !ok || !yield(i, nil) {
				return
			}
		}
	}
	h := twins{
		reqres: func(_ *reqres.Request, res *reqres.Response) error {
			res.Type("application/x-ndjson")
			for v := range values {
				if err := json.NewEncoder(res).Encode(v); err != nil {
					return err
				}
				if err := res.Flush(); err != nil {
					return err
				}
			}
			return nil
		},
		fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.NDJSON(values) },
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		next = make(chan struct{}, 1)
		next <- struct{}{}
		res, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		r := bufio.NewReader(res.Body)
		for i := range lines {
			if line, err := r.ReadString('\n'); err != nil || line != fmt.Sprintln(i) {
				t.Fatalf("line %d: %q %v", i, line, err)
			}
			if i < lines-1 {
				next <- struct{}{}
			}
		}
		if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
			t.Errorf("%q %v", rest, err)
		}
	})
}

// A handler may answer while it reads: what the client sends next depends on
// what it has got.
func TestTransformWhileReading(t *testing.T) {
	upper := func(r io.Reader, w io.Writer, flush func() error) error {
		buf := make([]byte, 100)
		for {
			n, err := r.Read(buf)
			if n > 0 {
				if _, err := w.Write(bytes.ToUpper(buf[:n])); err != nil {
					return err
				}
				if err := flush(); err != nil {
					return err
				}
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error { return upper(req.Reader(), res, res.Flush) },
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			body := req.Reader()
			return fetch.StreamFunc(func(w *fetch.Writer) error { return upper(body, w, w.Flush) })
		},
	}
	everywhere(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		pr, pw := io.Pipe()
		defer pw.Close()
		go io.WriteString(pw, "ping")
		res, err := s.Client().Post(s.URL, "text/plain", pr)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		for i := range 20 {
			b := make([]byte, 4)
			if _, err := io.ReadFull(res.Body, b); err != nil || string(b) != "PING" {
				t.Fatalf("round %d: %q %v", i, b, err)
			}
			if i < 19 {
				io.WriteString(pw, "ping")
			}
		}
		pw.Close()
		if rest, err := io.ReadAll(res.Body); err != nil || len(rest) > 0 {
			t.Errorf("%q %v", rest, err)
		}
	})
}

// Whoever keeps the body of a request beyond the answer reads nothing of what
// may be the next request.
func TestReadsAfterTheAnswer(t *testing.T) {
	bodies := make(chan io.Reader, 1)
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			bodies <- req.Reader()
			return res.SendStatus(202)
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			bodies <- req.Reader()
			return fetch.Text("Accepted", fetch.Status(202))
		},
	}
	everywhere(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for range 3 {
			req, _ := http.NewRequest("POST", s.URL, strings.NewReader("private"))
			if got := do(t, s.Client(), req); got.Status != 202 {
				t.Fatalf("%+v", got)
			}
			if b, err := io.ReadAll(<-bodies); err == nil || len(b) > 0 {
				t.Errorf("%q %v", b, err)
			}
		}
	})
}

// A goroutine that still reads the body when the answer is complete gets an error,
// and touches neither the connection nor the next request on it.
func TestReadersLeftBehind(t *testing.T) {
	reading, ended := make(chan struct{}), make(chan error, 1)
	read := func(body io.Reader) {
		go func() {
			body.Read(make([]byte, 4))
			close(reading)
			_, err := io.Copy(io.Discard, body)
			ended <- err
		}()
		<-reading
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			read(req.Reader())
			return res.SendStatus(202)
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			read(req.Reader())
			return fetch.Text("Accepted", fetch.Status(202))
		},
	}
	// On HTTP/1 net/http waits for such a read before it ends a request.
	c := adapt.Config{Limits: adapt.Limits{ReadTimeout: time.Minute}}
	matrix(t, protocols[1:], "POST", "/", h, c, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for range 3 {
			reading = make(chan struct{})
			body, rest := io.Pipe()
			go rest.Write([]byte("half"))
			req, _ := http.NewRequest("POST", s.URL, body)
			if got := do(t, s.Client(), req); got.Status != 202 {
				t.Fatalf("%+v", got)
			}
			if err := soon(t, "the end of the reading", ended); err == nil {
				t.Error("half a body was read to its end")
			}
			rest.Close()
		}
	})
}

// After a stream has been sent, its response has no second one.
func TestAStreamIsSentOnce(t *testing.T) {
	ended := make(chan error, 4)
	shared, err := fetch.Stream(newSource(func(i int) error {
		if i == 3 {
			return io.EOF
		}
		return nil
	}, []byte("x"), ended))
	if err != nil {
		t.Fatal(err)
	}
	mux := newMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/", func(*fetch.Request) (*fetch.Response, error) { return shared, nil })
	})
	s := serve(t, mux, false)
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range 8 {
		wg.Go(func() {
			a, err := clientSees(s, "GET", "/")
			mu.Lock()
			defer mu.Unlock()
			got[fmt.Sprint(a.Status, a.Body, err)]++
		})
	}
	wg.Wait()
	want := map[string]int{"200xxx<nil>": 1, `500{"error":"Internal Server Error"}<nil>`: 7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := context.Cause(t.Context()); err != nil {
		t.Error(err)
	}
}

// broken is the writer of a client that has left, which net/http knows from the
// write before its context says so.
type broken struct{ *httptest.ResponseRecorder }

func (broken) Write([]byte) (int, error)       { return 0, syscall.EPIPE }
func (broken) WriteString(string) (int, error) { return 0, syscall.EPIPE }
func (broken) FlushError() error               { return syscall.EPIPE }

// That a client has left is no failure of the handler, and nobody's error.
func TestALostClientIsNotLogged(t *testing.T) {
	for name := range producers(nil, nil) {
		for _, form := range forms {
			t.Run(name+"/"+form.name, func(t *testing.T) {
				leavesNothing(t)
				h := producers(func(int) error { return nil }, make(chan error, 16))[name]
				var l logs
				mux := newMux(t, adapt.Config{Logger: l.logger()}, func(r *adapt.Routes) { form.register(r, "GET", "/", h) })
				func() {
					defer func() {
						if v := recover(); v != http.ErrAbortHandler {
							t.Errorf("the answer is not cut off: %v", v)
						}
					}()
					mux.ServeHTTP(broken{httptest.NewRecorder()}, httptest.NewRequest("GET", "/", nil))
				}()
				if l.String() != "" {
					t.Errorf("logged: %s", l.String())
				}
			})
		}
	}
}
