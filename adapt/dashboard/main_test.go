package dashboard_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestMain(m *testing.M) { leak.Main(m) }

// service is a mux with the page in it, on a real server. Who asks and with which level is what the
// header As says: "ada raise"; "-" has no name.
type service struct {
	t   *testing.T
	mux *adapt.Mux
	url string // of the page
	log *lines

	mu   sync.Mutex
	bad  bool // new fails
	caps map[string]dashboard.Level
}

const users, orders = "GET /users/:id", "POST /orders"

var levels = map[string]dashboard.Level{"none": dashboard.None, "read": dashboard.Read, "lower": dashboard.Lower, "raise": dashboard.Raise, "odd": 99}

func (s *service) who(r *http.Request) (string, dashboard.Level) {
	by, level, _ := strings.Cut(r.Header.Get("As"), " ")
	by = strings.TrimPrefix(by, "-")
	s.mu.Lock()
	defer s.mu.Unlock()
	if cap, capped := s.caps[by]; capped {
		return by, cap
	}
	return by, levels[level]
}

func (s *service) cap(by string, level dashboard.Level) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.caps[by] = level
}

func (s *service) fail(bad bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bad = bad
}

// start starts a service with a pair that is read and one that is written, and more routes.
func start(t *testing.T, c dashboard.Config, more ...func(*adapt.Routes)) *service {
	t.Helper()
	s := &service{t: t, log: new(lines), caps: map[string]dashboard.Level{}}
	if c.Authorize == nil {
		c.Authorize = s.who
	}
	keys := migrate.Config{Key: migrate.HeaderKey("Key"), Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, MaxConcurrent: 64, Control: -1}}
	routes := func(r *adapt.Routes) {
		r.Mount("/admin/m", dashboard.New(c))
		r.Scope(adapt.Scope{Owner: "people", Migration: keys}, func(r *adapt.Routes) {
			r.Migrate("GET", "/users/:id", s.oldUser, s.newUser)
		})
		r.Scope(adapt.Scope{Owner: "money", Migration: migrate.Config{Key: keys.Key, Shadow: keys.Shadow}}, func(r *adapt.Routes) {
			r.Migrate("POST", "/orders", s.oldUser, s.newUser)
		})
		r.ReqRes.GET("/users/me", s.oldUser)
		r.Fetch.GET("/done", s.newUser)
	}
	var err error
	s.mux, err = adapt.Config{Logger: slog.New(slog.NewTextHandler(s.log, nil))}.New(append([]func(*adapt.Routes){routes}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.mux)
	s.url = server.URL + "/admin/m/"
	t.Cleanup(func() {
		server.Close()
		if err := s.mux.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return s
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s *service) oldUser(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(user{req.Param("id"), "Ada"})
}

func (s *service) newUser(req *fetch.Request) (*fetch.Response, error) {
	s.mu.Lock()
	bad := s.bad
	s.mu.Unlock()
	switch {
	case bad:
		return nil, fetch.Errorf(500, "planted")
	case req.Param("id") == "13":
		return fetch.JSON(user{"13", "Bob"})
	}
	return fetch.JSON(user{req.Param("id"), "Ada"})
}

func (s *service) pair(name string) *migrate.Pair {
	s.t.Helper()
	p, ok := s.mux.Migration(name)
	if !ok {
		s.t.Fatalf("there is no pair %q", name)
	}
	return p
}

func (s *service) set(name string, stage migrate.Stage, share float64) {
	s.t.Helper()
	plan := migrate.Plan{Stage: stage, Share: share}
	if err := s.pair(name).Set(plan, "test"); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the plan is seen, from when on counts are of it", func() bool {
		return decoded[opened](s, "x read", pairPath("v1/pair", name)).Row.Plan == plan
	})
}

// answer is what a client gets.
type answer struct {
	status int
	header http.Header
	body   string
}

// into decodes the body.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Errorf("%v in %d %s", err, a.status, a.body)
	}
}

// ask sends a request, with headers as "Name: value".
func (s *service) ask(as, method, path, body string, headers ...string) answer {
	s.t.Helper()
	target := s.url + path
	if strings.HasPrefix(path, "/") {
		target = strings.TrimSuffix(s.url, "/admin/m/") + path
	}
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("As", as)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

// traffic asks for n users, each with a key of its own, and returns how many were failures.
func (s *service) traffic(n int) (failed int) {
	s.t.Helper()
	for i := range n {
		if a := s.ask("", "GET", "/users/7", "", fmt.Sprintf("Key: %d", i)); a.status >= 500 {
			failed++
		}
	}
	return failed
}

// eventually waits for what happens beside the requests.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never happened: %s", what)
		}
	}
}

// decoded is the JSON of a path.
func decoded[T any](s *service, as, path string) (v T) {
	s.t.Helper()
	s.ask(as, "GET", path, "").into(s.t, &v)
	return v
}

func pairPath(path, name string) string { return path + "?pair=" + url.QueryEscape(name) }

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// listen serves on a free port, and returns its URL.
func listen(t *testing.T, server *http.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	return "http://" + l.Addr().String()
}

func hostileOld(text string) reqres.Handler {
	return func(_ *reqres.Request, res *reqres.Response) error { return res.JSON(map[string]string{"a": text}) }
}

func hostileNew(text string) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(map[string]any{"a": text + "!", "b" + text: text})
	}
}
