package streams_test

// Limits that answer at once, uploads that stop half-way, and Expect.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// A body beyond the limit is answered at once, while the client still sends.
func TestTooLargeIsAnsweredAtOnce(t *testing.T) {
	c := adapt.Config{Limits: adapt.Limits{Body: 1000, Stream: 1000}}
	h := served.Reads(func(r served.Request) (any, error) {
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
	served.HTTP1(t, "POST", "/", h, c, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?stream=reader", "/?stream=parts"} {
			for framing, upload := range map[string]string{
				"declared":          "Content-Length: 10000000000\r\n\r\n" + body,
				"chunked":           fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body),
				"declared, unsent":  "Content-Length: 10000000000\r\n\r\n",
				"declared, waiting": "Expect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n",
			} {
				conn := served.Dial(t, s)
				fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=xx\r\n%s", target, upload)
				got := served.ReadAnswer(t, bufio.NewReader(conn))
				if got.Status != 413 || !strings.Contains(got.Body, "larger than 1000 bytes") {
					t.Errorf("%s %s: %+v", target, framing, got)
				}
				conn.Close()
			}
		}
	})
}

// An upload that stalls is answered 408 when its time is over; one that breaks off is answered 400,
// or not at all, and never taken for a whole one.
func TestStalledAndBrokenUploads(t *testing.T) {
	c := adapt.Config{Limits: adapt.Limits{ReadTimeout: 50 * time.Millisecond}}
	served.HTTP1(t, "POST", "/", texts, c, func(t *testing.T, s *httptest.Server) {
		conn := served.Dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
		if got := served.ReadAnswer(t, bufio.NewReader(conn)); got.Status != 408 {
			t.Errorf("a stalled upload: %+v", got)
		}
		conn = served.Dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
		conn.CloseWrite()
		if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil && res.StatusCode < 400 {
			t.Errorf("half an upload: %d", res.StatusCode)
		}
	})
}

// The same in process, where the body is that of a request over a connection: the end of the time is
// the end of the request's context too, and the handler knows better why.
func TestStalledUploadInProcess(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{Limits: adapt.Limits{ReadTimeout: 50 * time.Millisecond}}, func(r *adapt.Routes) { r.Fetch.POST("/", texts.Fetch) })
	s := served.Serve(t, fetch.Handler(mux.Fetch), false)
	conn := served.Dial(t, s)
	fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
	if got := served.ReadAnswer(t, bufio.NewReader(conn)); got.Status != 408 {
		t.Errorf("%+v", got)
	}
}

// An http.Handler behind anything reads the errors that net/http has, which many compare with ==;
// what is left of a body that cannot be read is not taken for the next request.
func TestHTTPHandlersReadTheirOwnErrors(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch q := r.URL.Query(); {
		case q.Has("close"):
			_ = r.Body.Close()
		case q.Has("late"):
			_ = http.NewResponseController(w).Flush()
		}
		_, err := io.ReadAll(r.Body)
		fmt.Fprint(w, err == io.ErrUnexpectedEOF, " ", err)
	})
	const garbage = "nothing\r\n\r\nGET /?garbage HTTP/1.1\r\nHost: h\r\n\r\n"
	served.HTTP1(t, "POST", "/", served.Twins{ReqRes: reqres.FromHTTP(h), Fetch: fetch.FromHTTP(h)}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, target := range []string{"/", "/?late", "/?close"} {
			for framing, want := range map[string]string{
				"Content-Length: 9\r\n\r\nshort":               "true unexpected EOF",
				"Transfer-Encoding: chunked\r\n\r\n" + garbage: "false invalid byte in chunk length",
			} {
				if target == "/?close" {
					want = "false http: invalid Read on closed Body"
				}
				conn := served.Dial(t, s)
				fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\n%s", target, framing)
				conn.CloseWrite()
				r := bufio.NewReader(conn)
				if got := served.ReadAnswer(t, r); got.Body != want {
					t.Errorf("%s, %.20q: %+v, want %q", target, framing, got, want)
				}
				if rest, err := io.ReadAll(r); len(rest) > 0 {
					t.Errorf("%s, %.20q: and then %q, %v", target, framing, rest, err)
				}
			}
		}
	})
}

// Expect: 100-continue is answered when the handler asks for the body, and not before.
func TestExpectContinue(t *testing.T) {
	h := served.Reads(func(r served.Request) (any, error) {
		if r.Query("reject") != "" {
			return nil, fetch.Errorf(403, "no")
		}
		return r.Text()
	})
	served.HTTP1(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := served.Dial(t, s)
		fmt.Fprint(conn, "POST /?reject=1 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
		if got := served.ReadAnswer(t, bufio.NewReader(conn)); got.Status != 403 {
			t.Errorf("rejected: %+v", got)
		}
		conn = served.Dial(t, s)
		fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
		r := bufio.NewReader(conn)
		line, err := textproto.NewReader(r).ReadLine()
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
			t.Fatalf("%q %v", line, err)
		}
		r.ReadString('\n')
		fmt.Fprint(conn, "body")
		if got := served.ReadAnswer(t, r); got.Body != `"body"` {
			t.Errorf("accepted: %+v", got)
		}
	})
}

// texts reads the whole body as text, and answers with its length.
var texts = served.Reads(func(r served.Request) (any, error) { s, err := r.Text(); return len(s), err })

// What an http.Handler is told of a body, and what the client is, does not depend on the mux: the
// errors of net/http, trailers, an answer that comes before the body does, and whether the connection
// goes on after that.
func TestBodiesAsWithoutTheMux(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/early" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_, err := io.ReadAll(r.Body)
		fmt.Fprint(w, err, r.Trailer)
	})
	at := func(stage migrate.Stage) func(*adapt.Routes) {
		return func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Migration: served.Patient(stage)}, func(r *adapt.Routes) {
				r.Migrate("POST", "/[...rest]", reqres.FromHTTP(h), fetch.FromHTTP(h))
			})
		}
	}
	places := map[string]http.Handler{
		"alone": h,
		"mount": served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/", h) }),
		"old":   served.NewMux(t, adapt.Config{}, at(migrate.Old)),
		"live":  served.NewMux(t, adapt.Config{}, at(migrate.Live)),
	}
	for _, tt := range []struct{ rule, head, body, want string }{
		{"a body that ends early", "/all", "Content-Length: 9\r\n\r\nabc", "200  unexpected EOF map[]"},
		{"a chunk that is none", "/all", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "200  invalid byte in chunk length map[]"},
		{"trailers", "/all", "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n", "200  <nil> map[X-Sum:[7]]"},
		{"an answer before the rest of a body, whose connection ends", "/early", "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "403 close no"},
		{"an answer before a long body", "/early", "Content-Length: 9000000\r\n\r\nabc", "403 close no"},
		{"an answer before a short body", "/early", "Content-Length: 3\r\n\r\nabc", "403  no"},
	} {
		for place, h := range places {
			s := served.Serve(t, h, false)
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			conn.SetDeadline(time.Now().Add(30 * time.Second))
			io.WriteString(conn, "POST "+tt.head+" HTTP/1.1\r\nHost: svc.example\r\n"+tt.body)
			if tt.head == "/all" {
				conn.(*net.TCPConn).CloseWrite()
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Errorf("%s, %s: %v", tt.rule, place, err)
				conn.Close()
				continue
			}
			body, err := io.ReadAll(res.Body)
			conn.Close()
			ends := ""
			if res.Close && tt.head == "/early" {
				ends = "close"
			}
			if got := fmt.Sprint(res.StatusCode, " ", ends, " ", strings.TrimSpace(string(body))); err != nil || got != tt.want {
				t.Errorf("%s, %s: %q %v, want %q", tt.rule, place, got, err, tt.want)
			}
		}
	}
}
