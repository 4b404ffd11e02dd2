package streams_test

// How streams begin, are read and end: HEAD, NDJSON, events that go on where they stopped,
// transforms, reads after the answer, readers that nobody closes.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// HEAD of an endless stream has its answer and its end: also where the handler writes by itself,
// which net/http would let it do for ever.
func TestHEADOfAnEndlessStream(t *testing.T) {
	for name := range served.Producers(nil, nil) {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 1024)
			h := served.Producers(func(int) error { return nil }, ended)[name]
			served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
				for range 2 { // the connection is fit for another one
					if got, err := served.ClientSees(s, "HEAD", "/"); err != nil || got.Status != 200 || got.Body != "" {
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
		served.Everywhere(t, "GET", "/", served.Twins{ReqRes: old, Fetch: adapt.ToFetch(old)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			for range 2 {
				if got, err := served.ClientSees(s, "HEAD", "/"); err != nil || got.Status != 200 {
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
		served.Everywhere(t, "GET", "/", served.Twins{ReqRes: old, Fetch: adapt.ToFetch(old)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			if got, err := served.ClientSees(s, "HEAD", "/"); err != nil || got.Status != 200 {
				t.Errorf("%+v %v", got, err)
			}
		})
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
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			return res.SSE(from(req.Header("Last-Event-ID")))
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) { return fetch.SSE(from(req.Header("Last-Event-ID"))) },
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		req, _ := http.NewRequest("GET", s.URL, nil)
		req.Header.Set("Last-Event-ID", "1")
		got := served.Do(t, s.Client(), req)
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
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
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
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.NDJSON(values) },
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
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

// A handler may answer while it reads: what the client sends next depends on what it has got.
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
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error { return upper(req.Reader(), res, res.Flush) },
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			body := req.Reader()
			return fetch.StreamFunc(func(w *fetch.Writer) error { return upper(body, w, w.Flush) })
		},
	}
	served.Everywhere(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
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

// A handler that keeps the body of a request beyond the answer reads nothing of what may be the
// next request.
func TestReadsAfterTheAnswer(t *testing.T) {
	bodies := make(chan io.Reader, 1)
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			bodies <- req.Reader()
			return res.SendStatus(202)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			bodies <- req.Reader()
			return fetch.Text("Accepted", fetch.Status(202))
		},
	}
	served.Everywhere(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for range 3 {
			req, _ := http.NewRequest("POST", s.URL, strings.NewReader("private"))
			if got := served.Do(t, s.Client(), req); got.Status != 202 {
				t.Fatalf("%+v", got)
			}
			if b, err := io.ReadAll(<-bodies); err == nil || len(b) > 0 {
				t.Errorf("%q %v", b, err)
			}
		}
	})
}

// A goroutine that still reads the body when the answer is complete gets an error, and touches
// neither the connection nor the next request on it.
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
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			read(req.Reader())
			return res.SendStatus(202)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			read(req.Reader())
			return fetch.Text("Accepted", fetch.Status(202))
		},
	}
	// On HTTP/1 net/http waits for such a read before it ends a request.
	c := adapt.Config{Limits: adapt.Limits{ReadTimeout: time.Minute}}
	served.Matrix(t, served.Protocols[1:], "POST", "/", h, c, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for range 3 {
			reading = make(chan struct{})
			body, rest := io.Pipe()
			go rest.Write([]byte("half"))
			req, _ := http.NewRequest("POST", s.URL, body)
			if got := served.Do(t, s.Client(), req); got.Status != 202 {
				t.Fatalf("%+v", got)
			}
			if err := served.Soon(t, "the end of the reading", ended); err == nil {
				t.Error("half a body was read to its end")
			}
			rest.Close()
		}
	})
}

// After a stream has been sent, its response has no second one.
func TestAStreamIsSentOnce(t *testing.T) {
	ended := make(chan error, 4)
	shared, err := fetch.Stream(served.NewSource(func(i int) error {
		if i == 3 {
			return io.EOF
		}
		return nil
	}, []byte("x"), ended))
	if err != nil {
		t.Fatal(err)
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/", func(*fetch.Request) (*fetch.Response, error) { return shared, nil })
	})
	s := served.Serve(t, mux, false)
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for range 8 {
		wg.Go(func() {
			a, err := served.ClientSees(s, "GET", "/")
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
