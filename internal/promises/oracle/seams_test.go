package oracle_test

// Rows of the seams that the oracle does not see, because they need more than one handler or
// another client.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// A4: what middleware sees is the answer, also where the request asks for another protocol.
func TestA4MiddlewareSeesTheAnswer(t *testing.T) {
	for name, h := range map[string]func(r *adapt.Routes){
		"http": func(r *adapt.Routes) {
			r.Handle("GET", path, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, "secret") }))
		},
		"reqres": func(r *adapt.Routes) {
			r.ReqRes.GET(path, func(_ *reqres.Request, res *reqres.Response) error { return res.Status(203).Send("secret") })
		},
	} {
		var body string
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) {
					res, err := next(req)
					if err == nil {
						b, _ := res.Buffered()
						body = string(b)
						return fetch.Text("redacted")
					}
					return res, err
				}
			})
			h(r)
		})
		got := ask(served.Serve(t, mux, false).Client(), served.Serve(t, mux, false).URL, idiom{header: http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}})
		if body != "secret" || got.Body != "redacted" {
			t.Errorf("%s: the middleware saw %q, the client %q", name, body, got.Body)
		}
	}
}

// upgraded says 101, takes the connection and says hello.
func upgraded(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Connection", "upgrade")
	w.Header().Set("Upgrade", "x")
	w.WriteHeader(101)
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer conn.Close()
	say2(rw, "hello\n")
}

// A4, A7: an upgrade passes middleware as the answer that it is, which may refuse it; where there
// is no connection no 101 goes out.
func TestA7Upgrades(t *testing.T) {
	stamp := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			res, err := next(req)
			if err != nil {
				return nil, err
			}
			if req.Query("refuse") != "" {
				return fetch.Text("no", fetch.Status(403))
			}
			return res.WithHeader("X-Seen", fmt.Sprint(res.Status())), nil
		}
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.UseFetch(stamp)
		r.Use(served.PassHTTP)
		r.UseFetch(served.PassFetch)
		r.Handle("GET", path, http.HandlerFunc(upgraded))
	})
	s := served.Serve(t, mux, false)
	conn := served.Dial(t, s)
	in := bufio.NewReader(conn)
	say(writer{conn}, "GET "+path+" HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	hello, err := in.ReadString('\n')
	if res.StatusCode != 101 || res.Header.Get("X-Seen") != "101" || hello != "hello\n" {
		t.Errorf("%d %v %q, %v", res.StatusCode, res.Header, hello, err)
	}
	if got := served.Ask(t, mux, "GET", path+"?refuse=1"); got.Status != 403 || got.Body != "no" {
		t.Errorf("refused: %+v", got)
	}
	for name, around := range map[string]http.Handler{
		"a TimeoutHandler around": http.TimeoutHandler(mux, 1<<40, ""),
		"a recorder":              mux,
	} {
		rec := httptest.NewRecorder()
		around.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if rec.Code < 500 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
}

// writer is a connection as a ResponseWriter, for say.
type writer struct{ net.Conn }

func (writer) Header() http.Header { return nil }
func (writer) WriteHeader(int)     {}

// A5: an upload is whole, whenever the handler begins to answer.
func TestA5FlushAndThenRead(t *testing.T) {
	for _, i := range idioms() {
		if i.name != "a flush, and then the body" {
			continue
		}
		for _, p := range places {
			if p.register == nil || p.name == "behind middleware that reads" {
				continue
			}
			s := served.Serve(t, p.handler(t, subject{http: i.h}), false)
			if got := ask(s.Client(), s.URL, i); got.Body != "begin 100000<nil>" && got.Body != "begin 100000 <nil>" {
				t.Errorf("%s: %q", p.name, got.Body)
			}
		}
	}
}

// A6: what middleware puts in place counts, in the request that it was given or in a copy.
func TestA6WhatMiddlewarePutsInPlace(t *testing.T) {
	read := func(req served.Request) string {
		b, err := req.Bytes()
		return fmt.Sprint(req.Param("id"), " ", req.Header("X-A"), " ", string(b), " ", err != nil)
	}
	shapes := map[string]func(r *adapt.Routes){
		"reqres": func(r *adapt.Routes) {
			r.ReqRes.POST("/x/:id", func(req *reqres.Request, res *reqres.Response) error { return res.Send(read(req)) })
		},
		"fetch": func(r *adapt.Routes) {
			r.Fetch.POST("/x/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(read(req)) })
		},
		"http": func(r *adapt.Routes) {
			r.Handle("POST", "/x/:id", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, err := io.ReadAll(r.Body)
				fmt.Fprint(w, r.PathValue("id"), " ", r.Header.Get("X-A"), " ", string(b), " ", err != nil)
			}))
		},
	}
	for what, put := range map[string]struct {
		in   func(w http.ResponseWriter, r *http.Request) *http.Request
		want string
	}{
		"a body in place": {func(_ http.ResponseWriter, r *http.Request) *http.Request {
			r.Body = io.NopCloser(strings.NewReader("BODY"))
			return r
		}, "1  BODY false"},
		"a limit in place": {func(w http.ResponseWriter, r *http.Request) *http.Request {
			r.Body = http.MaxBytesReader(w, r.Body, 3)
			return r
		}, "1   true"},
		"path values in a copy": {func(_ http.ResponseWriter, r *http.Request) *http.Request {
			r = r.Clone(r.Context())
			r.SetPathValue("id", "2")
			r.Header.Set("X-A", "b")
			return r
		}, "2 b body false"},
		"path values in place": {func(_ http.ResponseWriter, r *http.Request) *http.Request {
			r.SetPathValue("id", "2")
			return r
		}, "2  body false"},
	} {
		for shape, register := range shapes {
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				r.Use(func(next http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, put.in(w, r)) })
				})
				register(r)
			})
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, httptest.NewRequest("POST", "/x/1", strings.NewReader("body")))
			got := rec.Body.String()
			if strings.HasPrefix(what, "a limit") {
				got, put.want = fmt.Sprint(strings.Contains(got, "body")), "false"
			}
			if got != put.want {
				t.Errorf("%s, %s: %q, want %q", what, shape, got, put.want)
			}
		}
	}
}

// B6: what fetch middleware puts in place counts for an http.Handler too, also behind a Use and with
// another context.
func TestB6WithParam(t *testing.T) {
	type key struct{}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.UseFetch(func(next fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) {
				return next(req.WithContext(context.WithValue(req.Context(), key{}, "v")).WithParam("id", "2"))
			}
		})
		value := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.PathValue("id"), r.Context().Value(key{}))
		})
		r.Handle("GET", "/handle/:id", value)
		r.Fetch.GET("/from/:id", fetch.FromHTTP(value))
		r.Scope(adapt.Scope{Prefix: "/use"}, func(r *adapt.Routes) {
			r.Use(served.PassHTTP)
			r.Handle("GET", "/:id", value)
			r.ReqRes.GET("/reqres/:id", func(req *reqres.Request, res *reqres.Response) error {
				return res.Send(fmt.Sprint(req.Param("id"), req.Context().Value(key{})))
			})
		})
	})
	for _, target := range []string{"/handle/1", "/from/1", "/use/1", "/use/reqres/1"} {
		if got := served.Ask(t, mux, "GET", target); got.Body != "2v" {
			t.Errorf("%s: %q, want %q", target, got.Body, "2v")
		}
	}
}

// A10: nothing that two can hold shares memory that one can write.
func TestA10NothingIsShared(t *testing.T) {
	req := fetch.NewRequest("POST", "/", fetch.Body([]byte("body")))
	clone, err := req.Clone()
	if err != nil {
		t.Fatal(err)
	}
	b, _ := clone.Bytes()
	b[0] = 'X'
	_ = append(b, '!')
	if err := req.Buffer(); err != nil {
		t.Fatal(err)
	}
	again, _ := req.Bytes()
	again[0] = 'Y'
	if third, _ := req.Bytes(); string(third) != "body" || cap(third) != len(third) {
		t.Errorf("the body is %q", third)
	}
	res := fetch.Must(fetch.Bytes([]byte("page")))
	page, _ := res.Buffered()
	page[0] = 'X'
	if whole, _ := res.Bytes(); string(whole) != "page" {
		t.Errorf("the response is %q", whole)
	}
	h := reqres.Handler(func(req *reqres.Request, res *reqres.Response) error {
		b, _ := req.Bytes()
		b[0] = 'X'
		b, _ = req.Bytes()
		return res.Send(string(b))
	})
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("POST", "/", strings.NewReader("body")))
	if rec.Body.String() != "body" {
		t.Errorf("reqres: %q", rec.Body)
	}
}

// A11: a status that HTTP does not have is a 500, in every place.
func TestA11StatusesThatAreNone(t *testing.T) {
	for _, code := range []int{0, 42, 99, 1000} {
		for _, p := range places[1:] {
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); say(w, "x") })
			if got := served.Ask(t, p.handler(t, subject{http: h}), "GET", path); got.Status != 500 {
				t.Errorf("%s: %d is answered %d", p.name, code, got.Status)
			}
		}
	}
}

// A20: the temporary files of a form that an http.Handler has parsed go with the request.
func TestA20TemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, i := range idioms() {
		if i.name != "a multipart form" {
			continue
		}
		for _, p := range places[1:] {
			if p.register == nil {
				continue
			}
			s := served.Serve(t, p.handler(t, subject{http: i.h}), false)
			ask(s.Client(), s.URL, i)
			s.CloseClientConnections()
			s.Close()
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%s: %d files are left", p.name, len(left))
			}
		}
	}
}

// secretive is an error of another type that knows a status.
type secretive struct{}

func (secretive) Error() string   { return "the secret" }
func (secretive) StatusCode() int { return 404 }

// A21: an error of another type chooses the status, not the text.
func TestA21ErrorsOfOtherTypes(t *testing.T) {
	served.Everywhere(t, "GET", path, served.Twins{
		ReqRes: func(*reqres.Request, *reqres.Response) error { return secretive{} },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, fmt.Errorf("x: %w", secretive{}) },
	}, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		if got, err := served.ClientSees(s, "GET", path); err != nil || got.Status != 404 || strings.Contains(got.Body, "secret") {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// B3: what a handler had set before it failed is kept, but for what describes the body that was not
// sent.
func TestB3HeadersOfAFailedHandler(t *testing.T) {
	fails := map[string]func() error{
		"an error": func() error { return reqres.Errorf(401, "who are you") },
		"a panic":  func() error { panic("boom") },
	}
	for name, fail := range fails {
		h := func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("WWW-Authenticate", "Basic").Set("Etag", `"x"`).Set("Cache-Control", "max-age=9")
			res.ClearCookie("session", reqres.CookieOptions{})
			return fail()
		}
		var want served.Answer
		for i, form := range served.Forms {
			if strings.HasPrefix(form.Name, "fetch") || form.Name == "migration at New" {
				continue
			}
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				form.Register(r, "GET", path, served.Twins{ReqRes: h, Fetch: served.Says("new")})
			})
			got := served.Ask(t, mux, "GET", path)
			if i == 0 {
				want = got
				if got.Header.Get("WWW-Authenticate") == "" || len(got.Header["Set-Cookie"]) != 1 || got.Header.Get("Cache-Control") != "" {
					t.Errorf("%s: %v", name, got.Header)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-native +here)\n%s", name, form.Name, diff)
			}
		}
		res, err := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.ReqRes.GET(path, h) }).Fetch(fetch.NewRequest("GET", path))
		if err != nil || res.Header("WWW-Authenticate") != "Basic" {
			t.Errorf("%s, in process: %v, %v", name, res, err)
		}
	}
}

// B8: on hosts other than net/http an answer without a type has no such header at all.
func TestB8NoTypeIsNoHeader(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
		r.Fetch.GET(path, func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes([]byte("x")) })
	})
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	if _, ok := rec.Header()["Content-Type"]; ok || rec.Body.String() != "x" {
		t.Errorf("%v", rec.Header())
	}
}
