package cors_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/reference"
	"github.com/crossfade-go/crossfade/reqres"
)

// shapes are the wrappers of a policy around the same behaviour.
type shapes struct {
	http   http.HandlerFunc
	reqres reqres.Handler
	fetch  fetch.Handler
}

func (s shapes) under(p *cors.Policy) map[string]http.Handler {
	m := make(map[string]http.Handler)
	if s.http != nil {
		m["http"] = p.Handler(s.http)
	}
	if s.reqres != nil {
		m["reqres"] = p.ReqRes(s.reqres)
	}
	if s.fetch != nil {
		m["fetch"] = p.Fetch(s.fetch)
	}
	return m
}

// answering sets headers and a status, in every shape.
func answering(status int, header http.Header) shapes {
	return shapes{
		http: func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
			w.WriteHeader(status)
		},
		reqres: func(_ *reqres.Request, res *reqres.Response) error {
			for name, values := range header {
				res.Header()[name] = values
			}
			return res.Status(status).End()
		},
		fetch: func(*fetch.Request) (*fetch.Response, error) {
			opts := []fetch.ResponseOption{fetch.Status(status)}
			for name, values := range header {
				for _, v := range values {
					opts = append(opts, fetch.AddHeader(name, v))
				}
			}
			return fetch.NoContent(opts...)
		},
	}
}

// ofProtocol is what a policy has a say in.
func ofProtocol(h http.Header) http.Header {
	own := make(http.Header)
	for name, values := range h {
		if len(values) > 0 && (name == "Vary" || strings.HasPrefix(name, "Access-Control-")) {
			own[name] = values
		}
	}
	return own
}

// Each request of router.json, to handlers of the three shapes that answer in each way of its
// routes: the headers are the same, byte for byte.
func TestShapesAgree(t *testing.T) {
	var file struct {
		Policies map[string]neutral
		Cases    []struct {
			ID      string
			Request struct {
				Method, Path string
				Headers      map[string]any
			}
		}
	}
	reference.Read(t, "cors/router.json", &file)
	ways := map[string]shapes{
		"plain":          answering(200, nil),
		"304":            answering(304, nil),
		"404":            answering(404, http.Header{"X-A": {"1"}}),
		"varies":         answering(200, http.Header{"Vary": {"Accept"}}),
		"varies already": answering(200, http.Header{"Vary": {"Accept, origin"}}),
		"by hand":        answering(200, http.Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"GET"}}),
	}
	for name, config := range file.Policies {
		policy := mustPolicy(t, config.config())
		for _, c := range file.Cases {
			for way, s := range ways {
				want := make(map[string]http.Header)
				for shape, h := range s.under(policy) {
					r := httptest.NewRequest(c.Request.Method, "/", nil)
					for header, value := range c.Request.Headers {
						for _, v := range lines(value) {
							r.Header.Add(header, v)
						}
					}
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					want[shape] = ofProtocol(w.Result().Header)
				}
				if len(want["http"]) == 0 {
					t.Errorf("%s, policy %s, %s: no headers", c.ID, name, way)
				}
				for _, shape := range []string{"reqres", "fetch"} {
					if diff := cmp.Diff(want["http"], want[shape]); diff != "" {
						t.Errorf("%s, policy %s, %s (-http +%s):\n%s", c.ID, name, way, shape, diff)
					}
				}
			}
		}
	}
}

func lines(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var all []string
	for _, s := range v.([]any) {
		all = append(all, s.(string))
	}
	return all
}

// Failures can be read by scripts, whatever they are made of.
func TestFailuresCarryTheHeaders(t *testing.T) {
	both := func(status int, name string, err error) (string, int, shapes) {
		return name, status, shapes{
			reqres: func(*reqres.Request, *reqres.Response) error { return err },
			fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, err },
		}
	}
	one := func(status int, name string, f fetch.Handler, r reqres.Handler) (string, int, shapes) {
		return name, status, shapes{reqres: r, fetch: f}
	}
	check := func(name string, status int, s shapes) {
		t.Helper()
		for shape, h := range s.under(appPolicy(t)) {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, fromApp("GET"))
			if diff := cmp.Diff(whatAppGets, normal(ofProtocol(w.Result().Header))); diff != "" || w.Code != status {
				t.Errorf("%s in %s: status %d, want %d; headers (-want +got):\n%s", name, shape, w.Code, status, diff)
			}
		}
	}
	check(both(500, "an error", errors.New("boom")))
	check(both(404, "an error with a status", fetch.Errorf(404, "no such thing")))
	check(both(503, "a wrapped error", fmt.Errorf("so: %w", &fetch.Error{Status: 503})))
	check(both(401, "an error with the protocol's headers", &fetch.Error{Status: 401,
		Header: http.Header{"Access-Control-Allow-Origin": {"*"}, "access-control-allow-methods": {"GET"}}}))
	check(one(500, "a panic",
		func(*fetch.Request) (*fetch.Response, error) { panic("boom") },
		func(*reqres.Request, *reqres.Response) error { panic("boom") }))
	check(one(500, "no answer",
		func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
		func(*reqres.Request, *reqres.Response) error { return nil }))
	check(one(500, "a header that is refused",
		func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.Text("x")).WithHeader("X-A", "a\nb"), nil
		},
		func(_ *reqres.Request, res *reqres.Response) error { return res.Set("X-A", "a\nb").Send("x") }))
	gone := fetch.Must(fetch.Text("gone", fetch.Status(410), fetch.SetHeader("Access-Control-Allow-Origin", "*")))
	check(one(410, "a response for an error",
		func(*fetch.Request) (*fetch.Response, error) {
			return nil, fmt.Errorf("so: %w", fetch.AsError(gone, nil))
		}, nil))
	if gone.Header("Vary") != "" || gone.Header("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the policy has written into a response that is shared: %v", gone.Headers())
	}

	// What an error says beside the protocol stays.
	for shape, h := range (shapes{
		reqres: func(*reqres.Request, *reqres.Response) error { return busy },
		fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, busy },
	}).under(appPolicy(t)) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, fromApp("GET"))
		want := http.Header{"Retry-After": {"1"}, "Vary": {"Accept", "Origin"}}
		got := http.Header{"Retry-After": w.Header()["Retry-After"], "Vary": w.Header()["Vary"]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", shape, diff)
		}
	}
	if diff := cmp.Diff(http.Header{"Retry-After": {"1"}, "Vary": {"Accept"}}, busy.Header); diff != "" {
		t.Errorf("the policy has written into an error that is shared (-want +got):\n%s", diff)
	}
}

var busy = &fetch.Error{Status: 503, Header: http.Header{"Retry-After": {"1"}, "Vary": {"Accept"}}}

// http.ErrAbortHandler is not an answer.
func TestAbortPasses(t *testing.T) {
	for shape, h := range (shapes{
		http:   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		reqres: func(*reqres.Request, *reqres.Response) error { panic(http.ErrAbortHandler) },
		fetch:  func(*fetch.Request) (*fetch.Response, error) { panic(http.ErrAbortHandler) },
	}).under(appPolicy(t)) {
		func() {
			defer func() {
				if v := recover(); v != http.ErrAbortHandler {
					t.Errorf("%s: recovered %v, want http.ErrAbortHandler", shape, v)
				}
			}()
			r := fromApp("GET")
			server := context.WithValue(r.Context(), http.ServerContextKey, new(http.Server)) // where the panic cuts the connection
			h.ServeHTTP(httptest.NewRecorder(), r.WithContext(server))
		}()
	}
}

// A stream reaches its client while it lasts, and an upgrade gets the connection.
func TestStreamsAndUpgradesPass(t *testing.T) {
	release := make(chan struct{})
	step := func(w io.Writer, flush func() error) error {
		_, _ = io.WriteString(w, "first")
		if err := flush(); err != nil {
			return err
		}
		<-release
		_, err := io.WriteString(w, "last")
		return err
	}
	upgrade := func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\nhello")
		_ = buf.Flush()
	}
	streams := shapes{
		http: func(w http.ResponseWriter, _ *http.Request) { _ = step(w, http.NewResponseController(w).Flush) },
		reqres: func(_ *reqres.Request, res *reqres.Response) error {
			return step(res, res.Flush)
		},
		fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error { return step(w, w.Flush) })
		},
	}.under(appPolicy(t))
	upgrades := shapes{
		http:   upgrade,
		reqres: func(req *reqres.Request, res *reqres.Response) error { upgrade(res, req.HTTP()); return nil },
		fetch:  fetch.FromHTTP(http.HandlerFunc(upgrade)),
	}.under(appPolicy(t))
	for shape := range streams {
		mux := http.NewServeMux()
		mux.Handle("/stream", streams[shape])
		mux.Handle("/upgrade", upgrades[shape])
		server := httptest.NewServer(mux)
		defer server.Close()
		open := func(path string) (*http.Response, error) {
			r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", app)
			if path == "/upgrade" {
				r.Header.Set("Connection", "Upgrade")
				r.Header.Set("Upgrade", "test")
			}
			return server.Client().Do(r)
		}
		res, err := open("/stream")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whatAppGets, normal(ofProtocol(res.Header))); diff != "" {
			t.Errorf("%s, stream (-want +got):\n%s", shape, diff)
		}
		first := make([]byte, len("first"))
		if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "first" {
			t.Errorf("%s: before its end we read %q, %v", shape, first, err)
		}
		release <- struct{}{}
		if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != "last" {
			t.Errorf("%s: then we read %q, %v", shape, rest, err)
		}
		_ = res.Body.Close()

		if res, err = open("/upgrade"); err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusSwitchingProtocols {
			t.Errorf("%s: an upgrade is answered with %d", shape, res.StatusCode)
		}
		if got, err := io.ReadAll(bufio.NewReader(res.Body)); err != nil || string(got) != "hello" {
			t.Errorf("%s: after the upgrade we read %q, %v", shape, got, err)
		}
		_ = res.Body.Close()
	}
}

// What the wrappers add to a handler of their shape, served over HTTP: the values of their headers,
// in one allocation.
func TestWrappersAllocate(t *testing.T) {
	text := fetch.Must(fetch.Text("x"))
	native := shapes{
		http:   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) },
		reqres: func(_ *reqres.Request, res *reqres.Response) error { return res.Send("x") },
		fetch:  func(*fetch.Request) (*fetch.Response, error) { return text, nil },
	}
	most := map[string]float64{"http": 1, "reqres": 1, "fetch": 2}
	policy := mustPolicy(t, cors.Config{Origins: []string{app}, Credentials: true, ExposedHeaders: []string{"X-A"}, MaxAge: time.Hour})
	plain := native.under(cors.Off())
	for shape, h := range native.under(policy) {
		for what, origin := range map[string][]string{"allowed": {app}, "not allowed": {"https://evil.org"}, "no origin": nil} {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header["Origin"] = origin
			w := &sink{make(http.Header, 8)}
			count := func(h http.Handler) float64 {
				return testing.AllocsPerRun(100, func() { w.reset(); h.ServeHTTP(w, r) })
			}
			if added := count(h) - count(plain[shape]); added > most[shape] {
				t.Errorf("%s, %s: %v allocations are added, want at most %v", shape, what, added, most[shape])
			}
		}
	}
}

// A handler that takes Origin out of its request is granted what it has left, which is never more
// than what the client asked for: nothing in the reqres shape, where the origin is read when the
// head goes out.
func TestOriginThatAHandlerTakesAway(t *testing.T) {
	h := appPolicy(t).ReqRes(func(req *reqres.Request, res *reqres.Response) error {
		req.HTTP().Header.Del("Origin")
		return res.Send("x")
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, fromApp("GET"))
	if diff := cmp.Diff(http.Header{"Vary": {"Origin"}}, ofProtocol(w.Result().Header)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
