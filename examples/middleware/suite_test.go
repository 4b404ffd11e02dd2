package main

// Middleware of the world, inside the mux and around it. The oracle is net/http itself: the same
// endpoint as a plain http.Handler in a ServeMux behind the same middleware. What a client gets of an
// endpoint in either shape, of a conversion, or of a migration at any stage is what it gets there,
// header by header.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// endpoint is one endpoint in three forms.
type endpoint struct {
	http   http.HandlerFunc
	reqres reqres.Handler
	fetch  fetch.Handler
}

// service has an endpoint for each thing that middleware may get in the way of.
type service struct {
	seen func(ctx context.Context) string // what the middleware has left in the context
	goOn chan struct{}                    // lets a stream go on
}

const (
	plain  = "text/plain; charset=utf-8"
	events = "text/event-stream; charset=utf-8"
)

// page is longer than a compressor's least size, and tells what the context holds.
func (s *service) page() endpoint {
	text := func(id string, ctx context.Context) string {
		return id + " " + s.seen(ctx) + "\n" + strings.Repeat("0123456789", 300)
	}
	return endpoint{
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", plain)
			w.Header().Set("ETag", `"1"`)
			body := text(r.PathValue("id"), r.Context())
			w.Header().Set("Content-Length", fmt.Sprint(len(body))) // both shapes know it
			io.WriteString(w, body)
		},
		func(req *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", plain).Set("ETag", `"1"`).Send(text(req.Param("id"), req.Context()))
		},
		func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text(text(req.Param("id"), req.Context()), fetch.SetHeader("Content-Type", plain), fetch.SetHeader("ETag", `"1"`))
		},
	}
}

// body answers with what it was sent, or with why it could not read it.
func (s *service) body() endpoint {
	answer := func(body string, err error) (string, int) {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return fmt.Sprint("more than ", tooLarge.Limit, " bytes"), 413
		} else if err != nil {
			return err.Error(), 400
		}
		return body, 200
	}
	return endpoint{
		func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			text, status := answer(string(b), err)
			w.Header().Set("Content-Type", plain)
			w.Header().Set("ETag", `"1"`)
			w.WriteHeader(status)
			io.WriteString(w, text)
		},
		func(req *reqres.Request, res *reqres.Response) error {
			text, status := answer(req.Text())
			return res.Status(status).Set("Content-Type", plain).Set("ETag", `"1"`).Send(text)
		},
		func(req *fetch.Request) (*fetch.Response, error) {
			text, status := answer(req.Text())
			return fetch.Text(text, fetch.Status(status), fetch.SetHeader("Content-Type", plain), fetch.SetHeader("ETag", `"1"`))
		},
	}
}

// stream sends an event, and a second one when its client says that the first has come.
func (s *service) stream() endpoint {
	write := func(ctx context.Context, w io.Writer, flush func() error) error {
		for i := range 2 {
			if i > 0 {
				select {
				case <-s.goOn:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if _, err := fmt.Fprintf(w, "data: %d\n\n", i); err != nil {
				return err
			}
			if err := flush(); err != nil {
				return err
			}
		}
		return nil
	}
	return endpoint{
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", events)
			write(r.Context(), w, func() error { http.NewResponseController(w).Flush(); return nil })
		},
		func(req *reqres.Request, res *reqres.Response) error {
			res.Set("Content-Type", events)
			return write(req.Context(), res, func() error { res.Flush(); return nil })
		},
		func(req *fetch.Request) (*fetch.Response, error) {
			ctx := req.Context()
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				return write(ctx, w, func() error { w.Flush(); return nil })
			}, fetch.SetHeader("Content-Type", events))
		},
	}
}

// socket is a WebSocket that echoes.
func (s *service) socket() endpoint {
	echo := func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return // it has been answered
		}
		defer c.CloseNow()
		kind, b, err := c.Read(r.Context())
		if err == nil {
			c.Write(r.Context(), kind, b)
			c.Close(websocket.StatusNormalClosure, "")
		}
	}
	return endpoint{
		echo,
		func(req *reqres.Request, res *reqres.Response) error { echo(res, req.HTTP()); return nil },
		fetch.FromHTTP(http.HandlerFunc(echo)),
	}
}

// endpoints are those of the service by method and path below a form.
func (s *service) endpoints() map[string]endpoint {
	return map[string]endpoint{"GET /page/:id": s.page(), "POST /body": s.body(), "GET /stream": s.stream(), "GET /socket": s.socket()}
}

// forms are the ways in which a mux may come to serve an endpoint.
var forms = map[string]func(r *adapt.Routes, method, path string, e endpoint){
	"http":   func(r *adapt.Routes, m, p string, e endpoint) { r.Handle(m, p, e.http) },
	"reqres": func(r *adapt.Routes, m, p string, e endpoint) { r.ReqRes.On(m, p, e.reqres) },
	"fetch":  func(r *adapt.Routes, m, p string, e endpoint) { r.Fetch.On(m, p, e.fetch) },
	"reqres-behind-fetch": func(r *adapt.Routes, m, p string, e endpoint) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) { return next(req) }
			})
			r.ReqRes.On(m, p, e.reqres)
		})
	},
	"fetch-behind-reqres": func(r *adapt.Routes, m, p string, e endpoint) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.UseReqRes(func(next reqres.Handler) reqres.Handler {
				return func(req *reqres.Request, res *reqres.Response) error { return next(req, res) }
			})
			r.Fetch.On(m, p, e.fetch)
		})
	},
	"old":    pairAt(migrate.Plan{Stage: migrate.Old}),
	"shadow": pairAt(migrate.Plan{Stage: migrate.Shadow}),
	"canary": pairAt(migrate.Plan{Stage: migrate.Canary, Share: 1}),
	"live":   pairAt(migrate.Plan{Stage: migrate.Live}),
	"new":    pairAt(migrate.Plan{Stage: migrate.New}),
}

func pairAt(plan migrate.Plan) func(r *adapt.Routes, method, path string, e endpoint) {
	return func(r *adapt.Routes, m, p string, e endpoint) {
		c := migrate.Config{Plan: plan, Key: func(*http.Request) (string, bool) { return "everybody", true }}
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) { r.Migrate(m, p, e.reqres, e.fetch) })
	}
}

// inMux serves all forms behind middleware that stands inside the mux or around it.
func (s *service) inMux(t *testing.T, mw func(http.Handler) http.Handler, around bool) http.Handler {
	t.Helper()
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		if !around {
			r.Use(mw)
		}
		for form, register := range forms {
			for on, e := range s.endpoints() {
				method, path, _ := strings.Cut(on, " ")
				register(r, method, "/"+form+path, e)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mux.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if around {
		return mw(mux)
	}
	return mux
}

// inServeMux is the oracle.
func (s *service) inServeMux(mw func(http.Handler) http.Handler) http.Handler {
	mux := http.NewServeMux()
	for on, e := range s.endpoints() {
		method, path, _ := strings.Cut(strings.Replace(on, ":id", "{id}", 1), " ")
		mux.Handle(method+" /native"+path, e.http)
	}
	return mw(mux)
}

// answer is what a client gets, without what no two requests have in common.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Err    string
}

var secrets = regexp.MustCompile(`(^[^=]+|Expires)=[^;]*`)

var volatile = regexp.MustCompile(`(?i)^(Date|X-Request-Id|X-Ratelimit-(Remaining|Reset))$`)

// client asks one form of a server, with cookies of its own.
type client struct {
	t    *testing.T
	ctx  context.Context // ends when nobody can be waiting for anything but a fault
	s    *service
	base string
	http *http.Client
	row  row
}

func newClient(t *testing.T, s *service, base string, c row) *client {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return &client{t, ctx, s, base, &http.Client{Transport: transport, Jar: jar}, c}
}

func (c *client) send(method, path, body string, known bool) (*http.Response, error) {
	req, err := http.NewRequestWithContext(c.ctx, method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "text/plain")
	}
	if strings.HasSuffix(path, "stream") {
		req.Header.Set("Accept", events)
	}
	if known && c.row.known != nil {
		c.row.known(req)
	}
	return c.http.Do(req)
}

func (c *client) ask(method, path, body string, known bool) (got answer) {
	res, err := c.send(method, path, body, known)
	if err != nil {
		return answer{Err: "no answer"}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		got.Err = "a broken answer"
	}
	return c.answer(res, b, got.Err)
}

func (c *client) answer(res *http.Response, body []byte, err string) answer {
	for name := range res.Header {
		if volatile.MatchString(name) {
			res.Header[name] = []string{"…"}
		}
	}
	for i, cookie := range res.Header["Set-Cookie"] {
		res.Header["Set-Cookie"][i] = secrets.ReplaceAllString(cookie, "$1=…")
	}
	return answer{res.StatusCode, res.Header, string(body), err}
}

// streamed reads a stream as it comes: the first event is there before the second is made, unless the
// middleware is one that holds answers back.
func (c *client) streamed() answer {
	if c.row.buffers {
		c.s.goOn <- struct{}{}
	}
	res, err := c.send("GET", "/stream", "", true)
	if err != nil {
		return answer{Err: "no answer"}
	}
	defer res.Body.Close()
	r := bufio.NewReader(res.Body)
	var body strings.Builder
	if !c.row.buffers {
		for range 2 {
			line, err := r.ReadString('\n')
			if err != nil {
				return answer{Err: "no first event"}
			}
			body.WriteString(line)
		}
		c.s.goOn <- struct{}{}
	}
	rest, err := io.ReadAll(r)
	if body.Write(rest); err != nil {
		return answer{Err: "a broken stream"}
	}
	return c.answer(res, []byte(body.String()), "")
}

// spoken is what a WebSocket answers.
func (c *client) spoken() answer {
	req, _ := http.NewRequest("GET", c.base, nil)
	if c.row.known != nil {
		c.row.known(req)
	}
	ws, res, err := websocket.Dial(c.ctx, c.base+"/socket", &websocket.DialOptions{HTTPClient: c.http, HTTPHeader: req.Header})
	if err != nil {
		if res == nil {
			return answer{Err: "no connection"}
		}
		return answer{Status: res.StatusCode}
	}
	defer ws.CloseNow()
	if err := ws.Write(c.ctx, websocket.MessageText, []byte("hello")); err != nil {
		return answer{Err: "not written"}
	}
	_, b, err := ws.Read(c.ctx)
	if err != nil {
		return answer{Err: "not read"}
	}
	_, _, err = ws.Read(c.ctx)
	return answer{Status: res.StatusCode, Body: fmt.Sprint(string(b), ", then ", websocket.CloseStatus(err))}
}

// asked is all that is asked, in this order: the second page belongs to the session of the first.
func (c *client) asked() map[string]answer {
	got := map[string]answer{}
	got["page"] = c.ask("GET", "/page/7", "", true)
	got["page again"] = c.ask("GET", "/page/7", "", true)
	got["page for a stranger"] = c.ask("GET", "/page/7", "", false)
	got["HEAD"] = c.ask("HEAD", "/page/7", "", true)
	got["small body"] = c.ask("POST", "/body", "small", true)
	got["large body"] = c.ask("POST", "/body", strings.Repeat("large", 20), true)
	got["stream"] = c.streamed()
	got["socket"] = c.spoken()
	return got
}

func TestMiddlewareOfTheWorld(t *testing.T) {
	for name, c := range rows() {
		t.Run(name, func(t *testing.T) {
			serve := func(build func(*service, func(http.Handler) http.Handler) http.Handler) (*service, string) {
				mw, seen := c.middleware()
				if seen == nil {
					seen = func(context.Context) string { return "nothing" }
				}
				s := &service{seen: seen, goOn: make(chan struct{}, 1)}
				server := httptest.NewUnstartedServer(build(s, mw))
				server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
				server.Start()
				t.Cleanup(server.Close)
				return s, server.URL
			}
			s, base := serve(func(s *service, mw func(http.Handler) http.Handler) http.Handler { return s.inServeMux(mw) })
			want := newClient(t, s, base+"/native", c).asked()
			if c.check != nil {
				c.check(t, want)
			}
			for _, around := range []bool{false, true} {
				s, base := serve(func(s *service, mw func(http.Handler) http.Handler) http.Handler { return s.inMux(t, mw, around) })
				for form := range forms {
					got := newClient(t, s, base+"/"+form, c).asked()
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s, around the mux: %v (-net/http alone +here)\n%s", form, around, diff)
					}
				}
			}
		})
	}
}

// A panic ends as a 500 that the client can read, and the middleware sees it as one, in every form.
func TestPanicsBehindMiddleware(t *testing.T) {
	fails := endpoint{
		func(http.ResponseWriter, *http.Request) { panic("planted") },
		func(*reqres.Request, *reqres.Response) error { panic("planted") },
		func(*fetch.Request) (*fetch.Response, error) { panic("planted") },
	}
	for name, c := range rows() {
		mw, _ := c.middleware()
		mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
			r.Use(mw)
			for form, register := range forms {
				register(r, "GET", "/"+form, fails)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for form := range forms {
			r := httptest.NewRequest("GET", "/"+form, nil)
			if c.known != nil {
				c.known(r)
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			if w.Code != 500 {
				t.Errorf("%s behind %s: %d %s", form, name, w.Code, w.Body)
			}
		}
		if err := mux.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
