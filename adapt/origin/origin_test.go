package origin_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/origin"
	"github.com/crossfade-go/crossfade/fetch"
)

func newApp(t *testing.T, c origin.Config) adapt.App {
	t.Helper()
	app, err := origin.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func backend(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// front serves the app under a prefix.
func front(t *testing.T, c adapt.Config, prefix string, app adapt.App) *httptest.Server {
	t.Helper()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	mux, err := c.New(func(r *adapt.Routes) { r.Legacy(prefix, app) })
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(mux)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// The back end is told who asks, how and for what, and nothing that a client has made up.
func TestForwarded(t *testing.T) {
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, r.Host, r.Header["X-Forwarded-For"], r.Header["X-Forwarded-Proto"], r.Header["X-Forwarded-Host"], r.Header["X-Forwarded-Prefix"], r.Header["Forwarded"], r.RequestURI)
	})
	app := newApp(t, origin.Config{URL: url})
	claims := map[string]string{"X-Forwarded-For": "9.9.9.9, 8.8.8.8", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example", "X-Forwarded-Prefix": "/evil"}
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("8.8.0.0/16")}
	for _, tt := range []struct {
		rule, prefix string
		config       adapt.Config
		header       map[string]string
		target, want string
	}{
		{"of a client its address", "/", adapt.Config{}, nil, "/a?b=1", "svc.example [127.0.0.1] [http] [svc.example] [] [] /a?b=1"},
		{"claims of a client count for nothing", "/", adapt.Config{}, claims, "/a", "svc.example [127.0.0.1] [http] [svc.example] [] [] /a"},
		{"claims of a trusted balancer are handed on", "/", adapt.Config{TrustedProxies: trusted}, claims, "/a", "shop.example [9.9.9.9, 8.8.8.8, 127.0.0.1] [https] [shop.example] [] [] /a"},
		{"the prefix is told", "/web/", adapt.Config{}, nil, "/web/a", "svc.example [127.0.0.1] [http] [svc.example] [/web] [] /a"},
		{"the query stays as it was sent", "/", adapt.Config{}, nil, "/a?a=b;c=%zz&d", "svc.example [127.0.0.1] [http] [svc.example] [] [] /a?a=b;c=%zz&d"},
		{"and an empty one", "/", adapt.Config{}, nil, "/a?", "svc.example [127.0.0.1] [http] [svc.example] [] [] /a?"},
		{"the path stays as it was sent", "/", adapt.Config{}, nil, "/a|b/%7e%2F//c", "svc.example [127.0.0.1] [http] [svc.example] [] [] /a|b/%7e%2F//c"},
	} {
		s := front(t, tt.config, tt.prefix, app)
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: svc.example\r\nConnection: close\r\n", tt.target)
		for name, value := range tt.header {
			fmt.Fprintf(conn, "%s: %s\r\n", name, value)
		}
		io.WriteString(conn, "\r\n")
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		conn.Close()
		if got := strings.TrimSpace(string(body)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.rule, got, tt.want)
		}
	}
}

// A back end that answers for a host of its own is asked for that.
func TestHost(t *testing.T) {
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Host, " ", r.Header.Get("X-Forwarded-Host"))
	})
	s := front(t, adapt.Config{}, "/", newApp(t, origin.Config{URL: url, Host: "inner.example"}))
	res, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if want := "inner.example " + s.Listener.Addr().String(); string(body) != want {
		t.Errorf("got %q, want %q", body, want)
	}
}

// Under a prefix, what an answer says about its own address gets it.
func TestLocations(t *testing.T) {
	var location, cookie string
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Location"] = []string{strings.ReplaceAll(location, "HOST", r.Host)}
		w.Header()["Set-Cookie"] = []string{cookie}
		w.WriteHeader(302)
	})
	plain := front(t, adapt.Config{}, "/", newApp(t, origin.Config{URL: url}))
	below := front(t, adapt.Config{}, "/web", newApp(t, origin.Config{URL: url}))
	based := front(t, adapt.Config{}, "/web", newApp(t, origin.Config{URL: url + "/base"}))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, tt := range []struct {
		front              *httptest.Server
		location, want     string
		cookie, wantCookie string
	}{
		{plain, "/login?x", "/login?x", "a=b; Path=/", "a=b; Path=/"},
		{plain, "http://HOST/login", "http://HOST/login", "a=b", "a=b"},
		{plain, url + "/login", "/login", "a=b", "a=b"},
		{plain, strings.Replace(url, "//", "//u:p@", 1) + "/login", "/login", "a=b", "a=b"},
		{below, "http://u:p@HOST/login", "http://u:p@HOST/web/login", "a=b", "a=b"},
		{plain, "https://elsewhere.example/x", "https://elsewhere.example/x", "a=b", "a=b"},
		{below, "/login?x#y", "/web/login?x#y", "a=b; Path=/; HttpOnly", "a=b; Path=/web; HttpOnly"},
		{below, "login", "login", "a=b; path=/in/; Secure", "a=b; path=/web/in; Secure"},
		{below, "?q", "?q", "a=b; HttpOnly", "a=b; HttpOnly"},
		{below, "http://HOST/login", "http://HOST/web/login", "a=/; Path=", "a=/; Path="},
		{below, "//HOST", "//HOST/web/", "a=b", "a=b"},
		{below, url, "/web/", "a=b", "a=b"},
		{below, "//elsewhere.example/x", "//elsewhere.example/x", "a=b; Domain=example.com; Path=/x", "a=b; Domain=example.com; Path=/web/x"},
		{below, "mailto:a@b.c", "mailto:a@b.c", "a=b", "a=b"},
		{based, "/base/login", "/web/login", "a=b", "a=b"},
		{based, "/base", "/web/", "a=b", "a=b"},
		{based, "/basement", "/web/basement", "a=b", "a=b"},
	} {
		location, cookie = tt.location, tt.cookie
		prefix := "/web"
		if tt.front == plain {
			prefix = ""
		}
		res, err := client.Get(tt.front.URL + prefix + "/x")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		host := tt.front.Listener.Addr().String()
		if got, want := res.Header.Get("Location"), strings.ReplaceAll(tt.want, "HOST", host); got != want {
			t.Errorf("under %q Location %s becomes %s, want %s", prefix, tt.location, got, want)
		}
		if got := res.Header.Get("Set-Cookie"); got != tt.wantCookie {
			t.Errorf("under %q the cookie %s becomes %s, want %s", prefix, tt.cookie, got, tt.wantCookie)
		}
	}
}

type logged struct{ bytes.Buffer }

// What goes wrong before the head is an answer of the mux, and in its log; after it the connection
// is cut.
func TestFailures(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	silent := backend(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			select {
			case <-release:
			case <-r.Context().Done():
			}
		case "/drop":
			panic(http.ErrAbortHandler)
		case "/half":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "/chunks":
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	})
	dead := httptest.NewServer(http.NotFoundHandler())
	for _, tt := range []struct {
		rule, url, path string
		timeout         time.Duration
		status          int
		log             string
	}{
		{"nobody listens", dead.URL, "/", 0, 502, "express at " + dead.URL + " did not answer"},
		{"no head in time", silent, "/slow", 200 * time.Millisecond, 504, "express at " + silent + " was too slow"},
		{"dropped before the head", silent, "/drop", 0, 502, "express at " + silent + " did not answer"},
	} {
		var log logged
		config := adapt.Config{
			Logger: slog.New(slog.NewTextHandler(&log, nil)),
			ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
				status := 500
				if e, ok := errors.AsType[interface {
					error
					StatusCode() int
				}](err); ok {
					status = e.StatusCode()
				}
				return fetch.Must(fetch.Text("our page", fetch.Status(status)))
			},
		}
		s := front(t, config, "/", newApp(t, origin.Config{URL: tt.url, Kind: origin.Express, Timeout: tt.timeout}))
		dead.Close() // now that nobody else can get its port
		res, err := http.Get(s.URL + tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.rule, err)
			continue
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		s.Close()
		if res.StatusCode != tt.status || string(body) != "our page" || !strings.Contains(log.String(), tt.log) {
			t.Errorf("%s: %d %q, log %s", tt.rule, res.StatusCode, body, &log)
		}
	}
	s := front(t, adapt.Config{}, "/", newApp(t, origin.Config{URL: silent}))
	for _, path := range []string{"/half", "/chunks"} {
		res, err := http.Get(s.URL + path)
		if err != nil {
			continue // cut before the head
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err == nil {
			t.Errorf("%s: half an answer looks whole: %q", path, body)
		}
	}
}

// In process there is no connection to cut, and half an answer does not look whole either.
func TestFailureInProcess(t *testing.T) {
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) { r.Legacy("/", newApp(t, origin.Config{URL: url})) })
	if err != nil {
		t.Fatal(err)
	}
	res, err := mux.Fetch(fetch.NewRequest("GET", "/x"))
	if err == nil {
		_, err = res.Bytes()
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}

// Informational answers of the back end reach the client, but for 100 Continue, which the server
// itself says once when the body is read; and they take nothing of what middleware has set.
func TestInformational(t *testing.T) {
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		body, _ := io.ReadAll(r.Body) // says 100 Continue
		w.Header().Set("X-Back", "end")
		w.Write(body)
	})
	app := newApp(t, origin.Config{URL: url})
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		r.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Middleware", "kept")
				next.ServeHTTP(w, r)
			})
		})
		r.Legacy("/", app)
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	for range 200 { // the two that say 100 Continue race
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, "PUT / HTTP/1.1\r\nHost: svc.example\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
		var got []string
		for r := bufio.NewReader(conn); ; {
			res, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			got = append(got, strings.TrimSpace(fmt.Sprint(res.StatusCode, " ", res.Header.Get("Link"), res.Header.Get("X-Back"), " ", res.Header.Get("X-Middleware"), " ", string(body))))
			if res.StatusCode == http.StatusContinue {
				io.WriteString(conn, "body")
			}
			if res.StatusCode >= 200 {
				break
			}
		}
		conn.Close()
		slices.Sort(got) // a back end that takes a second for its 100 Continue is sent the body without
		if diff := cmp.Diff([]string{"100", "103 </a.css>; rel=preload kept", "200 end kept body"}, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// A body that the client sends wrongly or in part is its mistake: the back end is not dead.
func TestBrokenBodies(t *testing.T) {
	app := newApp(t, origin.Config{URL: backend(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })})
	s := front(t, adapt.Config{}, "/", app)
	for _, body := range []string{"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n9\r\nabc"} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, "POST / HTTP/1.1\r\nHost: svc.example\r\n"+body)
		ends := strings.HasSuffix(body, "abc")
		if ends {
			conn.(*net.TCPConn).CloseWrite()
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		if res.StatusCode != 400 && !ends || res.StatusCode >= 502 || !app.Healthy() { // whoever ends may count as gone
			t.Errorf("%q: %s, the back end counts as healthy: %v", body, res.Status, app.Healthy())
		}
	}
}

// What stands beside the body goes through: trailers of the request, and no type that the back end
// has not named.
func TestAsSent(t *testing.T) {
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		io.Copy(w, r.Body)
		fmt.Fprint(w, r.Trailer)
	})
	s := front(t, adapt.Config{}, "/", newApp(t, origin.Config{URL: url}))
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: svc.example\r\nConnection: close\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n0\r\nX-Sum: 7\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if got := string(body); got != "<p>map[X-Sum:[7]]" || res.Header["Content-Type"] != nil {
		t.Errorf("%q, Content-Type: %q", got, res.Header["Content-Type"])
	}
}

// A client that leaves is not a failure of the back end.
func TestClientLeaves(t *testing.T) {
	entered, left := make(chan struct{}), make(chan struct{})
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
		close(left)
	})
	app := newApp(t, origin.Config{URL: url})
	s := front(t, adapt.Config{}, "/", app)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	if _, err := http.DefaultClient.Do(req); err == nil {
		t.Error("the client has an answer")
	}
	select {
	case <-left:
	case <-time.After(20 * time.Second):
		t.Error("the back end does not see that the client has left")
	}
	if !app.Healthy() {
		t.Error("the back end counts as dead")
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

func TestHealthy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	app := newApp(t, origin.Config{URL: "http://" + addr})
	if !app.Healthy() {
		t.Error("what nobody has asked yet counts as dead")
	}
	l.Close()
	eventually(t, "a dead back end counts as healthy", func() bool { return !app.Healthy() })
	l, err = net.Listen("tcp", addr)
	if err != nil {
		t.Skip("the port is taken: ", err)
	}
	defer l.Close()
	eventually(t, "a back end that is up again counts as dead", app.Healthy)
}

// What the last request has shown is known at once.
func TestHealthyAfterRequest(t *testing.T) {
	dead := httptest.NewServer(http.NotFoundHandler())
	app := newApp(t, origin.Config{URL: dead.URL})
	s := front(t, adapt.Config{}, "/", app)
	dead.Close()
	res, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if app.Healthy() {
		t.Error("a back end that has just refused counts as healthy")
	}
}

func TestHealthPath(t *testing.T) {
	status := make(chan int, 1)
	status <- 503
	url := backend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("the probe asks for %s", r.URL.Path)
		}
		s := <-status
		status <- s
		w.WriteHeader(s)
	})
	app := newApp(t, origin.Config{URL: url, Health: "/healthz"})
	eventually(t, "503 counts as healthy", func() bool { return !app.Healthy() })
	<-status
	status <- 404
	eventually(t, "404 counts as dead", app.Healthy)
}

func TestMistakes(t *testing.T) {
	for _, c := range []origin.Config{
		{}, {URL: "127.0.0.1:3000"}, {URL: "ftp://x"}, {URL: "http://"}, {URL: "http://x/?q"}, {URL: "http://u:secret@x"}, {URL: "http://u:secret@x/%zz"}, {URL: "http://u:secret/@x"}, {URL: "u:secret@x"},
		{URL: "http://x", Kind: 9},
		{URL: "http://x", Health: "healthz"}, {URL: ":"},
	} {
		if _, err := origin.New(c); err == nil || !strings.HasPrefix(err.Error(), "origin: ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	_, err := origin.New(origin.Config{Kind: 9, Health: "x"})
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d mistakes are named, want 3: %v", n, err)
	}
}

func TestApp(t *testing.T) {
	for kind, want := range map[origin.Kind]string{origin.Plain: "origin ", origin.Express: "express application/json; charset=utf-8", origin.NextJS: "next application/json"} {
		app := newApp(t, origin.Config{URL: "http://x", Kind: kind})
		if got := app.Name + " " + app.JSON; got != want {
			t.Errorf("kind %d: %q, want %q", kind, got, want)
		}
		if err := app.Rules.Validate(); err != nil {
			t.Error(err)
		}
	}
	if d := cmp.Diff("other", newApp(t, origin.Config{URL: "http://x", Name: "other"}).Name); d != "" {
		t.Error(d)
	}
}
