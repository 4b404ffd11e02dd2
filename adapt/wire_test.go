package adapt_test

// What only raw connections show: uploads that stop half-way, clients that do
// not read, limits that must answer at once, cuts at any byte.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// dial opens a raw connection.
func dial(t testing.TB, s *httptest.Server) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c.(*net.TCPConn)
}

// read reads one answer from a raw connection.
func readAnswer(t testing.TB, r *bufio.Reader) answer {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

// texts reads the whole body as text, and answers with its length.
var texts = reads(func(r request) (any, error) { s, err := r.Text(); return len(s), err })

// http1 runs a test for an endpoint in every form, over HTTP/1.1.
func http1(t *testing.T, method, path string, h twins, c adapt.Config, test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	matrix(t, protocols[:1], method, path, h, c, func(*http.Server) {}, test)
}

// A body beyond the limit is answered at once, while the client still sends.
func TestTooLargeIsAnsweredAtOnce(t *testing.T) {
	c := adapt.Config{Limits: adapt.Limits{Body: 1000, Stream: 1000}}
	h := reads(func(r request) (any, error) {
		switch r.Query("stream") {
		case "reader":
			return io.Copy(io.Discard, r.Reader())
		case "parts":
			for part, err := range r.Parts() {
				if err != nil {
					return nil, err
				}
				if _, err := io.Copy(io.Discard, part); err != nil {
					return nil, err
				}
			}
		}
		return r.Text()
	})
	body := "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + strings.Repeat("x", 1001)
	http1(t, "POST", "/", h, c, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?stream=reader", "/?stream=parts"} {
			for framing, upload := range map[string]string{
				"declared":          "Content-Length: 10000000000\r\n\r\n" + body,
				"chunked":           fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body),
				"declared, unsent":  "Content-Length: 10000000000\r\n\r\n",
				"declared, waiting": "Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n",
			} {
				conn := dial(t, s)
				fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=xx\r\n%s", target, upload)
				got := readAnswer(t, bufio.NewReader(conn))
				if got.Status != 413 || !strings.Contains(got.Body, "larger than 1000 bytes") {
					t.Errorf("%s %s: %+v", target, framing, got)
				}
				conn.Close()
			}
		}
	})
}

// An upload that stalls is answered 408 when its time is over; one that breaks
// off is answered 400, or not at all, and never taken for a whole one.
func TestStalledAndBrokenUploads(t *testing.T) {
	c := adapt.Config{Limits: adapt.Limits{ReadTimeout: 50 * time.Millisecond}}
	http1(t, "POST", "/", texts, c, func(t *testing.T, s *httptest.Server) {
		conn := dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
		if got := readAnswer(t, bufio.NewReader(conn)); got.Status != 408 {
			t.Errorf("a stalled upload: %+v", got)
		}
		conn = dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
		conn.CloseWrite()
		if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil && res.StatusCode < 400 {
			t.Errorf("half an upload: %d", res.StatusCode)
		}
	})
}

// A client that has closed its half of the connection still gets its answer,
// however long it takes, from a handler that gives one although its context has
// ended: net/http cannot tell such a client from one that has left.
func TestHalfClosedConnection(t *testing.T) {
	slow := func(ctx context.Context) {
		<-ctx.Done()
		time.Sleep(100 * time.Millisecond) // a conversion must not have lost its patience
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			slow(req.Context())
			return res.Send("answer")
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			slow(req.Context())
			return fetch.HTML("answer")
		},
	}
	http1(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := dial(t, s)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		conn.CloseWrite()
		if got := readAnswer(t, bufio.NewReader(conn)); got.Status != 200 || got.Body != "answer" {
			t.Errorf("%+v", got)
		}
	})
}

// Expect: 100-continue is answered when the handler asks for the body, and not
// before.
func TestExpectContinue(t *testing.T) {
	h := reads(func(r request) (any, error) {
		if r.Query("reject") != "" {
			return nil, fetch.Errorf(403, "no")
		}
		return r.Text()
	})
	http1(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := dial(t, s)
		fmt.Fprint(conn, "POST /?reject=1 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
		if got := readAnswer(t, bufio.NewReader(conn)); got.Status != 403 {
			t.Errorf("rejected: %+v", got)
		}
		conn = dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
		r := bufio.NewReader(conn)
		line, err := textproto.NewReader(r).ReadLine()
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
			t.Fatalf("%q %v", line, err)
		}
		r.ReadString('\n')
		fmt.Fprint(conn, "body")
		if got := readAnswer(t, r); got.Body != `"body"` {
			t.Errorf("accepted: %+v", got)
		}
	})
}

// A connection is fit for the next request after each of these.
func TestKeepAlive(t *testing.T) {
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("read") != "" {
				io.ReadFull(req.Reader(), make([]byte, 3))
			}
			return res.Status(200).End()
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("read") != "" {
				io.ReadFull(req.Reader(), make([]byte, 3))
			}
			return fetch.Bytes(nil)
		},
	}
	http1(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := dial(t, s)
		r := bufio.NewReader(conn)
		for _, target := range []string{"/", "/?read=1", "/", "/?read=1"} {
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nunread", target)
			if got := readAnswer(t, r); got.Status != 200 {
				t.Errorf("%s: %+v", target, got)
			}
		}
	})
}

// Early hints and trailers pass through every wrapper.
func TestEarlyHintsAndTrailers(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
	}
	routes := map[string]func(r *adapt.Routes){
		"reqres": func(r *adapt.Routes) {
			r.ReqRes.GET("/", func(req *reqres.Request, res *reqres.Response) error { handler(res, req.HTTP()); return nil })
		},
		"http": func(r *adapt.Routes) { r.Handle("GET", "/", http.HandlerFunc(handler)) },
		"http behind all middleware": func(r *adapt.Routes) {
			r.ReqRes.Use(passReqRes)
			r.Use(passHTTP)
			r.Handle("GET", "/", http.HandlerFunc(handler))
		},
	}
	for name, register := range routes {
		for _, h2 := range []bool{false, true} {
			t.Run(fmt.Sprint(name, "/h2=", h2), func(t *testing.T) {
				s := serve(t, newMux(t, adapt.Config{}, register), h2)
				hints := ""
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
					Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
						hints = fmt.Sprint(code, " ", h.Get("Link"))
						return nil
					},
				})
				req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
				res, err := s.Client().Do(req)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || string(body) != "body" || res.StatusCode != 200 {
					t.Errorf("%d %q %v", res.StatusCode, body, err)
				}
				if hints != "103 </style.css>; rel=preload" {
					t.Errorf("hints %q", hints)
				}
				if got := res.Trailer.Get("X-Sum"); got != "42" {
					t.Errorf("trailer %q", got)
				}
				if got := res.Header.Get("Link"); got != "" {
					t.Errorf("the hint is in the head: %q", got)
				}
			})
		}
	}
}

// http.ResponseController reaches the connection through every wrapper; behind
// a conversion a hijack is refused.
func TestResponseController(t *testing.T) {
	control := func(w http.ResponseWriter) error {
		rc := http.NewResponseController(w)
		return errors.Join(rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Time{}), rc.EnableFullDuplex(), rc.Flush())
	}
	var got error
	old := func(req *reqres.Request, res *reqres.Response) error { got = control(res); return nil }
	std := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = control(w) })
	hijack := func(_ *reqres.Request, res *reqres.Response) error {
		_, _, got = http.NewResponseController(res).Hijack()
		return res.SendStatus(501)
	}
	s := serve(t, newMux(t, adapt.Config{},
		func(r *adapt.Routes) {
			r.ReqRes.GET("/reqres", old)
			r.Handle("GET", "/http", std)
			r.Fetch.GET("/fetch", fetch.FromHTTP(std))
			r.Fetch.GET("/converted", passFetch(adapt.ToFetch(hijack)))
		},
		func(r *adapt.Routes) {
			r.ReqRes.Use(passReqRes)
			r.Use(passHTTP)
			r.ReqRes.GET("/deep/reqres", old)
			r.Handle("GET", "/deep/http", std)
		},
	), false)
	for _, path := range []string{"/reqres", "/http", "/fetch", "/deep/reqres", "/deep/http"} {
		got = errors.New("not called")
		req, _ := http.NewRequest("GET", s.URL+path, nil)
		do(t, s.Client(), req)
		if got != nil {
			t.Errorf("%s: %v", path, got)
		}
	}
	req, _ := http.NewRequest("GET", s.URL+"/converted", nil)
	if a := do(t, s.Client(), req); a.Status != 501 || !errors.Is(got, http.ErrNotSupported) {
		t.Errorf("a hijack behind a conversion: %v, answered %d", got, a.Status)
	}
}

// An upgrade is a native answer, also behind middleware that only looks at the
// request.
func TestUpgrades(t *testing.T) {
	upgrade := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer conn.Close()
		rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		rw.Flush()
		line, _ := rw.ReadString('\n')
		rw.WriteString("echo " + line)
		rw.Flush()
	})
	old := func(req *reqres.Request, res *reqres.Response) error {
		upgrade(res, req.HTTP())
		return nil
	}
	reject := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("sid") == "" {
				return nil, fetch.Errorf(401, "log in first")
			}
			return next(req)
		}
	}
	s := serve(t, newMux(t, adapt.Config{},
		func(r *adapt.Routes) {
			r.ReqRes.GET("/reqres", old)
			r.Fetch.GET("/fetch", fetch.FromHTTP(upgrade))
			r.Handle("GET", "/http", upgrade)
		},
		func(r *adapt.Routes) {
			r.Fetch.Use(reject)
			r.ReqRes.Use(passReqRes)
			r.Fetch.Use(reject)
			r.Fetch.GET("/deep/fetch", fetch.FromHTTP(upgrade))
		},
		func(r *adapt.Routes) {
			r.ReqRes.Use(passReqRes)
			r.Use(passHTTP)
			r.ReqRes.GET("/deep/reqres", old)
		},
	), false)
	ask := func(target string) (*bufio.Reader, *net.TCPConn, *http.Response) {
		conn := dial(t, s)
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n", target)
		r := bufio.NewReader(conn)
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		return r, conn, res
	}
	for _, path := range []string{"/reqres", "/fetch", "/http", "/deep/fetch?sid=1", "/deep/reqres"} {
		r, conn, res := ask(path)
		if res.StatusCode != 101 {
			t.Errorf("%s: %d", path, res.StatusCode)
			continue
		}
		fmt.Fprint(conn, "hello\n")
		if line, err := r.ReadString('\n'); line != "echo hello\n" {
			t.Errorf("%s: %q %v", path, line, err)
		}
	}
	if _, _, res := ask("/deep/fetch"); res.StatusCode != 401 {
		t.Errorf("middleware did not reject the upgrade: %d", res.StatusCode)
	}
}

// Many clients of one event stream, of whom half leave in the middle.
func TestEventsToManyClients(t *testing.T) {
	clients, events := sized(20, 200), sized(200, 10_000)
	var open atomic.Int64
	stream := func(yield func(fetch.Event, error) bool) {
		open.Add(1)
		defer open.Add(-1)
		for i := range events {
			if !yield(fetch.Event{ID: fmt.Sprint(i), Data: "x"}, nil) {
				return
			}
		}
	}
	h := twins{
		reqres: func(_ *reqres.Request, res *reqres.Response) error { return res.SSE(stream) },
		fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.SSE(stream) },
	}
	everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		var wg sync.WaitGroup
		for i := range clients {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
				res, err := s.Client().Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				defer res.Body.Close()
				if i%2 == 0 {
					io.ReadFull(res.Body, make([]byte, 100))
					return
				}
				body, err := io.ReadAll(res.Body)
				if n := bytes.Count(body, []byte("data: x\n\n")); n != events || err != nil {
					t.Errorf("%d of %d events, %v", n, events, err)
				}
			})
		}
		wg.Wait()
		for range 500 {
			if open.Load() == 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%d producers are still running", open.Load())
	})
}

// Connections cut at random bytes, in both directions: an answer that a client
// takes for complete is complete, and the right one; whether it is framed by
// chunks, by its length, or by HTTP/2.
func TestCutConnections(t *testing.T) {
	const seed = 1
	requests := sized(200, 2000)
	events := func(n int) iter.Seq2[fetch.Event, error] {
		return func(yield func(fetch.Event, error) bool) {
			for i := range n {
				if !yield(fetch.Event{ID: fmt.Sprint(i), Data: "event"}, nil) {
					return
				}
			}
		}
	}
	h := twins{
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			switch req.Query("kind") {
			case "length":
				b, err := req.Bytes()
				if err != nil {
					return err
				}
				return res.Send(b)
			case "events":
				b, err := req.Bytes()
				if err != nil {
					return err
				}
				return res.SSE(events(len(b) / 30))
			}
			return res.Send(req.Reader())
		},
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			switch req.Query("kind") {
			case "length":
				b, err := req.Bytes()
				if err != nil {
					return nil, err
				}
				return fetch.Bytes(b)
			case "events":
				b, err := req.Bytes()
				if err != nil {
					return nil, err
				}
				return fetch.SSE(events(len(b) / 30))
			}
			return fetch.Stream(req.Reader())
		},
	}
	sent, complete := 0, map[string]int{}
	rng, bytesOf := rand.New(rand.NewPCG(seed, 2)), rand.NewChaCha8([32]byte{seed})
	over := []string{"HTTP/1.1", "h2c"}
	matrix(t, over, "POST", "/", h, adapt.Config{}, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for range requests / len(forms) / len(over) {
			kind := []string{"echo", "length", "events"}[sent%3]
			sent++
			body := make([]byte, rng.IntN(64<<10))
			bytesOf.Read(body)
			want := body
			if kind == "events" {
				want = nil
				for event := range events(len(body) / 30) {
					want = event.Append(want)
				}
			}
			proxy := cutting(t, s.Listener.Addr().String(), rng.Int64N(2*int64(len(body)+2000)), rng.Int64N(2*int64(len(want)+2000)))
			transport := &http.Transport{Protocols: s.Client().Transport.(*http.Transport).Protocols}
			got, err := func() ([]byte, error) {
				defer transport.CloseIdleConnections()
				req, _ := http.NewRequest("POST", "http://"+proxy+"/?kind="+kind, io.MultiReader(bytes.NewReader(body)))
				res, err := (&http.Client{Transport: transport}).Do(req)
				if err != nil {
					return nil, err
				}
				defer res.Body.Close()
				got, err := io.ReadAll(res.Body)
				if err == nil && res.StatusCode != 200 {
					err = fmt.Errorf("status %d", res.StatusCode)
				}
				return got, err
			}()
			if err != nil {
				continue // visibly broken
			}
			complete[kind]++
			if !bytes.Equal(got, want) {
				t.Errorf("%s: a complete answer has %d bytes, want %d: the same as far as it goes: %v", kind, len(got), len(want), bytes.HasPrefix(want, got))
			}
		}
	})
	t.Logf("seed %d: of %d answers these were complete: %v", seed, sent, complete)
	for _, kind := range []string{"echo", "length", "events"} {
		if complete[kind] == 0 {
			t.Errorf("no answer of the kind %s was complete: nothing is proved", kind)
		}
	}
}

// cutting is a proxy for one connection, which passes just so many bytes in
// each direction.
func cutting(t testing.TB, to string, up, down int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer l.Close()
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer server.Close()
		done := make(chan struct{}, 2)
		go func() { io.CopyN(server, client, up); done <- struct{}{} }()
		go func() { io.CopyN(client, server, down); done <- struct{}{} }()
		<-done
		client.Close()
		server.Close()
		<-done
	}()
	return l.Addr().String()
}
