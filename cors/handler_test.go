package cors_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
)

const app = "https://app.example"

func appPolicy(t testing.TB) *cors.Policy {
	return mustPolicy(t, cors.Config{Origins: []string{app}, Credentials: true, ExposedHeaders: []string{"X-A"}})
}

// whatAppGets is the answer to app under appPolicy, whatever the handler does.
var whatAppGets = map[string][]string{
	"Access-Control-Allow-Origin":      {app},
	"Access-Control-Allow-Credentials": {"true"},
	"Access-Control-Expose-Headers":    {"x-a"},
	"Vary":                             {"origin"},
}

func fromApp(method string) *http.Request {
	r := httptest.NewRequest(method, "https://api.example/x", nil)
	r.Header.Set("Origin", app)
	return r
}

// The policy owns its headers when they are committed, however a handler comes to that point and
// whatever it did before.
func TestHandlerCommits(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"writes nothing":  func(http.ResponseWriter, *http.Request) {},
		"writes":          func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) },
		"writes a string": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") },
		"copies":          func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("x")) },
		"copies a plain reader": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, struct{ io.Reader }{strings.NewReader("x")})
		},
		"fails":                 func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) },
		"answers 304":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"redirects":             func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/y", http.StatusFound) },
		"flushes":               func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() },
		"flushes by controller": func(w http.ResponseWriter, _ *http.Request) { _ = http.NewResponseController(w).Flush() },
		"forgets the origin":    func(w http.ResponseWriter, r *http.Request) { r.Header.Del("Origin"); w.WriteHeader(200) },
		"sets its own": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Methods", "GET")
			w.Header().Set("Access-Control-Max-Age", "5")
			w.WriteHeader(200)
		},
		"adds its own": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Access-Control-Allow-Origin", app)
			w.Header().Add("Access-Control-Allow-Origin", app)
		},
		"spells its own in lower case": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["access-control-allow-origin"] = []string{"*"}
			w.Header()["ACCESS-CONTROL-ALLOW-PRIVATE-NETWORK"] = []string{"true"}
		},
		"sets Vary to it": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Vary", "Origin") },
		"sets headers too late": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			w.Header().Set("Access-Control-Allow-Origin", "*")
		},
	} {
		w := httptest.NewRecorder()
		appPolicy(t).Handler(handler).ServeHTTP(w, fromApp("GET"))
		if diff := cmp.Diff(whatAppGets, normal(w.Result().Header)); diff != "" {
			t.Errorf("a handler that %s (-want +got):\n%s", name, diff)
		}
		for header := range w.Result().Header {
			if header != textproto.CanonicalMIMEHeaderKey(header) {
				t.Errorf("a handler that %s: header %q is left", name, header)
			}
		}
	}
}

// A recovering middleware outside makes a response of a panic; a script has to be able to read it.
func TestHandlerPanics(t *testing.T) {
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is gone")
			}
			w.WriteHeader(http.StatusInternalServerError)
		}()
		appPolicy(t).Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })).ServeHTTP(w, fromApp("GET"))
	}()
	if diff := cmp.Diff(whatAppGets, normal(w.Result().Header)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReplacedAreCounted(t *testing.T) {
	p := appPolicy(t)
	h := http.Header{"Access-Control-Allow-Origin": {"*", "null"}, "access-control-allow-methods": {"GET"}, "Content-Type": {"text/plain"}, "Vary": {"Accept"}}
	if n := p.Apply(h, cors.Request{}); n != 2 {
		t.Errorf("Apply replaced %d headers, want 2", n)
	}
	if diff := cmp.Diff(http.Header{"Content-Type": {"text/plain"}, "Vary": {"Accept", "Origin"}}, h); diff != "" {
		t.Errorf("what is left for a stranger (-want +got):\n%s", diff)
	}
	own := p.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", app) // the right value is still one that the policy would have sent
	}))
	own.ServeHTTP(httptest.NewRecorder(), fromApp("GET"))
	p.Handler(nothing).ServeHTTP(httptest.NewRecorder(), fromApp("GET"))
	if n := p.Replaced(); n != 3 {
		t.Errorf("Replaced() = %d, want 3", n)
	}
}

func TestOffDoesNothing(t *testing.T) {
	for name, p := range map[string]*cors.Policy{"Off": cors.Off(), "nil": nil, "zero": new(cors.Policy)} {
		if !p.IsOff() || p.AllowsOrigin(app) || p.Replaced() != 0 {
			t.Errorf("%s: IsOff = %t, AllowsOrigin = %t, Replaced = %d", name, p.IsOff(), p.AllowsOrigin(app), p.Replaced())
		}
		for note := range p.Notes() {
			t.Errorf("%s has a note: %v", name, note)
		}
		h := http.Header{"Access-Control-Allow-Origin": {"*"}}
		if n := p.Apply(h, asking); n != 0 || len(h) != 1 {
			t.Errorf("%s: Apply returns %d and leaves %v", name, n, h)
		}
		if status := p.Preflight("GET").Answer(h, asking); status != http.StatusForbidden || len(h) != 1 {
			t.Errorf("%s: Answer returns %d and leaves %v", name, status, h)
		}
		if a := ask(p, "OPTIONS", http.Header{"Origin": {app}, "Access-Control-Request-Method": {"PUT"}}); !a.HandlerCalled || len(a.Headers) != 0 {
			t.Errorf("%s: a preflight gets %+v, want what the handler says to OPTIONS", name, a)
		}
	}
	if appPolicy(t).IsOff() {
		t.Error("a policy with an origin is off")
	}
}

// What can only be seen on a connection.
func TestHandlerOverHTTP(t *testing.T) {
	release := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		_ = http.NewResponseController(w).Flush()
		<-release
		_, _ = io.WriteString(w, "last")
	})
	mux.HandleFunc("/hints", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</x.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("/upgrade", func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\nhello")
		_ = buf.Flush()
	})
	mux.HandleFunc("/deadline", func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
			t.Errorf("SetWriteDeadline behind the policy: %v", err)
		}
	})
	server := httptest.NewServer(appPolicy(t).Handler(mux))
	defer server.Close()
	get := func(path string, trace *httptrace.ClientTrace) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", app)
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		if diff := cmp.Diff(whatAppGets, normal(res.Header)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		return res
	}

	res := get("/stream", &httptrace.ClientTrace{})
	first := make([]byte, len("first"))
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "first" {
		t.Errorf("stream: before its end we read %q, %v", first, err)
	}
	close(release)
	if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != "last" {
		t.Errorf("stream: then we read %q, %v", rest, err)
	}

	hints := 0
	get("/hints", &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		hints++
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Error("an interim response speaks CORS: the header is committed too early")
		}
		return nil
	}})
	if hints != 1 {
		t.Errorf("%d interim responses arrive, want 1", hints)
	}
	get("/deadline", &httptrace.ClientTrace{})

	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET /upgrade HTTP/1.1\r\nHost: x\r\nOrigin: "+app+"\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n")
	raw, err := io.ReadAll(bufio.NewReader(conn))
	if err != nil || !strings.HasSuffix(string(raw), "\r\n\r\nhello") {
		t.Errorf("upgrade: the client reads %q, %v", raw, err)
	}
}

// The optional methods exist for handlers that ask by type assertion; what is not there underneath
// stays unsupported.
func TestHandlerOptionalMethods(t *testing.T) {
	appPolicy(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, _, err := w.(http.Hijacker).Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("Hijack of a writer without one: %v, want http.ErrNotSupported", err)
		}
		if err := http.NewResponseController(w).Flush(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("Flush of a writer without one: %v, want http.ErrNotSupported", err)
		}
	})).ServeHTTP(&sink{make(http.Header)}, fromApp("GET"))
}

// At most one allocation for each response: the writer with its values, or the values of a
// preflight's answer.
func TestAllocations(t *testing.T) {
	full := mustPolicy(t, cors.Config{Origins: []string{app, "https://*.example.org"}, Credentials: true, Methods: []string{"*"}, RequestHeaders: []string{"*"}, ExposedHeaders: []string{"X-A"}, MaxAge: time.Hour, PublicSuffixes: suffixes{}})
	public := mustPolicy(t, cors.Config{Origins: []string{"*"}, ExposedHeaders: []string{"*"}})
	vary := []string{"Accept"}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Vary"] = vary
		w.WriteHeader(200)
	})
	preflight := http.Header{"Origin": {app}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"x-a", "x-b"}}
	for name, p := range map[string]*cors.Policy{"full": full, "public": public} {
		h := p.Handler(handler)
		for what, r := range map[string]*http.Request{
			"actual":               {Method: "GET", Header: http.Header{"Origin": {app}}},
			"actual, subdomain":    {Method: "GET", Header: http.Header{"Origin": {"https://a.b.example.org"}}},
			"actual, no origin":    {Method: "GET", Header: http.Header{}},
			"actual, not allowed":  {Method: "GET", Header: http.Header{"Origin": {"https://evil.org"}}},
			"preflight":            {Method: "OPTIONS", Header: preflight},
			"preflight, forbidden": {Method: "OPTIONS", Header: http.Header{"Origin": {"https://evil.org"}, "Access-Control-Request-Method": {"PUT"}}},
		} {
			w := &sink{make(http.Header, 8)}
			if n := testing.AllocsPerRun(50, func() { w.reset(); h.ServeHTTP(w, r) }); n > 1 {
				t.Errorf("%s, %s: %v allocations, want at most 1", name, what, n)
			}
		}
	}
}
