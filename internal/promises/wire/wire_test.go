package wire_test

// What only raw connections show: half-closed ones, keep-alive, informational answers, trailers,
// and what a ResponseController does.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// A client that has closed its half of the connection still gets its answer, however long it takes,
// from a handler that gives one although its context has ended: net/http cannot tell such a client
// from one that has left.
func TestHalfClosedConnection(t *testing.T) {
	slow := func(ctx context.Context) {
		<-ctx.Done()
		time.Sleep(100 * time.Millisecond) // a conversion must not have lost its patience
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			slow(req.Context())
			return res.Send("answer")
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			slow(req.Context())
			return fetch.HTML("answer")
		},
	}
	served.HTTP1(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := served.Dial(t, s)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
		conn.CloseWrite()
		if got := served.ReadAnswer(t, bufio.NewReader(conn)); got.Status != 200 || got.Body != "answer" {
			t.Errorf("%+v", got)
		}
	})
}

// A connection is fit for the next request after each of these.
func TestKeepAlive(t *testing.T) {
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			if req.Query("read") != "" {
				io.ReadFull(req.Reader(), make([]byte, 3))
			}
			return res.Status(200).End()
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("read") != "" {
				io.ReadFull(req.Reader(), make([]byte, 3))
			}
			return fetch.Bytes(nil)
		},
	}
	served.HTTP1(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		conn := served.Dial(t, s)
		r := bufio.NewReader(conn)
		for _, target := range []string{"/", "/?read=1", "/", "/?read=1"} {
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nunread", target)
			if got := served.ReadAnswer(t, r); got.Status != 200 {
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
			r.UseReqRes(served.PassReqRes)
			r.Use(served.PassHTTP)
			r.Handle("GET", "/", http.HandlerFunc(handler))
		},
	}
	for name, register := range routes {
		for _, h2 := range []bool{false, true} {
			t.Run(fmt.Sprint(name, "/h2=", h2), func(t *testing.T) {
				s := served.Serve(t, served.NewMux(t, adapt.Config{}, register), h2)
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

// http.ResponseController reaches the connection through every wrapper; behind a conversion a
// hijack is refused.
func TestResponseController(t *testing.T) {
	control := func(w http.ResponseWriter) error {
		rc := http.NewResponseController(w)
		return errors.Join(rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Time{}), rc.EnableFullDuplex(), rc.Flush())
	}
	var got error
	old := func(req *reqres.Request, res *reqres.Response) error { got = control(res); return nil }
	std := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = control(w) })
	hijack := func(_ *reqres.Request, res *reqres.Response) error {
		conn, rw, err := http.NewResponseController(res).Hijack()
		if got = err; err != nil {
			return res.SendStatus(501)
		}
		defer conn.Close()
		_, _ = rw.WriteString("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
		return rw.Flush()
	}
	mux := served.NewMux(t, adapt.Config{},
		func(r *adapt.Routes) {
			r.ReqRes.GET("/reqres", old)
			r.Handle("GET", "/http", std)
			r.Fetch.GET("/fetch", fetch.FromHTTP(std))
			r.Fetch.GET("/converted", served.PassFetch(adapt.ToFetch(hijack)))
		},
		func(r *adapt.Routes) {
			r.UseReqRes(served.PassReqRes)
			r.Use(served.PassHTTP)
			r.UseFetch(served.PassFetch)
			r.ReqRes.GET("/deep/fetch/reqres", old)
			r.Handle("GET", "/deep/fetch/http", std)
		},
	)
	s := served.Serve(t, mux, false)
	for _, path := range []string{"/reqres", "/http", "/fetch", "/deep/fetch/reqres", "/deep/fetch/http", "/converted"} {
		got = errors.New("not called")
		req, _ := http.NewRequest("GET", s.URL+path, nil)
		served.Do(t, s.Client(), req)
		if got != nil {
			t.Errorf("%s: %v", path, got)
		}
	}
	res, err := mux.Fetch(fetch.NewRequest("GET", "/converted"))
	if err != nil || res.Status() != 501 || !errors.Is(got, http.ErrNotSupported) {
		t.Errorf("a hijack without a connection: %v, answered %v, %v", got, res, err)
	}
}
