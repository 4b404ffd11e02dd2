package wire_test

// What the wire must show of an answer, in whatever form the handler is served: its length, what
// belongs to the connection, the statuses without a body, and writes that come too late.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Hop-by-hop headers belong to the connection (RFC 9110, 7.6.1); the handler's own ones would break
// it, or leak what they say about another one.
func TestHopByHopHeaders(t *testing.T) {
	set := map[string]string{
		"Connection": "X-Internal, keep-alive", "Keep-Alive": "timeout=5", "Proxy-Connection": "keep-alive",
		"Te": "trailers", "Upgrade": "h2c", "Transfer-Encoding": "gzip", "X-Internal": "1", "X-Kept": "1",
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			for name, value := range set {
				res.Set(name, value)
			}
			if req.Query("stream") != "" {
				return res.Send(io.Reader(strings.NewReader("body")))
			}
			return res.Type("text/plain").Send("body")
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			var opts []fetch.ResponseOption
			for name, value := range set {
				opts = append(opts, fetch.SetHeader(name, value))
			}
			if req.Query("stream") != "" {
				return fetch.Stream(strings.NewReader("body"), opts...)
			}
			return fetch.Text("body", opts...)
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?stream=1"} {
			got, err := served.ClientSees(s, "GET", target)
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

// "Connection: close" is the one thing that a handler may say of its connection, and 426 the one
// answer that has to offer an upgrade (RFC 9110, 15.5.22).
func TestConnectionHeadersThatStay(t *testing.T) {
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("close") != "" {
				return res.Set("Connection", "close").Send("bye")
			}
			return res.Status(426).Set("Connection", "Upgrade").Set("Upgrade", "websocket").End()
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("close") != "" {
				return fetch.Text("bye", fetch.SetHeader("Connection", "close"))
			}
			return fetch.Bytes(nil, fetch.Status(426), fetch.SetHeader("Connection", "Upgrade"), fetch.SetHeader("Upgrade", "websocket"))
		},
	}
	served.HTTP1(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := served.Dial(t, s)
		r := bufio.NewReader(conn)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		if got := served.ReadAnswer(t, r); got.Status != 426 || got.Header.Get("Upgrade") != "websocket" || got.Header.Get("Connection") != "Upgrade" {
			t.Errorf("%+v", got)
		}
		fmt.Fprint(conn, "GET /?close=1 HTTP/1.1\r\nHost: h\r\n\r\n")
		served.ReadAnswer(t, r)
		if n, err := r.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the connection goes on: %d %v", n, err)
		}
	})
}

// A head that promises a length is kept, or the answer is visibly broken.
func TestContentLength(t *testing.T) {
	const body = "0123456789"
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
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
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
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
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, kind := range []string{"reader", "flushed", "written"} {
			for promise, whole := range map[int]bool{10: true, 7: false, 5: false, 11: false, 10_000: false} {
				got, err := served.ClientSees(s, "GET", fmt.Sprintf("/?kind=%s&promise=%d", kind, promise))
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

// A status without a body never starts a stream, closes its source, and is a complete answer.
func TestStatusesWithoutABody(t *testing.T) {
	ended := make(chan error, 1)
	step := func(int) error { t.Error("the source was read"); return io.EOF }
	code := func(query string) int { n, _ := strconv.Atoi(query); return n }
	old := func(req *reqres.Request, res *reqres.Response) error {
		return res.Status(code(req.Query("status"))).Send(served.NewSource(step, nil, ended))
	}
	next := func(req *fetch.Request) (*fetch.Response, error) {
		res, err := fetch.Stream(served.NewSource(step, nil, ended))
		return res.WithStatus(code(req.Query("status"))), err
	}
	for rule, tt := range map[string]struct {
		h    served.Twins
		want func(status int) int
	}{
		"the mutable shape drops the body":                                     {served.Twins{ReqRes: old, Fetch: adapt.ToFetch(old)}, func(status int) int { return status }},
		"the immutable one refuses it (Fetch Standard, initialize a response)": {served.Twins{ReqRes: adapt.ToReqRes(next), Fetch: next}, func(int) int { return 500 }},
	} {
		t.Run(rule, func(t *testing.T) {
			served.Everywhere(t, "GET", "/", tt.h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
				for _, status := range []int{204, 205, 304} {
					got, err := served.ClientSees(s, "GET", fmt.Sprint("/?status=", status))
					if err != nil || got.Status != tt.want(status) || got.Status != 500 && got.Body != "" {
						t.Errorf("%+v %v", got, err)
					}
					served.Soon(t, "the close of the source", ended)
				}
			})
		})
	}
}

// 205 has no body (RFC 9110, 15.3.6), and since net/http takes it for a status with one, its head
// says so: whatever length its handler has said.
func TestResetContentSaysThatItIsEmpty(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1")
		w.WriteHeader(http.StatusResetContent)
		_, _ = io.WriteString(w, "x")
	})
	served.Everywhere(t, "GET", "/", served.Twins{ReqRes: reqres.FromHTTP(h), Fetch: fetch.FromHTTP(h)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for range 2 { // the connection is fit for another one
			if got, err := served.ClientSees(s, "GET", "/"); err != nil || got.Status != 205 || got.Body != "" || got.Header.Get("Content-Length") != "0" {
				t.Errorf("%+v %v", got, err)
			}
		}
	})
}

// What is answered after the answer is refused, and is not in it.
func TestTrailingWrites(t *testing.T) {
	late := make(chan error, 8)
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			err := res.JSON("whole")
			_, write := res.Write([]byte("more"))
			late <- write
			late <- res.Send("again")
			late <- res.Flush()
			return err
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
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
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		if got, err := served.ClientSees(s, "GET", "/"); err != nil || got.Body != `"whole"` {
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
